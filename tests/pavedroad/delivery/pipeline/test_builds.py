"""The CodeBuild projects of a pipeline: size, secrets, images, caches, network, and what is refused."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Match, Template

from pavedroad import DeliveryPipeline
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.delivery.pipeline.builds import BuildStep
from pavedroad.delivery.pipeline.deployments import CdkDeployment, DeploymentStage
from pavedroad.delivery.pipeline.sources import CodeCommitSource


def pipeline(stack: cdk.Stack, build: BuildStep, **arguments: Any) -> DeliveryPipeline:
    deployment = CdkDeployment(account="777777777777", region="eu-west-1")
    return DeliveryPipeline(
        stack,
        "Delivery",
        source=CodeCommitSource(repository="storefront"),
        stages=[DeploymentStage(name="Development", production=False, deployments=[deployment])],
        build=build,
        **arguments,
    )


def project(stack: cdk.Stack, name: str = "Build") -> dict[str, Any]:
    found = Template.from_stack(stack).find_resources("AWS::CodeBuild::Project")
    return next(each["Properties"] for key, each in found.items() if key.startswith(f"DeliveryBuilds{name}"))


def allowed(stack: cdk.Stack, delivery: DeliveryPipeline, name: str) -> list[dict[str, Any]]:
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    role = stack.resolve(delivery.roles[name].role_name)
    return [
        statement
        for policy in policies
        if policy["Properties"].get("Roles") == [role]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def test_the_machine_is_as_asked_for(stack: cdk.Stack) -> None:
    step = BuildStep(architecture="arm64", timeout=cdk.Duration.hours(1), concurrent_builds=2, cache="s3", retry=True)
    pipeline(stack, step)
    found = project(stack)
    assert found["Environment"]["Type"] == "ARM_CONTAINER"
    assert found["Environment"]["Image"].startswith("aws/codebuild/amazonlinux-aarch64-standard:")
    assert (found["TimeoutInMinutes"], found["ConcurrentBuildLimit"]) == (60, 2)
    assert found["Cache"]["Type"] == "S3"
    assert found["Cache"]["Location"]["Fn::Join"][1][-1] == "cache/Build"
    retry = {"Name": "Build", "OnFailure": {"Result": "RETRY", "RetryConfiguration": {"RetryMode": "FAILED_ACTIONS"}}}
    Template.from_stack(stack).has_resource_properties(
        "AWS::CodePipeline::Pipeline", {"Stages": Match.array_with([Match.object_like(retry)])}
    )


def test_each_build_has_a_cache_of_its_own_that_expires(stack: cdk.Stack) -> None:
    step = BuildStep(cache="s3", cache_expiry=cdk.Duration.days(7))
    pipeline(stack, step, test=BuildStep(cache="s3"))
    expiries = {"cache/Build/": 7, "cache/Test/": 30}
    rules = [
        Match.object_like({"Prefix": prefix, "ExpirationInDays": days, "Status": "Enabled"})
        for prefix, days in expiries.items()
    ]
    Template.from_stack(stack).has_resource_properties(
        "AWS::S3::Bucket", {"LifecycleConfiguration": {"Rules": Match.array_with(rules)}}
    )


def test_without_a_cache_nothing_expires_but_artefacts(stack: cdk.Stack) -> None:
    pipeline(stack, BuildStep())
    buckets = Template.from_stack(stack).find_resources("AWS::S3::Bucket")
    assert "cache/" not in json.dumps(buckets)


@pytest.mark.parametrize(
    ("privileged", "modes"),
    [
        (False, ["LOCAL_SOURCE_CACHE", "LOCAL_CUSTOM_CACHE"]),
        (True, ["LOCAL_SOURCE_CACHE", "LOCAL_CUSTOM_CACHE", "LOCAL_DOCKER_LAYER_CACHE"]),
    ],
)
def test_a_local_cache_keeps_image_layers_only_where_docker_runs(
    stack: cdk.Stack, privileged: bool, modes: list[str]
) -> None:
    pipeline(stack, BuildStep(cache="local", privileged=privileged))
    assert project(stack)["Cache"] == {"Type": "LOCAL", "Modes": modes}


def test_a_secret_is_read_when_it_builds_and_never_in_the_template(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")
    secret = secretsmanager.Secret(stack, "Secret", encryption_key=key)
    delivery = pipeline(stack, BuildStep(secrets={"REGISTRY_TOKEN": secret}, environment={"STAGE": "test"}))
    assert project(stack)["Environment"]["EnvironmentVariables"] == [
        {"Name": "STAGE", "Type": "PLAINTEXT", "Value": "test"},
        {"Name": "REGISTRY_TOKEN", "Type": "SECRETS_MANAGER", "Value": stack.resolve(secret.secret_arn)},
    ]
    statements = allowed(stack, delivery, "Build")
    assert [each["Resource"] for each in statements if each["Action"] == "secretsmanager:GetSecretValue"] == [
        stack.resolve(secret.secret_arn)
    ]
    assert [each["Resource"] for each in statements if each["Action"] == "kms:Decrypt"] == [stack.resolve(key.key_arn)]


def test_images_are_pushed_to_the_named_repository_and_the_check_may_pull_them(
    stack: cdk.Stack, pack_findings: Any
) -> None:
    repository = ecr.Repository.from_repository_name(stack, "Images", "orders/storefront")
    delivery = pipeline(stack, BuildStep(pushes=[repository]))
    assert pack_findings(stack) == []
    arn = stack.resolve(repository.repository_arn)
    build, check = (
        {action for each in allowed(stack, delivery, name) if each["Resource"] == arn for action in each["Action"]}
        for name in ("Build", "SecurityCheck")
    )
    assert {"ecr:PutImage", "ecr:BatchGetImage"} <= build
    assert "ecr:BatchGetImage" in check
    assert "ecr:PutImage" not in check


def test_builds_in_a_network_reach_out_by_https_only(stack: cdk.Stack) -> None:
    network = ec2.Vpc.from_vpc_attributes(
        stack,
        "Network",
        vpc_id="vpc-1",
        availability_zones=["eu-west-1a"],
        private_subnet_ids=["subnet-1"],
        private_subnet_route_table_ids=["rtb-1"],
    )
    delivery = pipeline(stack, BuildStep(), vpc=network)
    assert delivery.security_group
    assert project(stack)["VpcConfig"] == {
        "VpcId": "vpc-1",
        "Subnets": ["subnet-1"],
        "SecurityGroupIds": [stack.resolve(delivery.security_group.security_group_id)],
    }
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {"SecurityGroupEgress": [Match.object_like({"FromPort": 443, "ToPort": 443, "IpProtocol": "tcp"})]},
    )
    template.resource_count_is("AWS::IAM::Policy", 0)
    template.has_resource_properties(
        "AWS::IAM::ManagedPolicy",
        {
            "PolicyDocument": {
                "Statement": Match.array_with(
                    [
                        Match.object_like(
                            {
                                "Action": "ec2:CreateNetworkInterfacePermission",
                                "Condition": Match.object_like(
                                    {"StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"}}
                                ),
                            }
                        )
                    ]
                )
            }
        },
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_PASSWORD", "x"),
        ("API_KEY", "x"),
        ("GITHUB_TOKEN", "x"),
        ("SETTING", "AKIA" + "A" * 16),
        ("SETTING", "-----BEGIN RSA PRIVATE " + "KEY-----"),
        ("SETTING", "{{resolve:secretsmanager:orders:SecretString}}"),
        ("SETTING", cdk.SecretValue.secrets_manager("orders").unsafe_unwrap()),
    ],
    ids=["password", "key", "token", "access key", "private key", "dynamic reference", "unwrapped secret"],
)
def test_credentials_in_clear_text_are_refused_without_repeating_them(
    stack: cdk.Stack, variable: str, value: str
) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        pipeline(stack, BuildStep(environment={variable: value}))
    message = str(error.value)
    assert f"build.environment='{variable}': looks like a credential in clear text; give it with secrets" in message
    assert value not in message or value == "x"


def test_a_parameter_may_be_a_variable(stack: cdk.Stack) -> None:
    parameter = cdk.CfnParameter(stack, "Stage")
    pipeline(stack, BuildStep(environment={"STAGE": parameter.value_as_string}))
    variable = project(stack)["Environment"]["EnvironmentVariables"][0]
    assert variable["Value"] == {"Ref": "Stage"}


def test_what_codebuild_would_refuse_is_refused_at_once(stack: cdk.Stack) -> None:
    step = BuildStep(
        architecture="arm",  # type: ignore[arg-type]
        cache="disk",  # type: ignore[arg-type]
        cache_expiry=cdk.Duration.hours(1),
        timeout=cdk.Duration.minutes(1),
        queued_timeout=cdk.Duration.hours(9),
        concurrent_builds=0,
    )
    with pytest.raises(InvalidArgumentsError) as error:
        pipeline(stack, step)
    assert str(error.value) == (
        "DeliveryPipeline 'Stack/Delivery': build.architecture='arm': must be one of arm64, x86_64; "
        "build.cache='disk': must be one of local, none, s3; "
        f"build.cache_expiry (days)={1 / 24!r}: must be from 1 to 3650; "
        "build.timeout (minutes)=1: must be from 5 to 2160; "
        "build.queued_timeout (minutes)=540: must be from 5 to 480; "
        "build.concurrent_builds=0: must be from 1 to 1000"
    )
