"""Launching products: with the launch role's permissions, within the product's limits."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

SPOKE = "200000000013"


def _reasons(launch_policy: Any, *without: str) -> dict[str, Any]:
    policy: dict[str, Any] = launch_policy(*without)
    return policy


def test_a_developer_launches_what_they_may_not_make_themselves(emulator: Any, catalogue: Any) -> None:
    s3 = emulator.client("s3", credentials=catalogue.developer)
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.create_bucket(Bucket="of-my-own", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    record = catalogue.launch("orders", Days="90")
    assert record["Status"] == "SUCCEEDED", record["RecordErrors"]
    assert record["LaunchRoleArn"] == f"arn:aws:iam::{SPOKE}:role/launch-bucket"
    shown = catalogue.user.describe_provisioned_product(Name="orders")["ProvisionedProductDetail"]
    assert shown["Status"] == "AVAILABLE"
    outputs = catalogue.user.get_provisioned_product_outputs(ProvisionedProductName="orders")["Outputs"]
    assert outputs == [{"OutputKey": "BucketName", "OutputValue": "product-orders", "Description": "the bucket"}]
    administrator = emulator.client("s3", SPOKE)
    (rule,) = administrator.get_bucket_lifecycle_configuration(Bucket="product-orders")["Rules"]
    assert rule["Expiration"]["Days"] == 90
    tags = administrator.get_bucket_tagging(Bucket="product-orders")["TagSet"]
    assert {"Key": "cost-centre", "Value": "4711"} in tags
    assert catalogue.terminate("orders")["Status"] == "SUCCEEDED"
    assert "product-orders" not in [bucket["Name"] for bucket in administrator.list_buckets()["Buckets"]]


def test_the_same_token_launches_once(catalogue: Any) -> None:
    first = catalogue.launch("twice")
    assert catalogue.launch("twice")["RecordId"] == first["RecordId"]
    catalogue.terminate("twice")


def test_a_launch_is_updated_to_another_version_and_other_values(emulator: Any, catalogue: Any) -> None:
    catalogue.launch("billing")
    answer = catalogue.user.update_provisioned_product(
        ProvisionedProductName="billing",
        ProductId=catalogue.product,
        ProvisioningArtifactId=catalogue.versions[1],
        ProvisioningParameters=[{"Key": "Name", "UsePreviousValue": True}, {"Key": "Days", "Value": "7"}],
        UpdateToken="update-billing",
    )
    record = catalogue.settled(answer["RecordDetail"])
    assert record["Status"] == "SUCCEEDED", record["RecordErrors"]
    (found,) = catalogue.user.search_provisioned_products(Filters={"SearchQuery": ["name:billing"]})[
        "ProvisionedProducts"
    ]
    assert found["ProvisioningArtifactName"] == "1.1.0"
    (rule,) = emulator.client("s3", SPOKE).get_bucket_lifecycle_configuration(Bucket="product-billing")["Rules"]
    assert rule["Expiration"]["Days"] == 7
    topics = emulator.client("sns", SPOKE).list_topics()["Topics"]
    assert f"arn:aws:sns:eu-west-1:{SPOKE}:billing" in [topic["TopicArn"] for topic in topics]
    catalogue.terminate("billing")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"Days": "500"}, "Days"),
        ({"Environment": "staging"}, "Environment"),
        ({"Name": "NOT-ALLOWED"}, "small letters"),
        ({"Colour": "red"}, r"Parameters: \[Colour\] do not exist in the template"),
        ({"Environment": "production"}, "Only development is open"),
    ],
)
def test_values_out_of_the_products_limits_are_refused(
    catalogue: Any, parameters: dict[str, str], message: str
) -> None:
    with pytest.raises(catalogue.user.exceptions.InvalidParametersException, match=message):
        catalogue.launch("refused", **parameters)
    assert catalogue.user.search_provisioned_products()["ProvisionedProducts"] == []


def test_missing_values_are_named(catalogue: Any) -> None:
    with pytest.raises(catalogue.user.exceptions.InvalidParametersException, match=r"\[Name\] must have values"):
        catalogue.user.provision_product(
            ProductId=catalogue.product,
            ProvisioningArtifactId=catalogue.versions[0],
            ProvisionedProductName="nameless",
            ProvisionToken="nameless",
            Tags=[{"Key": "cost-centre", "Value": "4711"}],
        )


def test_tag_options_are_enforced(catalogue: Any) -> None:
    with pytest.raises(catalogue.user.exceptions.InvalidParametersException, match=r"cost-centre .* \[4711, 4712\]"):
        catalogue.user.provision_product(
            ProductId=catalogue.product,
            ProvisioningArtifactId=catalogue.versions[0],
            ProvisionedProductName="untagged",
            ProvisionToken="untagged",
            ProvisioningParameters=[{"Key": "Name", "Value": "untagged"}],
            Tags=[{"Key": "cost-centre", "Value": "0000"}],
        )


@pytest.fixture
def launch_role(emulator: Any, catalogue: Any) -> Any:
    """Changes the spoke's launch role, and mends it afterwards."""
    iam = emulator.client("iam", SPOKE)
    original = iam.get_role_policy(RoleName="launch-bucket", PolicyName="policy-0")["PolicyDocument"]

    def change(policy: dict[str, Any]) -> None:
        iam.put_role_policy(RoleName="launch-bucket", PolicyName="policy-0", PolicyDocument=json.dumps(policy))

    yield change
    change(original)


