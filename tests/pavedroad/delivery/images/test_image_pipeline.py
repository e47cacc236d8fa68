from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_imagebuilder as imagebuilder
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template
from constructs import IConstruct

from pavedroad import ContainerRepository, ImagePipeline
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.delivery.images.components import ImageComponent
from pavedroad.delivery.images.distribution import ImageCopy, ImageSharing
from pavedroad.delivery.images.recipes import ContainerOutput
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]

AGENT = ImageComponent(name="agent", document="schemaVersion: 1.0\nphases: [{name: build}]")
WORKS = ImageComponent(name="works", document="schemaVersion: 1.0\nphases: [{name: test}]")
KEY = {"Fn::GetAtt": ["ImageKey35783766", "Arn"]}
ORGANIZATION = "arn:aws:organizations::111111111111:organization/o-abcde12345"
ABROAD = ImageCopy(region="eu-central-1", encryption_key_arn="arn:aws:kms:eu-central-1:111111111111:key/abc")


def network(scope: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        scope,
        "Network",
        vpc_id="vpc-1",
        availability_zones=["eu-west-1a"],
        public_subnet_ids=["subnet-public"],
        public_subnet_route_table_ids=["rtb-public"],
        private_subnet_ids=["subnet-private"],
        private_subnet_route_table_ids=["rtb-private"],
    )


def pipeline(stack: cdk.Stack, **arguments: Any) -> ImagePipeline:
    return ImagePipeline(stack, "Image", **arguments, **({} if "vpc" in arguments else {"vpc": network(stack)}))


def container(stack: cdk.Stack, **arguments: Any) -> ImagePipeline:
    output = ContainerOutput(repository=ContainerRepository(stack, "Repository").repository)
    return pipeline(stack, container=output, test_components=[WORKS], **arguments)


def only(stack: cdk.Stack, kind: str) -> dict[str, Any]:
    [resource] = Template.from_stack(stack).find_resources(f"AWS::{kind}").values()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def steps(properties: dict[str, Any]) -> list[str]:
    """The names of a recipe's components, or the logical ids of own ones."""
    arns = [each["ComponentArn"] for each in properties["Components"]]
    return [arn["Fn::GetAtt"][0] if "Fn::GetAtt" in arn else arn["Fn::Join"][1][-1].split("/")[1] for arn in arns]


