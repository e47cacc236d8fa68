"""The artefacts' store in a further region: encryption, expiry, who of other accounts may read."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Match, Template

from pavedroad import ArtifactReplica, DeliveryPipeline
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.delivery.pipeline.deployments import DeploymentStage, EcsDeployment
from pavedroad.delivery.pipeline.sources import CodeCommitSource

ROLE = "arn:aws:iam::777777777777:role/storefront-delivery"
NAME = "storefront-artifacts-eu-central-1"


def replica(stack: cdk.Stack, **arguments: Any) -> ArtifactReplica:
    return ArtifactReplica(stack, "Artifacts", **{"bucket_name": NAME, **arguments})


def test_is_encrypted_with_a_rotated_key_and_kept(stack: cdk.Stack) -> None:
    made = replica(stack)
    template = Template.from_stack(stack)
    template.has_resource("AWS::KMS::Key", {"Properties": {"EnableKeyRotation": True}, "DeletionPolicy": "Retain"})
    bucket = template.find_resources("AWS::S3::Bucket")[stack.resolve(made.bucket.bucket_name)["Ref"]]
    assert bucket["DeletionPolicy"] == "Retain"
    assert bucket["Properties"]["BucketName"] == NAME
    (encryption,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    key = stack.resolve(made.encryption_key.key_arn)
    assert encryption["ServerSideEncryptionByDefault"] == {"KMSMasterKeyID": key, "SSEAlgorithm": "aws:kms"}


@pytest.mark.parametrize(("retention", "days"), [(None, 90), (cdk.Duration.days(30), 30)])
def test_artefacts_expire(stack: cdk.Stack, retention: cdk.Duration | None, days: int) -> None:
    replica(stack, artifact_retention=retention)
    rule = Match.object_like({"Id": "expire-artifacts", "ExpirationInDays": days})
    Template.from_stack(stack).has_resource_properties(
        "AWS::S3::Bucket", {"LifecycleConfiguration": {"Rules": Match.array_with([rule])}}
    )


def test_roles_of_other_accounts_may_read_and_decrypt_and_write_nothing(stack: cdk.Stack) -> None:
    replica(stack, reader_role_arns=[ROLE])
    template = Template.from_stack(stack)
    policies = [
        *(each["Properties"]["PolicyDocument"] for each in template.find_resources("AWS::S3::BucketPolicy").values()),
        *(each["Properties"]["KeyPolicy"] for each in template.find_resources("AWS::KMS::Key").values()),
    ]
    only_role = {"ArnEquals": {"aws:PrincipalArn": ROLE}}
    admitted = [each for policy in policies for each in policy["Statement"] if "777777777777" in str(each["Principal"])]
    assert [each["Condition"] for each in admitted] == [only_role] * 3
    assert [each["Action"] for each in admitted] == [
        ["s3:GetObject", "s3:GetObjectVersion"],
        ["s3:GetBucketLocation", "s3:GetBucketVersioning"],
        ["kms:Decrypt", "kms:DescribeKey"],
    ]


def test_packs_find_nothing(stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]) -> None:
    replica(stack, reader_role_arns=[ROLE])
    assert pack_findings(stack) == []


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    replica(stack)
    template = Template.from_stack(stack)
    assert set(template.find_resources("AWS::KMS::Key")) == {"ArtifactsKeyA4B22E2B"}
    assert "Artifacts6EE8A806" in template.find_resources("AWS::S3::Bucket")


class Product(servicecatalog.ProductStack):
    """A product with the values of a console form."""

    def __init__(self, scope: cdk.Stack) -> None:
        super().__init__(scope, "Product")
        name, role = (cdk.CfnParameter(self, each).value_as_string for each in ("Name", "Role"))
        replica(self, bucket_name=name, reader_role_arns=[role])


def test_works_in_a_product_with_parameters(
    app: cdk.App, stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    assert pack_findings(Product(stack)) == []
    assert [each.stack_name for each in app.synth().stacks] == ["Stack"]


def test_a_pipeline_copies_there_and_deploys_from_it(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(account="555555555555", region="eu-west-1"))
    key = "arn:aws:kms:eu-central-1:555555555555:key/11111111-1111-1111-1111-111111111111"
    imported = s3.Bucket.from_bucket_attributes(
        stack,
        "Replica",
        bucket_name=NAME,
        region="eu-central-1",
        encryption_key=kms.Key.from_key_arn(stack, "ReplicaKey", key),
    )
    deployment = EcsDeployment(
        cluster_name="c", service_name="s", task_role_arns=[], role_arn=ROLE, region="eu-central-1"
    )
    DeliveryPipeline(
        stack,
        "Delivery",
        source=CodeCommitSource(repository="storefront"),
        stages=[DeploymentStage(name="Production", production=True, deployments=[deployment])],
        artifact_replicas={"eu-central-1": imported},
    )
    store = {"ArtifactStore": {"EncryptionKey": {"Id": key, "Type": "KMS"}, "Location": NAME, "Type": "S3"}}
    Template.from_stack(stack).has_resource_properties(
        "AWS::CodePipeline::Pipeline",
        {"ArtifactStores": Match.array_with([{**store, "Region": "eu-central-1"}])},
    )


def test_what_cannot_work_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        replica(stack, reader_role_arns=["somebody"], artifact_retention=cdk.Duration.hours(1))
    message = str(error.value)
    assert "reader_role_arns='somebody': must be the ARN of a role" in message
    assert "artifact_retention (days)=" in message
    with pytest.raises(InvalidArgumentsError, match="bucket_name='Artifacts!'"):
        ArtifactReplica(stack, "Other", bucket_name="Artifacts!")


def test_encryption_cannot_be_taken_away(stack: cdk.Stack) -> None:
    resource = replica(stack).bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resource.bucket_encryption = None
    with pytest.raises(Exception, match="Validation failed"):
        Template.from_stack(stack)


def test_nobody_reads_it_unless_told(stack: cdk.Stack) -> None:
    made = replica(stack)
    assert made.bucket.policy
    allowed = [
        each
        for each in stack.resolve(made.bucket.policy.document)["Statement"]
        if each["Effect"] == iam.Effect.ALLOW.value
    ]
    assert allowed == []