def _without(emulator: Any, *actions: str) -> dict[str, Any]:
    policy = emulator.client("iam", SPOKE).get_role_policy(RoleName="launch-bucket", PolicyName="policy-0")
    document: dict[str, Any] = policy["PolicyDocument"]
    statement = document["Statement"][0]
    return {**document, "Statement": [{**statement, "Action": [a for a in statement["Action"] if a not in actions]}]}


def test_a_launch_role_that_lacks_a_permission_fails_the_launch(
    emulator: Any, catalogue: Any, launch_role: Any
) -> None:
    launch_role(_without(emulator, "s3:PutLifecycleConfiguration"))
    record = catalogue.launch("lacking")
    assert record["Status"] == "FAILED"
    (error,) = record["RecordErrors"]
    assert "Bucket: User: arn:aws:sts::200000000013:assumed-role/launch-bucket/" in error["Description"]
    assert "is not authorized to perform: s3:PutLifecycleConfiguration" in error["Description"]
    assert "no identity-based policy allows the s3:PutLifecycleConfiguration action" in error["Description"]
    shown = catalogue.user.describe_provisioned_product(Name="lacking")["ProvisionedProductDetail"]
    assert shown["Status"] == "ERROR"
    assert shown["StatusMessage"] == error["Description"]
    ended = catalogue.terminate("lacking")
    assert ended["Status"] == "SUCCEEDED", ended["RecordErrors"]


def test_a_launch_role_is_scoped_by_resource(emulator: Any, catalogue: Any, launch_role: Any) -> None:
    policy = _without(emulator)
    scoped = [
        {**policy["Statement"][0], "Resource": ["arn:aws:s3:::product-*", "arn:aws:cloudformation:*:*:stack/SC-*"]}
    ]
    launch_role({**policy, "Statement": scoped})
    assert catalogue.launch("scoped")["Status"] == "SUCCEEDED"
    catalogue.terminate("scoped")
    scoped[0]["Resource"][0] = "arn:aws:s3:::other-*"
    launch_role({**policy, "Statement": scoped})
    record = catalogue.launch("unscoped")
    assert (
        "perform: s3:CreateBucket on resource: arn:aws:s3:::product-unscoped"
        in record["RecordErrors"][0]["Description"]
    )
    catalogue.terminate("unscoped")


def test_a_launch_roles_boundary_counts(emulator: Any, catalogue: Any) -> None:
    iam = emulator.client("iam", SPOKE)
    document = json.dumps(emulator.allowing("cloudformation:*"))
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="launch-bucket", PermissionsBoundary=boundary)
    try:
        record = catalogue.launch("bounded")
    finally:
        iam.delete_role_permissions_boundary(RoleName="launch-bucket")
    assert "because no permissions boundary allows the s3:" in record["RecordErrors"][0]["Description"]
    catalogue.terminate("bounded")


