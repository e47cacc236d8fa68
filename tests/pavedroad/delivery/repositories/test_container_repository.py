import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template
from constructs import IConstruct

from pavedroad import ContainerRepository
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]

PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def repository(stack: cdk.Stack) -> dict[str, Any]:
    [resource] = Template.from_stack(stack).find_resources("AWS::ECR::Repository").values()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def rules(stack: cdk.Stack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(repository(stack)["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    return found


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


class TestDefaultShape:
    def test_encrypts_with_its_own_rotated_key(self, stack: cdk.Stack) -> None:
        ContainerRepository(stack, "Images")
        key = {"Fn::GetAtt": ["ImagesKey72752799", "Arn"]}
        assert repository(stack)["EncryptionConfiguration"] == {"EncryptionType": "KMS", "KmsKey": key}
        Template.from_stack(stack).has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})

    def test_scans_on_push_and_never_overwrites_a_tag(self, stack: cdk.Stack) -> None:
        ContainerRepository(stack, "Images")
        assert repository(stack)["ImageScanningConfiguration"] == {"ScanOnPush": True}
        assert repository(stack)["ImageTagMutability"] == "IMMUTABLE"

    def test_clears_away_untagged_and_old_images(self, stack: cdk.Stack) -> None:
        ContainerRepository(stack, "Images")
        assert rules(stack) == [
            {
                "rulePriority": 1,
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 14,
                },
                "action": {"type": "expire"},
            },
            {
                "rulePriority": 2,
                "selection": {
                    "tagStatus": "tagged",
                    "tagPatternList": ["*"],
                    "countType": "imageCountMoreThan",
                    "countNumber": 200,
                },
                "action": {"type": "expire"},
            },
        ]

    def test_nobody_outside_reads_and_nobody_is_told(self, stack: cdk.Stack) -> None:
        made = ContainerRepository(stack, "Images")
        assert "RepositoryPolicyText" not in repository(stack)
        Template.from_stack(stack).resource_count_is("AWS::Events::Rule", 0)
        assert made.findings_rules == []

    def test_outlives_its_stack_under_logical_ids_that_stay(self, stack: cdk.Stack) -> None:
        ContainerRepository(stack, "Images")
        kept = Template.from_stack(stack).to_json()["Resources"]
        assert {name: (it["Type"], it["DeletionPolicy"], it["UpdateReplacePolicy"]) for name, it in kept.items()} == {
            "ImagesF8C4E866": ("AWS::ECR::Repository", "Retain", "Retain"),
            "ImagesKey72752799": ("AWS::KMS::Key", "Retain", "Retain"),
        }
        assert "RepositoryName" not in repository(stack)

    def test_packs_find_nothing(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        ContainerRepository(stack, "Images")
        assert pack_findings(stack) == []
        assert warnings(stack) == []


class TestOptions:
    def test_a_given_key_and_name_are_used(self, stack: cdk.Stack) -> None:
        key = kms.Key.from_key_arn(stack, "Shared", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        made = ContainerRepository(stack, "Images", encryption_key=key, repository_name="shop/orders")
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)
        assert made.encryption_key is key
        assert repository(stack)["RepositoryName"] == "shop/orders"

    def test_keeps_as_much_as_asked(self, stack: cdk.Stack) -> None:
        ContainerRepository(stack, "Images", untagged_expiration=cdk.Duration.days(1), tagged_images=30)
        assert [rule["selection"]["countNumber"] for rule in rules(stack)] == [1, 30]

    def test_accounts_and_the_organisation_pull_and_do_no_more(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        ContainerRepository(
            stack, "Images", reader_accounts=["111111111111", "222222222222"], organization_id="o-abcde12345"
        )
        accounts, organization = repository(stack)["RepositoryPolicyText"]["Statement"]
        assert [str(it).count(":iam::") for it in accounts["Principal"]["AWS"]] == [1, 1]
        assert "Condition" not in accounts
        assert organization["Principal"] == {"AWS": "*"}
        assert organization["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-abcde12345"}}
        assert [statement["Action"] for statement in (accounts, organization)] == [PULL, PULL]
        assert pack_findings(stack) == []

    def test_open_to_everybody_is_still_found(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        made = ContainerRepository(stack, "Images")
        made.repository.add_to_resource_policy(
            iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["ecr:BatchGetImage"])
        )
        assert [finding.split(":")[0] for finding in pack_findings(stack)] == ["AwsSolutions-ECR1"]

    def test_critical_findings_of_both_scanners_are_told_by_a_role_that_only_publishes(
        self, stack: cdk.Stack, pack_findings: Findings
    ) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Alarms", "arn:aws:sns:eu-west-1:111111111111:alarms")
        made = ContainerRepository(stack, "Images", findings_topic=topic)
        template = Template.from_stack(stack)
        found = [it["Properties"] for it in template.find_resources("AWS::Events::Rule").values()]
        by_source = {it["EventPattern"]["source"][0]: it["EventPattern"]["detail"] for it in found}
        this_one = [{"Ref": "ImagesF8C4E866"}]
        assert by_source == {
            "aws.ecr": {
                "repository-name": this_one,
                "finding-severity-counts": {"CRITICAL": [{"numeric": [">", 0]}]},
            },
            "aws.inspector2": {
                "severity": ["CRITICAL"],
                "status": ["ACTIVE"],
                "resources": {"details": {"awsEcrContainerImage": {"repositoryName": this_one}}},
            },
        }
        assert {it["Targets"][0]["Arn"] for it in found} == {topic.topic_arn}
        [policy] = template.find_resources("AWS::IAM::ManagedPolicy").values()
        assert policy["Properties"]["PolicyDocument"]["Statement"] == [
            {"Action": "sns:Publish", "Effect": "Allow", "Resource": topic.topic_arn}
        ]
        assert len(made.findings_rules) == 2
        assert pack_findings(stack) == []

    def test_pulls_are_counted(self, stack: cdk.Stack) -> None:
        metric = ContainerRepository(stack, "Images").metric_pull_count()
        assert (metric.namespace, metric.metric_name, metric.statistic) == ("AWS/ECR", "RepositoryPullCount", "Sum")
        assert stack.resolve(metric.dimensions) == {"RepositoryName": {"Ref": "ImagesF8C4E866"}}


class TestGrants:
    @pytest.mark.parametrize(
        ("method", "granted", "refused"),
        [
            ("grant_pull", {"ecr:BatchGetImage"}, {"ecr:PutImage"}),
            ("grant_push", {"ecr:PutImage"}, {"ecr:GetDownloadUrlForLayer"}),
            ("grant_pull_push", {"ecr:PutImage", "ecr:BatchGetImage"}, {"ecr:DeleteRepository"}),
        ],
    )
    def test_let_a_role_in_with_no_more_than_asked(
        self, stack: cdk.Stack, method: str, granted: set[str], refused: set[str]
    ) -> None:
        tasks = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
        role = ManagedPolicyRole(stack, "Role", assumed_by=tasks, description="Orders")
        assert getattr(ContainerRepository(stack, "Images"), method)(role).success
        [policy] = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        actions: set[str] = set()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            actions |= {statement["Action"]} if isinstance(statement["Action"], str) else set(statement["Action"])
        assert granted | {"ecr:GetAuthorizationToken"} <= actions
        assert not refused & actions


class TestWeakenedDefaults:
    @pytest.mark.parametrize(
        ("arguments", "warning"),
        [
            ({"mutable_tags": ["latest"]}, "pavedroad:repository-mutable-tags"),
            ({"removal_policy": cdk.RemovalPolicy.DESTROY}, "pavedroad:repository-not-retained"),
        ],
    )
    def test_leave_a_warning(self, stack: cdk.Stack, arguments: dict[str, Any], warning: str) -> None:
        ContainerRepository(stack, "Images", **arguments)
        assert [warning in text for text in warnings(stack)] == [True]

    def test_only_the_named_tags_move(self, stack: cdk.Stack) -> None:
        ContainerRepository(stack, "Images", mutable_tags=["latest", "cache-*"])
        assert repository(stack)["ImageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
        filters = repository(stack)["ImageTagMutabilityExclusionFilters"]
        assert [it["ImageTagMutabilityExclusionFilterValue"] for it in filters] == ["latest", "cache-*"]


class TestInvariants:
    @pytest.mark.parametrize(
        ("attribute", "value", "promise"),
        [
            ("encryption_configuration", None, "is encrypted with a KMS key; its EncryptionConfiguration"),
            ("image_scanning_configuration", None, "scans what is pushed; its ImageScanningConfiguration"),
            ("image_tag_mutability", "MUTABLE", "does not overwrite tags; its ImageTagMutability"),
        ],
    )
    def test_cannot_be_undone(
        self, app: cdk.App, stack: cdk.Stack, attribute: str, value: str | None, promise: str
    ) -> None:
        @jsii.implements(cdk.IAspect)
        class Weakens:
            def visit(self, node: IConstruct) -> None:
                if isinstance(node, ecr.CfnRepository):
                    setattr(node, attribute, value)

        ContainerRepository(stack, "Images")
        cdk.Aspects.of(app).add(Weakens())
        with pytest.raises(RuntimeError, match=promise):
            app.synth()

    def test_hold_as_it_is_made(self, app: cdk.App, stack: cdk.Stack) -> None:
        ContainerRepository(stack, "Images", mutable_tags=["latest"])
        app.synth()


class TestArguments:
    def test_everything_that_is_wrong_is_told_at_once(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            ContainerRepository(
                stack,
                "Images",
                repository_name="Shop",
                mutable_tags=["**", "a b"],
                untagged_expiration=cdk.Duration.days(0),
                tagged_images=0,
                reader_accounts=["1"],
                organization_id="shop",
            )
        assert str(caught.value) == (
            "ContainerRepository 'Stack/Images': repository_name='Shop': must be 2 to 256 lower-case letters, digits, "
            "'.', '_', '-' and '/', such as shop/orders; mutable_tags='**': must name some tags, not all; "
            "mutable_tags='a b': must be tags of letters, digits, '_', '-' and '.', with '*' for any; "
            "untagged_expiration=0: must be from 1 to 3650; tagged_images=0: must be from 1 to 100000; "
            "organization_id='shop': must be an organisation's id such as o-abcde12345; "
            "reader_accounts='1': must be account ids of 12 digits"
        )

    def test_no_more_mutable_tags_than_ecr_knows(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError, match="mutable_tags=6: must be at most 5"):
            ContainerRepository(stack, "Images", mutable_tags=["a", "b", "c", "d", "e", "f"])

    def test_works_in_a_product_with_parameters(
        self, product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
    ) -> None:
        days = cdk.CfnParameter(product, "Days", type="Number")
        images = cdk.CfnParameter(product, "Images", type="Number")
        name, account = cdk.CfnParameter(product, "Name"), cdk.CfnParameter(product, "Account")
        ContainerRepository(
            product,
            "Repository",
            repository_name=name.value_as_string,
            untagged_expiration=cdk.Duration.days(days.value_as_number),
            tagged_images=images.value_as_number,
            reader_accounts=[account.value_as_string],
            organization_id=cdk.CfnParameter(product, "Organization").value_as_string,
        )
        [made] = [it for it in product_template()["Resources"].values() if it["Type"] == "AWS::ECR::Repository"]
        text = made["Properties"]["LifecyclePolicy"]["LifecyclePolicyText"]["Fn::Join"][1]
        assert [it for it in text if isinstance(it, dict)] == [{"Ref": "Days"}, {"Ref": "Images"}]
        assert json.loads("".join(it if isinstance(it, str) else "7" for it in text))["rules"]
        assert made["Properties"]["RepositoryName"] == {"Ref": "Name"}
        assert {"Ref": "Account"} in made["Properties"]["RepositoryPolicyText"]["Statement"][0]["Principal"]["AWS"][
            "Fn::Join"
        ][1]
