import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.launch_policies import (
    POLICIES_PER_ROLE,
    POLICY_CHARACTERS,
    Statement,
    policies,
    policy_size,
    statements,
)
from pavedroad_platform.catalog.permissions import Permission, permissions
from pavedroad_platform.errors import PlatformError

ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}],
        }
    },
}


def allowed(*actions: str, resources: dict | None = None) -> dict:
    """The resources and condition of each action that a role would have."""
    template = {"Resources": resources or {}}
    needed = [Permission(action, "AWS::Some::Type", "create") for action in actions]
    found = statements(needed, [template])
    return {action: (s.resources, s.condition) for s in found for action in s.actions if action in actions}


def test_what_carries_the_stacks_name_is_confined_to_it() -> None:
    found = allowed("s3:DeleteBucket", "iam:CreateRole", "logs:DeleteLogGroup")
    assert found["s3:DeleteBucket"][0] == ("arn:${Partition}:s3:::sc-*",)
    assert found["iam:CreateRole"][0] == ("arn:${Partition}:iam::${Account}:role/SC-*",)
    assert found["logs:DeleteLogGroup"][0] == ("arn:${Partition}:logs:${Region}:${Account}:log-group:SC-*",)


def test_what_aws_gives_an_id_is_confined_to_account_and_region() -> None:
    assert allowed("kms:DisableKey")["kms:DisableKey"][0] == ("arn:${Partition}:kms:${Region}:${Account}:*",)


def test_what_takes_no_resource_is_allowed_for_all() -> None:
    assert allowed("kms:CreateKey")["kms:CreateKey"][0] == ("*",)


def test_a_call_that_looks_through_the_account_is_not_confined_to_names() -> None:
    found = allowed("cloudwatch:DescribeAlarms")["cloudwatch:DescribeAlarms"][0]
    assert found == ("arn:${Partition}:cloudwatch:${Region}:${Account}:*",)


def test_an_action_is_confined_to_services_that_the_product_uses() -> None:
    found = allowed("wafv2:AssociateWebACL", "elasticloadbalancing:SetWebACL")["wafv2:AssociateWebACL"][0]
    assert found == (
        "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:*",
        "arn:${Partition}:wafv2:${Region}:${Account}:*",
    )


def test_a_name_of_the_template_is_reached_by_its_beginning() -> None:
    name = {"Fn::Join": ["", ["/aws/rds/instance/database-", {"Ref": "Id"}, "/postgresql"]]}
    log_group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}}
    found = allowed("logs:CreateLogGroup", resources={"Log": log_group})["logs:CreateLogGroup"][0]
    prefix = "arn:${Partition}:logs:${Region}:${Account}:log-group:"
    assert found == (f"{prefix}/aws/rds/instance/database-*", f"{prefix}SC-*")


def test_a_name_that_begins_with_something_unknown_is_refused() -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Name"}}}
    with pytest.raises(PlatformError) as error:
        allowed("s3:CreateBucket", resources={"Bucket": bucket})
    (problem,) = error.value.problems
    assert problem.cause == "Bucket has a BucketName of unknown beginning; a launch role could not reach it."
    assert problem.fix.startswith("Leave BucketName out")


def test_a_name_that_begins_with_the_stacks_is_reached() -> None:
    name = {"Fn::Join": ["", [{"Ref": "AWS::StackName"}, "-topic"]]}
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}
    assert allowed("sns:CreateTopic", resources={"Topic": topic})["sns:CreateTopic"][0] == (
        "arn:${Partition}:sns:${Region}:${Account}:SC-*",
    )


def test_roles_of_the_product_are_passed_to_whom_they_trust_only() -> None:
    assert allowed("iam:PassRole", resources={"Role": ROLE})["iam:PassRole"] == (
        ("arn:${Partition}:iam::${Account}:role/SC-*",),
        {"StringEquals": {"iam:PassedToService": ["ecs-tasks.amazonaws.com"]}},
    )