def build_policy(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    """The statements of the build instances' role, by their ids."""
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy")
    [policy] = [it for name, it in policies.items() if name.startswith("ImageRolePolicy")]
    return {it["Sid"]: it for it in policy["Properties"]["PolicyDocument"]["Statement"] if "Sid" in it}


def warnings(stack: cdk.Stack) -> list[str]:
    found = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    return [str(each.entry.data) for each in found if "pavedroad:" in str(each.entry.data)]


@pytest.fixture
def topic(stack: cdk.Stack) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Alarms", "arn:aws:sns:eu-west-1:111111111111:alarms")


class TestMachineImage:
    def test_is_amazon_linux_updated_hardened_and_tested(self, stack: cdk.Stack) -> None:
        pipeline(stack)
        recipe = only(stack, "ImageBuilder::ImageRecipe")
        assert recipe["ParentImage"]["Fn::Join"][1][-1] == ":aws:image/amazon-linux-2023-x86/x.x.x"
        assert steps(recipe) == [
            "update-linux",
            "stig-build-linux-high",
            "simple-boot-test-linux",
            "reboot-test-linux",
        ]

    def test_own_components_come_after_the_hardening_and_own_tests_last(self, stack: cdk.Stack) -> None:
        made = pipeline(stack, components=[AGENT], test_components=[WORKS], hardening="low")
        own = [stack.get_logical_id(component) for component in made.components]
        assert steps(only(stack, "ImageBuilder::ImageRecipe")) == [
            "update-linux",
            "stig-build-linux-low",
            own[0],
            "simple-boot-test-linux",
            "reboot-test-linux",
            own[1],
        ]
        components = Template.from_stack(stack).find_resources("AWS::ImageBuilder::Component").values()
        assert [it["Properties"]["KmsKeyId"] for it in components] == [KEY, KEY]
        assert [it["Properties"]["Data"] for it in components] == [AGENT.document, WORKS.document]

    def test_has_an_encrypted_volume(self, stack: cdk.Stack) -> None:
        pipeline(stack, volume_size=50)
        [volume] = only(stack, "ImageBuilder::ImageRecipe")["BlockDeviceMappings"]
        assert volume["Ebs"] == {
            "DeleteOnTermination": True,
            "Encrypted": True,
            "KmsKeyId": KEY,
            "VolumeSize": 50,
            "VolumeType": "gp3",
        }

    def test_another_base_and_architecture(self, stack: cdk.Stack) -> None:
        pipeline(stack, base_image="ssm:/images/base", architecture="arm64")
        assert only(stack, "ImageBuilder::ImageRecipe")["ParentImage"] == "ssm:/images/base"
        types = only(stack, "ImageBuilder::InfrastructureConfiguration")["InstanceTypes"]
        assert types == ["m7g.large", "m6g.large"]

    def test_stays_in_its_region_and_account_with_its_id_in_a_parameter(self, stack: cdk.Stack) -> None:
        made = pipeline(stack)
        [distribution] = only(stack, "ImageBuilder::DistributionConfiguration")["Distributions"]
        assert distribution["Region"] == {"Ref": "AWS::Region"}
        assert distribution["AmiDistributionConfiguration"]["KmsKeyId"] == KEY
        assert "LaunchPermissionConfiguration" not in distribution["AmiDistributionConfiguration"]
        [parameter] = distribution["SsmParameterConfigurations"]
        assert parameter["ParameterName"] == stack.resolve(made.image_parameter_name)
        assert parameter["ParameterName"]["Fn::Join"][1][0] == "/imagebuilder/image-"
        assert parameter["DataType"] == "aws:ec2:image"

    def test_is_copied_and_shared_with_the_use_of_its_key(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        sharing = ImageSharing(accounts=["222222222222"], organization_arn=ORGANIZATION)
        pipeline(stack, copies=[ABROAD], sharing=sharing, parameter_name="/imagebuilder/base")
        here, abroad = only(stack, "ImageBuilder::DistributionConfiguration")["Distributions"]
        assert abroad["Region"] == "eu-central-1"
        assert abroad["AmiDistributionConfiguration"]["KmsKeyId"] == ABROAD.encryption_key_arn
        for each in (here, abroad):
            assert each["SsmParameterConfigurations"][0]["ParameterName"] == "/imagebuilder/base"
            assert each["AmiDistributionConfiguration"]["LaunchPermissionConfiguration"] == {
                "UserIds": ["222222222222"],
                "OrganizationArns": [ORGANIZATION],
            }
        shared = [it for it in only(stack, "KMS::Key")["KeyPolicy"]["Statement"] if "AWS" in it["Principal"]][1:]
        assert [it["Action"] == "kms:CreateGrant" for it in shared] == [False, True, False, True]
        assert all("222222222222" in str(it["Principal"]) for it in shared[:2])
        organization = {"StringEquals": {"aws:PrincipalOrgID": "o-abcde12345"}}
        for_aws = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
        by_ec2 = {"StringLike": {"kms:ViaService": "ec2.*.amazonaws.com"}}
        conditions = [by_ec2, for_aws, by_ec2 | organization, organization | for_aws]
        assert [it["Condition"] for it in shared] == conditions
        assert pack_findings(stack) == []


class TestContainerImage:
    def test_goes_to_its_repository_under_a_tag_that_is_used_once(self, stack: cdk.Stack) -> None:
        made = container(stack)
        [distribution] = only(stack, "ImageBuilder::DistributionConfiguration")["Distributions"]
        repository = only(stack, "ImageBuilder::ContainerRecipe")["TargetRepository"]
        assert repository["RepositoryName"] == {"Ref": stack.get_logical_id(_repository(stack))}
        assert distribution["ContainerDistributionConfiguration"] == {
            "ContainerTags": ["{{ imagebuilder:buildDate }}"],
            "TargetRepository": repository,
        }
        assert made.image_parameter_name is None

    def test_has_no_root_user_and_is_built_on_an_encrypted_volume(self, stack: cdk.Stack) -> None:
        container(stack)
        recipe = only(stack, "ImageBuilder::ContainerRecipe")
        assert recipe["DockerfileTemplateData"].splitlines()[-1] == "USER 65532"
        assert recipe["ParentImage"] == "public.ecr.aws/amazonlinux/amazonlinux:2023"
        assert recipe["KmsKeyId"] == KEY
        [volume] = recipe["InstanceConfiguration"]["BlockDeviceMappings"]
        assert (volume["Ebs"]["Encrypted"], volume["Ebs"]["KmsKeyId"]) == (True, KEY)

    def test_is_hardened_and_tested_by_own_tests(self, stack: cdk.Stack) -> None:
        made = container(stack)
        assert steps(only(stack, "ImageBuilder::ContainerRecipe")) == [
            "update-linux",
            "stig-build-linux-high",
            stack.get_logical_id(made.components[0]),
        ]

    def test_its_instances_push_to_that_repository(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        made = container(stack)
        recipe = {"Fn::GetAtt": [stack.get_logical_id(made.recipe), "Arn"]}
        assert build_policy(stack)["ReadRecipe"]["Resource"] == recipe
        assert "ecr:PutImage" in str(Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy"))
        metadata = only(stack, "ImageBuilder::InfrastructureConfiguration")["InstanceMetadataOptions"]
        assert metadata == {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}
        assert pack_findings(stack) == []

    def test_old_ones_are_deleted(self, stack: cdk.Stack) -> None:
        container(stack)
        lifecycle = only(stack, "ImageBuilder::LifecyclePolicy")
        assert lifecycle["ResourceType"] == "CONTAINER_IMAGE"
        assert lifecycle["PolicyDetails"][0]["Action"]["IncludeResources"] == {"Containers": True}

    def test_there_is_no_parameter_to_read(self, stack: cdk.Stack) -> None:
        made = container(stack)
        with pytest.raises(ValueError, match="a pipeline of container images has no parameter"):
            made.grant_read_image_parameter(made)


def _repository(stack: cdk.Stack) -> cdk.CfnElement:
    resource = stack.node.find_child("Repository").node.find_child("Resource").node.default_child
    assert isinstance(resource, cdk.CfnElement)
    return resource


class TestBuildInstances:
    def test_have_no_key_pair_and_answer_with_a_token_one_hop_away(self, stack: cdk.Stack) -> None:
        pipeline(stack)
        instances = only(stack, "ImageBuilder::InfrastructureConfiguration")
        assert instances["InstanceMetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
        assert instances["TerminateInstanceOnFailure"] is True
        assert "KeyPair" not in instances

    def test_are_in_a_private_subnet_and_reach_https_only(self, stack: cdk.Stack) -> None:
        made = pipeline(stack)
        instances = only(stack, "ImageBuilder::InfrastructureConfiguration")
        assert instances["SubnetId"] == "subnet-private"
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::EC2::SecurityGroupIngress", 0)
        egress = only(stack, "EC2::SecurityGroupEgress")
        assert (egress["IpProtocol"], egress["FromPort"], egress["ToPort"]) == ("tcp", 443, 443)
        assert instances["SecurityGroupIds"] == [stack.resolve(made.security_group.security_group_id)]

    def test_may_read_components_and_write_the_one_log(self, stack: cdk.Stack) -> None:
        made = pipeline(stack, components=[AGENT])
        policy = build_policy(stack)
        assert set(policy) == {"ReadComponents", "FetchExecutor", "WriteLog", "DecryptComponents"}
        own, managed = sorted(policy["ReadComponents"]["Resource"], key=lambda arn: "Fn::Join" in arn)
        assert managed["Fn::Join"][1][-1] == ":aws:component/*"
        assert own == {"Fn::GetAtt": [stack.get_logical_id(made.components[0]), "Arn"]}
        assert policy["DecryptComponents"]["Resource"] == KEY
        assert "ImageLogs" in str(policy["WriteLog"]["Resource"])

    def test_can_be_granted_more(self, stack: cdk.Stack, topic: sns.ITopic) -> None:
        topic.grant_publish(pipeline(stack))
        assert "sns:Publish" in str(Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy"))


class TestPipeline:
    def test_builds_weekly_if_something_changed_and_tests_and_scans(self, stack: cdk.Stack) -> None:
        pipeline(stack)
        properties = only(stack, "ImageBuilder::ImagePipeline")
        assert properties["Schedule"] == {
            "PipelineExecutionStartCondition": "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE",
            "ScheduleExpression": "cron(0 4 ? * SUN *)",
            "Timezone": "Etc/UTC",
        }
        assert properties["ImageTestsConfiguration"]["ImageTestsEnabled"] is True
        assert properties["ImageScanningConfiguration"] == {"ImageScanningEnabled": True}
        assert properties["EnhancedImageMetadataEnabled"] is True
        assert properties["Status"] == "ENABLED"

    def test_logs_into_an_encrypted_group_that_is_kept(self, stack: cdk.Stack) -> None:
        made = pipeline(stack)
        group = stack.resolve(made.log_group.log_group_name)
        assert only(stack, "ImageBuilder::ImagePipeline")["LoggingConfiguration"] == {
            "ImageLogGroupName": group,
            "PipelineLogGroupName": group,
        }
        assert only(stack, "Logs::LogGroup")["KmsKeyId"] == KEY
        assert only(stack, "Logs::LogGroup")["LogGroupName"]["Fn::Join"][1][0] == "/aws/imagebuilder/image-"

    def test_deletes_old_images_of_its_own_that_nobody_launched_lately(self, stack: cdk.Stack) -> None:
        pipeline(stack, retained_images=3)
        lifecycle = only(stack, "ImageBuilder::LifecyclePolicy")
        assert lifecycle["PolicyDetails"] == [
            {
                "Action": {"IncludeResources": {"Amis": True, "Snapshots": True}, "Type": "DELETE"},
                "ExclusionRules": {"Amis": {"LastLaunched": {"Unit": "DAYS", "Value": 30}}},
                "Filter": {"Type": "COUNT", "Value": 3},
            }
        ]
        tags = only(stack, "ImageBuilder::ImagePipeline")["ImageTags"]
        assert lifecycle["ResourceSelection"] == {"TagMap": tags}

    def test_keeps_its_key_and_log_under_logical_ids_that_stay(self, stack: cdk.Stack) -> None:
        pipeline(stack)
        resources = Template.from_stack(stack).to_json()["Resources"]
        kept = {name: it["Type"] for name, it in resources.items() if it.get("DeletionPolicy") == "Retain"}
        assert kept == {"ImageKey35783766": "AWS::KMS::Key", "ImageLogsFD3490A4": "AWS::Logs::LogGroup"}
        assert resources["Image9D742C96"]["Type"] == "AWS::ImageBuilder::ImagePipeline"

    def test_a_given_key_is_used(self, stack: cdk.Stack) -> None:
        key = kms.Key.from_key_arn(stack, "Shared", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        assert pipeline(stack, encryption_key=key).encryption_key is key
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)

    def test_tells_what_failed_what_is_finished_and_what_is_vulnerable(
        self, stack: cdk.Stack, topic: sns.ITopic, pack_findings: Findings
    ) -> None:
        made = pipeline(stack, topic=topic)
        found = [it["Properties"] for it in Template.from_stack(stack).find_resources("AWS::Events::Rule").values()]
        assert [(it["EventPattern"]["detail-type"][0], it["EventPattern"]["detail"]) for it in found] == [
            ("EC2 Image Builder Image State Change", {"state": {"status": ["FAILED"]}}),
            ("EC2 Image Builder Image State Change", {"state": {"status": ["AVAILABLE"]}}),
            (
                "EC2 Image Builder CVE Detected",
                {"finding-severity-counts": {"critical": [{"numeric": [">", 0]}]}},
            ),
        ]
        for rule in found:
            [images] = rule["EventPattern"]["resources"]
            assert images["prefix"]["Fn::Join"][1][-1] == "/"
            assert "AWS::StackId" in str(images)
            assert rule["Targets"][0]["Arn"] == topic.topic_arn
        assert len(made.event_rules) == 3
        assert pack_findings(stack) == []
        assert warnings(stack) == []

    def test_the_parameter_can_be_read(self, stack: cdk.Stack) -> None:
        tasks = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
        reader = ManagedPolicyRole(stack, "Reader", assumed_by=tasks, description="Reader")
        assert pipeline(stack, parameter_name="/imagebuilder/base").grant_read_image_parameter(reader).success
        granted = str(Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy"))
        assert "'ssm:GetParameter'" in granted
        assert ":parameter/imagebuilder/base" in granted


class TestWeakenedDefaults:
    @pytest.mark.parametrize(
        ("arguments", "warning"),
        [
            ({"hardening": None}, "pavedroad:image-not-hardened"),
            ({"vulnerability_scan": False}, "pavedroad:image-not-scanned"),
            ({"topic": None}, "pavedroad:image-nobody-told"),
        ],
    )
    def test_leave_a_warning(
        self, stack: cdk.Stack, topic: sns.ITopic, arguments: dict[str, Any], warning: str
    ) -> None:
        pipeline(stack, **{"topic": topic, **arguments})
        assert [warning in text for text in warnings(stack)] == [True]

    def test_do_what_they_say(self, stack: cdk.Stack) -> None:
        pipeline(stack, hardening=None, vulnerability_scan=False)
        assert not [it for it in steps(only(stack, "ImageBuilder::ImageRecipe")) if "stig" in it]
        scanning = only(stack, "ImageBuilder::ImagePipeline")["ImageScanningConfiguration"]
        assert scanning == {"ImageScanningEnabled": False}


class TestInvariants:
    @pytest.mark.parametrize(
        ("kind", "attribute", "value", "promise"),
        [
            (imagebuilder.CfnImagePipeline, "image_tests_configuration", None, "tests images before they are used"),
            (imagebuilder.CfnImageRecipe, "block_device_mappings", None, "encrypts images with a KMS key"),
            (
                imagebuilder.CfnInfrastructureConfiguration,
                "instance_metadata_options",
                None,
                "builds without keys and with IMDSv2",
            ),
            (
                imagebuilder.CfnInfrastructureConfiguration,
                "key_pair",
                "builders",
                "builds without keys and with IMDSv2",
            ),
        ],
    )
    def test_cannot_be_undone(
        self, stack: cdk.Stack, kind: type, attribute: str, value: str | None, promise: str
    ) -> None:
        @jsii.implements(cdk.IAspect)
        class Weakens:
            def visit(self, node: IConstruct) -> None:
                if isinstance(node, kind):
                    setattr(node, attribute, value)

        pipeline(stack)
        cdk.Aspects.of(stack).add(Weakens())
        with pytest.raises(RuntimeError, match=f"ImagePipeline {promise}"):
            Template.from_stack(stack)

    def test_hold_as_a_container_is_made(self, app: cdk.App, stack: cdk.Stack) -> None:
        container(stack)
        app.synth()


class TestArguments:
    def test_everything_that_is_wrong_is_told_at_once(self, stack: cdk.Stack) -> None:
        vpc = network(stack)
        with pytest.raises(InvalidArgumentsError) as caught:
            pipeline(
                stack,
                vpc=vpc,
                subnet=vpc.public_subnets[0],
                base_image="latest",
                architecture="sparc",
                hardening="extreme",
                components=[ImageComponent(name="-", document="")],
                test_components=[ImageComponent(name="works", document="phases: []")],
                volume_size=1,
                schedule="weekly",
                copies=[ImageCopy(region="Frankfurt", encryption_key_arn="abc")],
                sharing=ImageSharing(accounts=["1"], organization_arn="o-abcde12345"),
                parameter_name="/images/base",
                retained_images=0,
            )
        assert str(caught.value) == (
            "ImagePipeline 'Stack/Image': subnet='Stack/Network/PublicSubnet1': must be private: build instances get "
            "no public address; base_image='latest': must be an image's ARN in Image Builder, an AMI's id, ssm: and a "
            "parameter's name, or a container's URI; architecture='sparc': must be one of arm64, x86_64; "
            "hardening='extreme': must be one of high, low, medium; components.name='-': must be 2 to 61 letters, "
            "digits, '_' and '-'; components.document=0: must be from 1 to 16000 characters; "
            "test_components.document='works': must have the phase test, and no other; "
            "volume_size=1: must be from 8 to 1000; "
            "schedule='weekly': must be an expression such as cron(0 4 ? * SUN *); "
            "copies.region='Frankfurt': must be a region such as eu-central-1; "
            "copies.encryption_key_arn='abc': must be the ARN of a KMS key; "
            "sharing.accounts='1': must be account ids of 12 digits; "
            "sharing.organization_arn='o-abcde12345': must be the ARN of an organisation; "
            "parameter_name='/images/base': must be a name beneath /imagebuilder/; "
            "retained_images=0: must be from 1 to 100"
        )

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"components": [AGENT, AGENT]}, "components.name=['agent', 'agent']: must be unique"),
            ({"components": [AGENT], "test_components": [AGENT]}, "test_components.document='agent': must have"),
        ],
    )
    def test_components_differ(self, stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            pipeline(stack, **arguments)
        assert message in str(caught.value)

    def test_a_container_needs_a_test_and_is_shared_by_its_repository(self, stack: cdk.Stack) -> None:
        output = ContainerOutput(repository=ContainerRepository(stack, "Repository").repository)
        with pytest.raises(InvalidArgumentsError) as caught:
            pipeline(stack, container=output, copies=[ABROAD])
        assert "test_components=[]: needs one for a container" in str(caught.value)
        assert "container='given': is copied and shared by its repository" in str(caught.value)

    def test_a_network_without_private_subnets_is_refused(self, stack: cdk.Stack) -> None:
        vpc = ec2.Vpc.from_vpc_attributes(stack, "Bare", vpc_id="vpc-2", availability_zones=["eu-west-1a"])
        with pytest.raises(InvalidArgumentsError, match="subnet=None: must be given"):
            pipeline(stack, vpc=vpc)

    def test_works_in_a_product_with_parameters(
        self, product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
    ) -> None:
        size = cdk.CfnParameter(product, "Size", type="Number")
        images = cdk.CfnParameter(product, "Images", type="Number")
        organization = cdk.CfnParameter(product, "Organization")
        pipeline(
            product,
            base_image=cdk.CfnParameter(product, "Base").value_as_string,
            volume_size=size.value_as_number,
            retained_images=images.value_as_number,
            schedule=cdk.CfnParameter(product, "Schedule").value_as_string,
            parameter_name=cdk.CfnParameter(product, "Parameter").value_as_string,
            sharing=ImageSharing(organization_arn=organization.value_as_string),
        )
        resources = product_template()["Resources"].values()
        by_type = {it["Type"].removeprefix("AWS::ImageBuilder::"): it["Properties"] for it in resources}
        assert by_type["ImageRecipe"]["ParentImage"] == {"Ref": "Base"}
        assert by_type["ImageRecipe"]["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] == {"Ref": "Size"}
        assert by_type["LifecyclePolicy"]["PolicyDetails"][0]["Filter"]["Value"] == {"Ref": "Images"}
        assert by_type["ImagePipeline"]["Schedule"]["ScheduleExpression"] == {"Ref": "Schedule"}
        in_organization = {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Organization"}]}]}
        assert str(in_organization) in str(by_type["AWS::KMS::Key"]["KeyPolicy"])

    def test_the_accounts_that_images_are_shared_with_may_be_a_parameter(
        self, product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
    ) -> None:
        accounts = cdk.CfnParameter(product, "Accounts", type="CommaDelimitedList").value_as_list
        pipeline(product, sharing=ImageSharing(accounts=accounts))
        by_type = {it["Type"]: it["Properties"] for it in product_template()["Resources"].values()}
        (distribution,) = by_type["AWS::ImageBuilder::DistributionConfiguration"]["Distributions"]
        permissions = distribution["AmiDistributionConfiguration"]["LaunchPermissionConfiguration"]
        assert permissions == {"UserIds": {"Ref": "Accounts"}}
        principals = [each["Principal"] for each in by_type["AWS::KMS::Key"]["KeyPolicy"]["Statement"]]
        assert principals.count({"AWS": {"Ref": "Accounts"}}) == 2
