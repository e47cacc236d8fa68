"""A catalogue in a hub, two accounts that launch from it, and an audit account that sees what Config records."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from pavedroad_platform.adoption.scope import Owner, Scope

HUB, AUDIT, RECORDED, UNRECORDED = "200000000051", "200000000052", "200000000053", "200000000054"
AGGREGATOR, ROLE = "example-organization", "PavedRoadAdoption"

_URL = "https://adoption-assets.s3.eu-west-1.amazonaws.com"
_KIND = "AWS::ServiceCatalog::"
_VERSIONS = {"store": ("1.0.0", "1.1.0", "2.0.0"), "beacon": ("1.0.0",)}

_SCOPE = Scope(
    region="eu-west-1",
    catalogue_account=HUB,
    aggregator_account=AUDIT,
    aggregator=AGGREGATOR,
    role=ROLE,
    archive_account=AUDIT,
    bucket="adoption-reports",
    accounts={
        HUB: Owner(key="shared-services", team="platform", launches=False),
        AUDIT: Owner(key="audit", team="platform", launches=False),
        RECORDED: Owner(key="orders-production", team="orders", launches=True),
        UNRECORDED: Owner(key="billing-production", team="billing", launches=True),
    },
    library=("1.0.0", "1.1.0"),
    products={
        "store": {"1.0.0": "deprecated", "1.1.0": "active", "2.0.0": "active"},
        "beacon": {"1.0.0": "active"},
    },
)


@dataclass
class Adopted:
    """The accounts and what was launched.

    Attributes:
        emulator: Where they are.
        ids: The ids of what was launched, by name.
    """

    emulator: Any
    ids: Mapping[str, str]

    def client(self, service: str, account: str) -> Any:
        """A client of the account's administrator, in the place of a session of the reading role."""
        return self.emulator.client(service, account)

    def reading_with(self, *actions: str) -> Callable[[str, str], Any]:
        """Clients of a role of each account that may do ``actions`` only."""

        def client(service: str, account: str) -> Any:
            name = f"reader-{abs(hash(actions))}"
            arn = f"arn:aws:iam::{account}:role/{name}"
            iam = self.client("iam", account)
            if name not in {role["RoleName"] for role in iam.list_roles()["Roles"]}:
                trust = self.emulator.trusting({"AWS": f"arn:aws:iam::{account}:root"})
                self.emulator.role(name, trust, self.emulator.allowing(*actions), account=account)
            return self.emulator.client(service, credentials=self.emulator.assume(arn, by=account))

        return client


def _template(product: str, version: str) -> dict[str, Any]:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": f"{product} {version}"}}
    if product == "beacon":
        # A name that somebody has: the launch fails.
        topic = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "adoption-assets"}}
    return {"Resources": {"Resource": topic}}


def _product(name: str) -> dict[str, Any]:
    return {
        name: {
            "Type": f"{_KIND}CloudFormationProduct",
            "Properties": {
                "Name": name,
                "Owner": "Platform",
                "ProvisioningArtifactParameters": [
                    {"Name": version, "Info": {"LoadTemplateFromURL": f"{_URL}/{name}-{version}.json"}}
                    for version in _VERSIONS[name]
                ],
            },
        },
        f"{name}In": {
            "Type": f"{_KIND}PortfolioProductAssociation",
            "Properties": {"PortfolioId": {"Ref": "Portfolio"}, "ProductId": {"Ref": name}},
        },
    }


def _publish(emulator: Any) -> str:
    s3 = emulator.client("s3", HUB)
    s3.create_bucket(Bucket="adoption-assets", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for product, versions in _VERSIONS.items():
        for version in versions:
            body = json.dumps(_template(product, version)).encode()
            s3.put_object(Bucket="adoption-assets", Key=f"{product}-{version}.json", Body=body)
    portfolio = {"DisplayName": "Adopted", "ProviderName": "Platform"}
    resources = {"Portfolio": {"Type": f"{_KIND}Portfolio", "Properties": portfolio}}
    made = emulator.deploy(
        {**resources, **_product("store"), **_product("beacon")},
        outputs={"Portfolio": {"Ref": "Portfolio"}},
        account=HUB,
    )
    return str(made["Portfolio"])


def _open(emulator: Any, portfolio: str, account: str) -> None:
    emulator.client("servicecatalog", HUB).create_portfolio_share(PortfolioId=portfolio, AccountId=account)
    catalog = emulator.client("servicecatalog", account)
    catalog.accept_portfolio_share(PortfolioId=portfolio)
    catalog.associate_principal_with_portfolio(
        PortfolioId=portfolio, PrincipalARN=f"arn:aws:iam::{account}:root", PrincipalType="IAM"
    )


def _launch(emulator: Any, account: str, product: str, version: str, name: str) -> str:
    catalog = emulator.client("servicecatalog", account)
    record = catalog.provision_product(
        ProductName=product,
        ProvisioningArtifactName=version,
        ProvisionedProductName=name,
        ProvisionToken=name,
    )["RecordDetail"]
    deadline = time.monotonic() + 20
    while record["Status"] == "IN_PROGRESS" and time.monotonic() < deadline:
        time.sleep(0.02)
        record = catalog.describe_record(Id=record["RecordId"])["RecordDetail"]
    return str(record["ProvisionedProductId"])


@pytest.fixture(scope="session")
def adopted(emulator: Any) -> Adopted:
    portfolio = _publish(emulator)
    for account in (RECORDED, UNRECORDED):
        _open(emulator, portfolio, account)
    recorder = {"Type": "AWS::Config::ConfigurationRecorder", "Properties": {"RoleARN": _role(RECORDED)}}
    # What a team made with the library in an app of its own.
    stamp = [{"Key": "pavedroad:construct", "Value": "SecureBucket/1.0.0"}, {"Key": "team", "Value": "orders"}]
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "own-files", "Tags": stamp}}
    emulator.deploy({"Recorder": recorder, "Bucket": bucket}, account=RECORDED)
    reading = emulator.allowing(
        "config:SelectAggregateResourceConfig", "servicecatalog:SearchProvisionedProducts", "s3:*", resource="*"
    )
    for account in (AUDIT, RECORDED, UNRECORDED):
        emulator.role(ROLE, emulator.trusting({"AWS": f"arn:aws:iam::{HUB}:root"}), reading, account=account)
    source = {"AccountIds": [RECORDED, UNRECORDED], "AllAwsRegions": True}
    aggregator = {
        "Type": "AWS::Config::ConfigurationAggregator",
        "Properties": {"ConfigurationAggregatorName": AGGREGATOR, "AccountAggregationSources": [source]},
    }
    emulator.deploy({"Aggregator": aggregator}, account=AUDIT)
    launches = (
        (RECORDED, "store", "1.0.0", "archive"),
        (RECORDED, "store", "2.0.0", "orders"),
        (RECORDED, "beacon", "1.0.0", "broken"),
        (UNRECORDED, "store", "1.1.0", "invoices"),
    )
    return Adopted(emulator=emulator, ids={launch[-1]: _launch(emulator, *launch) for launch in launches})


def _role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"


@pytest.fixture(scope="session")
def scope() -> Scope:
    """What the reports are about."""
    return _SCOPE