def test_a_service_linked_role_that_the_template_names_is_passed() -> None:
    arn = {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":role/aws-service-role/ecs/ServiceRole"]]}
    target = {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": {"RoleARN": arn}}
    assert allowed("iam:PassRole", resources={"Target": target})["iam:PassRole"] == (
        ("arn:${Partition}:iam::${Account}:role/aws-service-role/ecs/ServiceRole",),
        {},
    )


def test_a_product_without_roles_passes_none() -> None:
    assert allowed("iam:PassRole") == {}


def test_service_linked_roles_are_made_and_no_others() -> None:
    assert allowed("iam:CreateServiceLinkedRole")["iam:CreateServiceLinkedRole"][0] == (
        "arn:${Partition}:iam::${Account}:role/aws-service-role/*",
    )


def test_the_parameters_that_the_form_names_are_read_and_no_others() -> None:
    parameters = {
        "Team": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/paved-road/tags/team"},
        "Size": {"Type": "String", "Default": "/secret"},
    }
    (reads,) = (s for s in statements([], [{"Resources": {}, "Parameters": parameters}]) if "ssm" in s.actions[0])
    assert reads.resources == ("arn:${Partition}:ssm:${Region}:${Account}:parameter/paved-road/tags/team",)


def test_a_parameter_that_aws_publishes_has_no_account() -> None:
    image = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    parameters = {"Image": {"Type": "AWS::SSM::Parameter::Name", "Default": image}}
    (reads,) = (s for s in statements([], [{"Resources": {}, "Parameters": parameters}]) if "ssm" in s.actions[0])
    assert reads.resources == (f"arn:${{Partition}}:ssm:${{Region}}::parameter{image}",)


def test_a_document_may_be_one_that_aws_publishes() -> None:
    found = allowed("ssm:CreateAssociation", "ssm:DeleteAssociation")
    assert "arn:${Partition}:ssm:${Region}::*" in found["ssm:CreateAssociation"][0]
    assert "arn:${Partition}:ssm:${Region}::*" not in found["ssm:DeleteAssociation"][0]


def test_a_dashboard_is_reached_by_its_name() -> None:
    assert allowed("cloudwatch:PutDashboard")["cloudwatch:PutDashboard"][0] == (
        "arn:${Partition}:cloudwatch::${Account}:dashboard/SC-*",
    )


def test_the_web_acl_that_a_distribution_names_is_read_where_such_are() -> None:
    config = {"WebACLId": {"Ref": "WebAclArn"}}
    website = {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}
    found = [s for s in statements([], [{"Resources": {"Website": website}}]) if "wafv2:GetWebACL" in s.actions]
    assert [s.resources for s in found] == [("arn:${Partition}:wafv2:us-east-1:${Account}:global/webacl/*",)]
    config.clear()
    assert not [s for s in statements([], [{"Resources": {"Website": website}}]) if "wafv2:GetWebACL" in s.actions]


@pytest.mark.parametrize("key", products.KEYS)
def test_the_policies_of_a_product_fit_and_say_all(templates, key) -> None:
    wanted = statements(permissions([templates[key]]), [templates[key]])
    dealt = policies(wanted)
    assert len(dealt) <= POLICIES_PER_ROLE
    assert all(policy_size(policy) <= POLICY_CHARACTERS for policy in dealt)
    given = {(action, s.resources) for policy in dealt for s in policy for action in s.actions}
    assert given == {(action, s.resources) for s in wanted for action in s.actions}
    assert not [action for action, _ in given if "*" in action]


def test_a_statement_that_fits_no_policy_is_cut() -> None:
    many = Statement(tuple(f"service:SomeRatherLongAction{number:04}" for number in range(500)), ("*",))
    dealt = policies([many])
    assert len(dealt) > 1
    assert sorted(action for policy in dealt for s in policy for action in s.actions) == list(many.actions)


def test_more_policies_than_a_role_may_have_are_refused() -> None:
    many = Statement(tuple(f"service:SomeRatherLongAction{number:05}" for number in range(3000)), ("*",))
    with pytest.raises(PlatformError, match="a role may have 10"):
        policies([many])


def test_a_policy_is_counted_without_white_space_and_with_the_longest_region() -> None:
    short = Statement(("s3:GetObject",), ("arn:${Partition}:s3:::x",))
    statement = '{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws-us-gov:s3:::x"]}'
    assert policy_size([short]) == len('{"Version":"2012-10-17","Statement":[' + statement + "]}")
