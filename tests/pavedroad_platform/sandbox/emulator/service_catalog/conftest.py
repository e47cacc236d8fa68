"""A catalogue in a hub account, shared with the organizational unit of a spoke account."""

import json
import time
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest

from pavedroad_platform.sandbox.emulator.registry_schemas import resource_schema

MANAGEMENT, HUB, SPOKE = "200000000011", "200000000012", "200000000013"


def template(*, tables: bool = False) -> dict[str, Any]:
    """The product: a bucket, and in its second version an alarm topic beside it."""
    resources: dict[str, Any] = {
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketName": {"Fn::Sub": "product-${Name}"},
                "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": {"Ref": "Days"}}]},
            },
        }
    }
    if tables:
        resources["Topic"] = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}}}
    return {
        "Metadata": {"Form": "a template that is larger than a body may be " * 1500},
        "Parameters": {
            "Name": {"Type": "String", "AllowedPattern": "[a-z-]{3,20}", "ConstraintDescription": "small letters"},
            "Days": {"Type": "Number", "Default": 30, "MinValue": 1, "MaxValue": 400},
            "Environment": {"Type": "String", "Default": "development", "AllowedValues": ["development", "production"]},
        },
        "Resources": resources,
        "Outputs": {"BucketName": {"Value": {"Ref": "Bucket"}, "Description": "the bucket"}},
    }


def launch_policy(*without: str) -> dict[str, Any]:
    """What the launch role needs: the permissions of the types' handlers, and those of the stack itself."""
    actions = {"cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack"}
    for type_name in ("AWS::S3::Bucket", "AWS::SNS::Topic"):
        schema = resource_schema(type_name)
        assert schema is not None
        for operation in ("create", "update", "delete"):
            actions |= set(schema.permissions(operation))
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": sorted(actions - set(without)), "Resource": "*"}],
    }


@dataclass
class Catalogue:
    """The hub's catalogue and its users.

    Attributes:
        product: The product's id.
        portfolio: The portfolio's id.
        versions: The versions' ids.
        unit: The organizational unit of the spoke.
        developer: Credentials of a developer in the spoke.
    """

    emulator: Any
    product: str
    portfolio: str
    versions: list[str]
    unit: str
    developer: dict[str, str]

    @property
    def admin(self) -> Any:
        return self.emulator.client("servicecatalog", HUB)

    @property
    def user(self) -> Any:
        return self.emulator.client("servicecatalog", credentials=self.developer)

    def launch(self, name: str, *, version: int = 0, **parameters: str) -> dict[str, Any]:
        """Launch the product as the developer and wait; return the record."""
        answer = self.user.provision_product(
            ProductId=self.product,
            ProvisioningArtifactId=self.versions[version],
            ProvisionedProductName=name,
            ProvisionToken=name,
            ProvisioningParameters=[
                {"Key": key, "Value": value} for key, value in ({"Name": name} | parameters).items()
            ],
            Tags=[{"Key": "cost-centre", "Value": "4711"}],
        )
        return self.settled(answer["RecordDetail"])

    def settled(self, record: dict[str, Any]) -> dict[str, Any]:
        deadline = time.monotonic() + 20
        while record["Status"] == "IN_PROGRESS" and time.monotonic() < deadline:
            time.sleep(0.02)
            record = self.user.describe_record(Id=record["RecordId"])["RecordDetail"]
        return record

    def terminate(self, name: str) -> dict[str, Any]:
        answer = self.user.terminate_provisioned_product(ProvisionedProductName=name, TerminateToken=f"end-{name}")
        return self.settled(answer["RecordDetail"])


def _organization(emulator: Any) -> str:
    accounts = [
        {"id": HUB, "name": "hub", "email": "hub@example.com"},
        {"id": SPOKE, "name": "spoke", "email": "spoke@example.com"},
    ]
    url = f"{emulator.endpoint}/_pavedroad/accounts"
    urllib.request.urlopen(urllib.request.Request(url, data=json.dumps(accounts).encode(), method="PUT")).close()
    member = {"Type": "AWS::Organizations::Account"}
    unit = {"ParentIds": [{"Ref": "Unit"}]}
    made = emulator.deploy(
        {
            "Organization": {"Type": "AWS::Organizations::Organization"},
            "Unit": {
                "Type": "AWS::Organizations::OrganizationalUnit",
                "Properties": {"Name": "Workloads", "ParentId": {"Fn::GetAtt": ["Organization", "RootId"]}},
            },
            "Hub": {
                **member,
                "DependsOn": "Organization",
                "Properties": {"AccountName": "hub", "Email": "hub@example.com"},
            },
            "Spoke": {**member, "Properties": {"AccountName": "spoke", "Email": "spoke@example.com", **unit}},
        },
        outputs={"Unit": {"Ref": "Unit"}},
        account=MANAGEMENT,
    )
    return str(made["Unit"])


