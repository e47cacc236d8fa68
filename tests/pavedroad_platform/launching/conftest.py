"""A catalogue in one account, a developer who may launch from it, and the command as they type it."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from pavedroad_platform.launching.client import Clients
from pavedroad_platform.sandbox.emulator.registry_schemas import resource_schema

ACCOUNT = "200000000021"


def bucket_template(version: str) -> dict[str, Any]:
    """A bucket with a form; in 1.1.0 a topic beside it."""
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "BucketName": {"Fn::Sub": "files-${Name}"},
            "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": {"Ref": "Days"}}]},
        },
    }
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}}}
    return {
        "Metadata": {
            "AWS::CloudFormation::Interface": {
                "ParameterGroups": [
                    {"Label": {"default": "What it is"}, "Parameters": ["Name"]},
                    {"Label": {"default": "How long it keeps"}, "Parameters": ["Days", "Purpose"]},
                ],
                "ParameterLabels": {"Days": {"default": "Days until deletion"}},
            }
        },
        "Parameters": {
            "Days": {"Type": "Number", "Default": 30, "MinValue": 1, "MaxValue": 400, "Description": "When it ends."},
            "Name": {"Type": "String", "AllowedPattern": "[a-z0-9-]{3,30}", "ConstraintDescription": "small letters"},
            "Purpose": {"Type": "String", "Default": "test", "AllowedValues": ["test", "archive"]},
        },
        "Rules": {
            "Archive": {
                "RuleCondition": {"Fn::Equals": [{"Ref": "Purpose"}, "archive"]},
                "Assertions": [
                    {
                        "Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Days"}, "30"]}]},
                        "AssertDescription": "An archive needs Days of its own.",
                    }
                ],
            }
        },
        "Resources": {"Bucket": bucket, **({"Topic": topic} if version == "1.1.0" else {})},
        "Outputs": {"BucketName": {"Value": {"Ref": "Bucket"}, "Description": "Where files are put."}},
    }


def table_template(key: str) -> dict[str, Any]:
    """A table whose key cannot change, for a table cannot change its key."""
    return {
        "Resources": {
            "Table": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                },
            }
        },
    }


def broken_template() -> dict[str, Any]:
    """A topic that is made, and a bucket by its name, which another bucket has: it fails half-way."""
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "taken-by-another"}}
    name = {"Fn::GetAtt": ["Topic", "TopicName"]}
    return {"Resources": {"Topic": topic, "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}}}


PRODUCTS = {
    "files": {"1.0.0": bucket_template("1.0.0"), "1.1.0": bucket_template("1.1.0")},
    "table": {"1.0.0": table_template("Id"), "2.0.0": table_template("Order")},
    "broken": {"1.0.0": broken_template()},
}


def launch_policy(*without: str) -> dict[str, Any]:
    actions = {"cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack"}
    for type_name in ("AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::DynamoDB::Table"):
        schema = resource_schema(type_name)
        assert schema is not None
        actions |= {action for each in ("create", "update", "delete") for action in schema.permissions(each)}
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": sorted(actions - set(without)), "Resource": "*"}],
    }


def _product(name: str, versions: Mapping[str, Any]) -> dict[str, Any]:
    url = "https://launch-assets.s3.eu-west-1.amazonaws.com"
    link = {"PortfolioId": {"Ref": "Portfolio"}, "ProductId": {"Ref": name}}
    kind = "AWS::ServiceCatalog::"
    return {
        name: {
            "Type": f"{kind}CloudFormationProduct",
            "Properties": {
                "Name": name,
                "Owner": "Platform team",
                "Description": f"What {name} is for",
                "ProvisioningArtifactParameters": [
                    {"Name": version, "Info": {"LoadTemplateFromURL": f"{url}/{name}-{version}.json"}}
                    for version in versions
                ],
            },
        },
        f"{name}In": {"Type": f"{kind}PortfolioProductAssociation", "Properties": link},
        f"{name}Role": {
            "Type": f"{kind}LaunchRoleConstraint",
            "DependsOn": f"{name}In",
            "Properties": {**link, "LocalRoleName": "launch-role"},
        },
    }


def _tag(value: str) -> dict[str, Any]:
    kind = "AWS::ServiceCatalog::"
    return {
        value: {"Type": f"{kind}TagOption", "Properties": {"Key": "lifetime", "Value": value}},
        f"{value}On": {
            "Type": f"{kind}TagOptionAssociation",
            "Properties": {"TagOptionId": {"Ref": value}, "ResourceId": {"Ref": "Portfolio"}},
        },
    }


@dataclass
class Shop:
    """The catalogue and who uses it.

    Attributes:
        emulator: Where it runs.
        credentials: Those of the developer.
        clients: The developer's clients.
    """

    emulator: Any
    credentials: Mapping[str, str]
    clients: Clients

    def admin(self, service: str) -> Any:
        return self.emulator.client(service, ACCOUNT)


def clients_of(emulator: Any, credentials: Mapping[str, str]) -> Clients:
    def service(name: str) -> Any:
        return emulator.client(name, credentials=credentials)

    return Clients(service=service, account=ACCOUNT, region="eu-west-1")


@pytest.fixture(scope="session")
def shop(emulator: Any) -> Shop:
    s3 = emulator.client("s3", ACCOUNT)
    for bucket in ("launch-assets", "taken-by-another"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for name, versions in PRODUCTS.items():
        for version, template in versions.items():
            s3.put_object(Bucket="launch-assets", Key=f"{name}-{version}.json", Body=json.dumps(template).encode())
    trust = emulator.trusting({"Service": "servicecatalog.amazonaws.com"})
    emulator.role("launch-role", trust, launch_policy(), account=ACCOUNT)
    people = emulator.trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    events = "cloudformation:DescribeStackEvents"
    developer = emulator.role("shop-developer", people, emulator.allowing("servicecatalog:*", events), account=ACCOUNT)
    resources: dict[str, Any] = {
        "Portfolio": {
            "Type": "AWS::ServiceCatalog::Portfolio",
            "Properties": {"DisplayName": "Building blocks", "ProviderName": "Platform team"},
        },
        "Developers": {
            "Type": "AWS::ServiceCatalog::PortfolioPrincipalAssociation",
            "Properties": {
                "PortfolioId": {"Ref": "Portfolio"},
                "PrincipalARN": "arn:aws:iam:::role/shop-*",
                "PrincipalType": "IAM_PATTERN",
            },
        },
        **_tag("permanent"),
        **_tag("temporary"),
    }
    for name, versions in PRODUCTS.items():
        resources |= _product(name, versions)
    emulator.deploy(resources, account=ACCOUNT)
    credentials = emulator.assume(developer, by=ACCOUNT, RoleSessionName="ada")
    return Shop(emulator=emulator, credentials=credentials, clients=clients_of(emulator, credentials))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, caller_environment: Any, shop: Shop) -> pytest.MonkeyPatch:
    """The developer's, which a test may spoil."""
    for name, value in caller_environment(shop.credentials).items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture
def pavedroad(environment: pytest.MonkeyPatch, said_by: Any) -> Callable[..., Any]:
    """Runs the command in process, as the developer."""
    return said_by


@pytest.fixture
def launched(pavedroad: Any) -> Iterator[Callable[..., Any]]:
    """Launches, and ends what was launched after the test."""
    names: list[str] = []

    def launch(product: str, name: str, *arguments: str) -> Any:
        names.append(name)
        return pavedroad("launch", product, name, "--tag", "lifetime=temporary", "--yes", *arguments)

    yield launch
    for name in names:
        pavedroad("terminate", name, "--yes")


@pytest.fixture
def launch_role(shop: Shop) -> Iterator[Callable[..., None]]:
    """Takes permissions from the launch role for the test."""

    def change(*without: str) -> None:
        document = json.dumps(launch_policy(*without))
        shop.admin("iam").put_role_policy(RoleName="launch-role", PolicyName="policy-0", PolicyDocument=document)

    yield change
    change()
