import pytest

from pavedroad_platform.catalog import iam_actions, products
from pavedroad_platform.catalog.permissions import Permission, permissions
from pavedroad_platform.errors import PlatformError


def template(*types: str) -> dict:
    return {"Resources": {f"Resource{number}": {"Type": name} for number, name in enumerate(types)}}


@pytest.mark.parametrize("key", products.KEYS)
def test_each_action_of_a_product_is_explained_and_exists(templates, key) -> None:
    used = {resource["Type"] for resource in templates[key]["Resources"].values()}
    found = permissions([templates[key]])
    assert {permission.resource_type for permission in found} <= used
    assert {permission.operation for permission in found} <= {"create", "read", "update", "delete", "tag"}
    for permission in found:
        assert "*" not in permission.action
        assert iam_actions.exists(permission.action)


def test_what_is_made_can_be_changed_read_tagged_and_deleted() -> None:
    found = permissions([template("AWS::S3::Bucket")])
    for action, operation in (
        ("s3:CreateBucket", "create"),
        ("s3:PutLifecycleConfiguration", "update"),
        ("s3:GetEncryptionConfiguration", "read"),
        ("s3:DeleteBucket", "delete"),
        ("s3:PutBucketTagging", "tag"),
    ):
        assert Permission(action, "AWS::S3::Bucket", operation) in found


def test_inventories_of_the_account_are_not_needed() -> None:
    assert "s3:ListAllMyBuckets" not in {permission.action for permission in permissions([template("AWS::S3::Bucket")])}


def test_all_versions_count_together() -> None:
    both = permissions([template("AWS::SNS::Topic"), template("AWS::SQS::Queue", "AWS::SNS::Topic")])
    assert {permission.resource_type for permission in both} == {"AWS::SNS::Topic", "AWS::SQS::Queue"}
    assert len(both) == len(set(both))


def test_a_type_without_handlers_is_known_by_its_override() -> None:
    created = {p.action for p in permissions([template("AWS::CodeBuild::Project")]) if p.operation == "create"}
    assert created == {"codebuild:CreateProject", "codebuild:BatchGetProjects", "iam:PassRole"}


def test_a_pipeline_passes_connections_of_either_name() -> None:
    created = {p.action for p in permissions([template("AWS::CodePipeline::Pipeline")]) if p.operation == "create"}
    assert {"codeconnections:PassConnection", "codestar-connections:PassConnection"} <= created


def test_a_group_of_instances_tries_its_image_and_describes_only_what_it_needs() -> None:
    found = permissions([template("AWS::AutoScaling::AutoScalingGroup")])
    for operation in ("create", "update"):
        assert {"ec2:RunInstances", "iam:PassRole", "ssm:GetParameters"} <= {
            p.action for p in found if p.operation == operation
        }
    assert not {p.action for p in found if p.action.startswith(("elasticloadbalancing:", "vpc-lattice:"))}


def test_policies_are_for_roles_only() -> None:
    actions = {p.action for p in permissions([template("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")])}
    assert not {action for action in actions if "User" in action or "Group" in action}


def test_types_that_nothing_is_known_about_are_all_told() -> None:
    with pytest.raises(PlatformError) as error:
        permissions([template("Custom::Thing", "AWS::Nothing::AtAll", "AWS::SNS::Topic")])
    assert [problem.cause for problem in error.value.problems] == [
        f"The CloudFormation registry lists no handlers of {name}: its permissions are not known."
        for name in ("AWS::Nothing::AtAll", "Custom::Thing")
    ]


def test_a_type_that_asks_for_every_action_of_a_service_is_refused(monkeypatch) -> None:
    overrides = {"AWS::SNS::Topic": {"create": ("sns:*",)}}
    monkeypatch.setattr("pavedroad_platform.catalog.permissions.HANDLER_PERMISSIONS", overrides)
    monkeypatch.setattr("pavedroad_platform.catalog.permissions._handlers", lambda name: overrides.get(name, {}))
    with pytest.raises(PlatformError, match=r"AWS::SNS::Topic asks for sns:\* to create"):
        permissions([template("AWS::SNS::Topic")])