def _catalog_resources() -> dict[str, Any]:
    link = {"PortfolioId": {"Ref": "Portfolio"}, "ProductId": {"Ref": "Product"}}
    url = "https://catalogue-assets.s3.eu-west-1.amazonaws.com"
    kind = "AWS::ServiceCatalog::"
    rule = {
        "Assertions": [
            {
                "Assert": {"Fn::Contains": [["development"], {"Ref": "Environment"}]},
                "AssertDescription": "Only development is open",
            }
        ]
    }
    return {
        "Portfolio": {
            "Type": f"{kind}Portfolio",
            "Properties": {"DisplayName": "Building blocks", "ProviderName": "Platform team"},
        },
        "Product": {
            "Type": f"{kind}CloudFormationProduct",
            "Properties": {
                "Name": "Bucket",
                "Owner": "Platform team",
                "Description": "A bucket for files",
                "ProvisioningArtifactParameters": [
                    {"Name": "1.0.0", "Info": {"LoadTemplateFromURL": f"{url}/1.json"}},
                    {"Name": "1.1.0", "Info": {"LoadTemplateFromURL": f"{url}/2.json"}},
                ],
            },
        },
        "InPortfolio": {"Type": f"{kind}PortfolioProductAssociation", "Properties": link},
        "Developers": {
            "Type": f"{kind}PortfolioPrincipalAssociation",
            "Properties": {
                "PortfolioId": {"Ref": "Portfolio"},
                "PrincipalARN": "arn:aws:iam:::role/team-*",
                "PrincipalType": "IAM_PATTERN",
            },
        },
        "LaunchRole": {
            "Type": f"{kind}LaunchRoleConstraint",
            "DependsOn": "InPortfolio",
            "Properties": {**link, "LocalRoleName": "launch-bucket"},
        },
        "OnlyDevelopment": {
            "Type": f"{kind}LaunchTemplateConstraint",
            "DependsOn": "InPortfolio",
            "Properties": {**link, "Rules": json.dumps({"OnlyDevelopment": rule})},
        },
        "CostCentre": {"Type": f"{kind}TagOption", "Properties": {"Key": "cost-centre", "Value": "4711"}},
        "OtherCostCentre": {"Type": f"{kind}TagOption", "Properties": {"Key": "cost-centre", "Value": "4712"}},
        "Tagged": {
            "Type": f"{kind}TagOptionAssociation",
            "Properties": {"TagOptionId": {"Ref": "CostCentre"}, "ResourceId": {"Ref": "Portfolio"}},
        },
        "OtherTagged": {
            "Type": f"{kind}TagOptionAssociation",
            "Properties": {"TagOptionId": {"Ref": "OtherCostCentre"}, "ResourceId": {"Ref": "Portfolio"}},
        },
    }


@pytest.fixture(scope="session")
def catalogue(emulator: Any) -> Catalogue:
    unit = _organization(emulator)
    s3 = emulator.client("s3", HUB)
    s3.create_bucket(Bucket="catalogue-assets", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="catalogue-assets", Key="1.json", Body=json.dumps(template()).encode())
    s3.put_object(Bucket="catalogue-assets", Key="2.json", Body=json.dumps(template(tables=True)).encode())
    for account in (HUB, SPOKE):
        trust = emulator.trusting({"Service": "servicecatalog.amazonaws.com"})
        emulator.role("launch-bucket", trust, launch_policy(), account=account)
        emulator.role(
            "team-developer",
            emulator.trusting({"AWS": f"arn:aws:iam::{account}:root"}),
            emulator.allowing("servicecatalog:*"),
            account=account,
        )
    made = emulator.deploy(
        _catalog_resources(),
        outputs={
            "Portfolio": {"Ref": "Portfolio"},
            "Product": {"Ref": "Product"},
            "Versions": {"Fn::GetAtt": ["Product", "ProvisioningArtifactIds"]},
        },
        account=HUB,
    )
    emulator.client("servicecatalog", HUB).create_portfolio_share(
        PortfolioId=made["Portfolio"],
        OrganizationNode={"Type": "ORGANIZATIONAL_UNIT", "Value": unit},
        SharePrincipals=True,
        ShareTagOptions=True,
    )
    return Catalogue(
        emulator=emulator,
        product=made["Product"],
        portfolio=made["Portfolio"],
        versions=made["Versions"].split(","),
        unit=unit,
        developer=emulator.assume(f"arn:aws:iam::{SPOKE}:role/team-developer", by=SPOKE, RoleSessionName="ada"),
    )