def test_a_launch_role_that_does_not_trust_the_service_fails_the_launch(emulator: Any, catalogue: Any) -> None:
    iam = emulator.client("iam", SPOKE)
    for service, status in (("ec2.amazonaws.com", "FAILED"), ("servicecatalog.amazonaws.com", "SUCCEEDED")):
        trust = json.dumps(emulator.trusting({"Service": service}))
        iam.update_assume_role_policy(RoleName="launch-bucket", PolicyDocument=trust)
        name = service.partition(".")[0][:8]
        record = catalogue.launch(name.replace("2", "x"))
        assert record["Status"] == status
        if status == "FAILED":
            assert (
                "its trust policy does not name servicecatalog.amazonaws.com"
                in record["RecordErrors"][0]["Description"]
            )
        catalogue.terminate(name.replace("2", "x"))


def test_a_failed_update_leaves_the_product_tainted(emulator: Any, catalogue: Any, launch_role: Any) -> None:
    catalogue.launch("tainted")
    launch_role(_without(emulator, "sns:CreateTopic"))
    answer = catalogue.user.update_provisioned_product(
        ProvisionedProductName="tainted",
        ProductId=catalogue.product,
        ProvisioningArtifactId=catalogue.versions[1],
        ProvisioningParameters=[{"Key": "Name", "UsePreviousValue": True}],
        UpdateToken="update-tainted",
    )
    record = catalogue.settled(answer["RecordDetail"])
    assert record["Status"] == "FAILED"
    assert "Topic: User: " in record["RecordErrors"][0]["Description"]
    shown = catalogue.user.describe_provisioned_product(Name="tainted")["ProvisionedProductDetail"]
    assert shown["Status"] == "TAINTED"
    catalogue.terminate("tainted")


def test_search_shows_ones_own_launches_or_the_accounts(emulator: Any, catalogue: Any) -> None:
    catalogue.launch("mine")
    role = f"arn:aws:iam::{SPOKE}:role/team-developer"
    other = emulator.client("servicecatalog", credentials=emulator.assume(role, by=SPOKE, RoleSessionName="eve"))
    assert other.search_provisioned_products()["ProvisionedProducts"] == []
    for level in ("Role", "Account"):
        found = other.search_provisioned_products(AccessLevelFilter={"Key": level, "Value": "self"})
        assert [each["Name"] for each in found["ProvisionedProducts"]] == ["mine"]
    catalogue.terminate("mine")


def test_a_stack_may_launch_a_product(emulator: Any, catalogue: Any) -> None:
    emulator.client("servicecatalog", SPOKE).associate_principal_with_portfolio(
        PortfolioId=catalogue.portfolio, PrincipalARN=f"arn:aws:iam::{SPOKE}:root", PrincipalType="IAM"
    )
    stack = emulator.deploy(
        {
            "Canary": {
                "Type": "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
                "Properties": {
                    "ProductId": catalogue.product,
                    "ProvisioningArtifactName": "1.0.0",
                    "ProvisionedProductName": "canary",
                    "ProvisioningParameters": [{"Key": "Name", "Value": "canary"}],
                    "Tags": [{"Key": "cost-centre", "Value": "4712"}],
                },
            }
        },
        outputs={"Bucket": {"Fn::GetAtt": ["Canary", "Outputs.BucketName"]}},
        account=SPOKE,
    )
    assert stack["Bucket"] == "product-canary"
    emulator.delete(stack["StackName"], SPOKE)
    assert "product-canary" not in [b["Name"] for b in emulator.client("s3", SPOKE).list_buckets()["Buckets"]]


def test_a_deprecated_version_is_updated_and_not_launched(catalogue: Any) -> None:
    catalogue.launch("older")
    version = {"ProductId": catalogue.product, "ProvisioningArtifactId": catalogue.versions[0]}
    catalogue.admin.update_provisioning_artifact(**version, Guidance="DEPRECATED")
    try:
        with pytest.raises(ClientError, match="is deprecated and cannot be provisioned"):
            catalogue.launch("newer")
        answer = catalogue.user.update_provisioned_product(
            ProvisionedProductName="older",
            **version,
            ProvisioningParameters=[{"Key": "Name", "UsePreviousValue": True}, {"Key": "Days", "Value": "60"}],
            UpdateToken="update-older",
        )
        assert catalogue.settled(answer["RecordDetail"])["Status"] == "SUCCEEDED"
    finally:
        catalogue.admin.update_provisioning_artifact(**version, Guidance="DEFAULT")
    catalogue.terminate("older")
