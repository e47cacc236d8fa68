import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Match, Template

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.launch_roles import LaunchRoles
from pavedroad_platform.catalog.permissions_boundary import PermissionsBoundary
from pavedroad_platform.organization.names import Names

NAMES = Names("pavedroad")


@pytest.fixture
def template(stack: cdk.Stack) -> Template:
    boundary = PermissionsBoundary(stack, "PermissionsBoundary", names=NAMES)
    LaunchRoles(stack, "LaunchRoles", products=products.KEYS, names=NAMES, permissions_boundary=boundary.policy)
    return Template.from_stack(stack)


def test_each_product_has_a_role_that_service_catalog_alone_assumes(template) -> None:
    for key in products.KEYS:
        template.has_resource_properties(
            "AWS::IAM::Role",
            {
                "RoleName": NAMES.launch_role(key),
                "PermissionsBoundary": {"Ref": Match.string_like_regexp("PermissionsBoundary")},
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Action": "sts:AssumeRole",
                            "Effect": "Allow",
                            "Principal": {"Service": "servicecatalog.amazonaws.com"},
                        }
                    ],
                    "Version": "2012-10-17",
                },
            },
        )


def test_templates_are_read_only_where_service_catalog_marked_them(template) -> None:
    condition = {"StringEquals": {"s3:ExistingObjectTag/servicecatalog:provisioning": "true"}}
    template.has_resource_properties(
        "AWS::IAM::ManagedPolicy",
        {
            "PolicyDocument": {
                "Statement": Match.array_with(
                    [{"Action": "s3:GetObject", "Condition": condition, "Effect": "Allow", "Resource": "*"}]
                ),
                "Version": "2012-10-17",
            }
        },
    )


def test_packs_find_nothing(stack, template, pack_findings) -> None:
    assert pack_findings(stack) == []
