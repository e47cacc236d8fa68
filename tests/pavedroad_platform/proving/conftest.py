"""A catalogue of one small product in three accounts: where it is offered, where it is proved, where a team runs it."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pavedroad_platform.adoption.published_versions import published_versions
from pavedroad_platform.adoption.service_catalog_source import provisioned_products_in
from pavedroad_platform.catalog.product import Output, Parameter, Product
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.organization import Organization
from pavedroad_platform.promotion.reconciliation import Reconciliation
from pavedroad_platform.promotion.running import Running
from pavedroad_platform.proving.proof import Proved, prove
from pavedroad_platform.proving.proofs import Published, read_proofs
from pavedroad_platform.sandbox.emulator.registry_schemas import resource_schema

REGION = "eu-west-1"
KEY = "files"


def template(version: str) -> dict[str, Any]:
    """A bucket; from 1.1.0 on it is kept when its launch ends, and a topic stands beside it."""
    resources: dict[str, Any] = {
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": {"Ref": "Days"}}]}
            },
        }
    }
    if version != "1.0.0":
        resources["Topic"] = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": version}}
        resources["Bucket"]["DeletionPolicy"] = "Retain"
    return {
        "Parameters": {"Days": {"Type": "Number", "Default": 30}, "Purpose": {"Type": "String"}},
        "Resources": resources,
        "Outputs": {"BucketName": {"Value": {"Ref": "Bucket"}, "Description": "Where files are put."}},
    }


PRODUCT = Product(
    key=KEY,
    title="Files",
    version="1.0.0",
    summary="A place for files.",
    parameters=(
        Parameter(name="Days", label="Days", group="Keeping", help="When it ends.", type="Number", default=30),
        Parameter(name="Purpose", label="Purpose", group="Keeping", help="What for.", example="documents"),
    ),
    outputs=(Output(name="BucketName", purpose="Where files are put."),),
    build=lambda _stack, _parameters: {},
)


def launch_policy(*without: str) -> dict[str, Any]:
    """What the launch role may do."""
    actions = {"cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack"}
    for type_name in ("AWS::S3::Bucket", "AWS::SNS::Topic"):
        schema = resource_schema(type_name)
        assert schema is not None
        actions |= {action for each in ("create", "update", "delete") for action in schema.permissions(each)}
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": sorted(actions - set(without)), "Resource": "*"}],
    }


@dataclass
class World:
    """The three accounts and what is released.

    Attributes:
        emulator: Where they are.
        organization: The configuration.
        releases: The releases of the product.
        stacks: The stack that publishes, by account.
    """

    emulator: Any
    organization: Organization
    releases: Releases
    stacks: dict[str, str] = field(default_factory=dict)

    @property
    def published(self) -> Published:
        return [(PRODUCT, self.releases)]

    def account(self, key: str) -> str:
        return self.organization.accounts[key].id

    def clients(self, key: str) -> Clients:
        """Those of the account's administrator."""
        account = self.account(key)
        return Clients(service=lambda name: self.emulator.client(name, account), account=account, region=REGION)

    def as_role(self, key: str, role: str) -> tuple[Clients, Mapping[str, str]]:
        """The clients and credentials of a role."""
        arn, account = f"arn:aws:iam::{self.account(key)}:role/{role}", self.account(key)
        credentials = self.emulator.assume(arn, by=account, RoleSessionName="ada")
        return (
            Clients(
                service=lambda name: self.emulator.client(name, credentials=credentials), account=account, region=REGION
            ),
            credentials,
        )

    def release(self, version: str) -> None:
        """Freeze a version and publish it in both catalogues."""
        self.releases.add(version, self.template(version))
        self.publish()

    @staticmethod
    def template(version: str) -> str:
        """What is frozen as a version."""
        return json.dumps(template(version))

    def set_state(self, version: str, state: str) -> None:
        """What somebody writes into lifecycle.yaml."""
        file = self.releases.directory / KEY / "lifecycle.yaml"
        lines = [line for line in file.read_text().splitlines() if not line.startswith(f"{version}:")]
        file.write_text("\n".join([*lines, f"{version}: {state}"]) + "\n")
        self.releases = Releases(KEY, self.releases.directory)

    def publish(self, *keys: str) -> None:
        """Deploy the catalogue to the accounts, as their stacks do."""
        for key in keys or ("shared-services", "catalog-test"):
            account = self.account(key)
            bucket = f"assets-{account}"
            for version in self.releases.offered:
                text = self.releases.text(version).encode()
                self.emulator.client("s3", account).put_object(Bucket=bucket, Key=f"{version}.json", Body=text)
            principals = ["team-*"] if key == "shared-services" else [_execution_role(account), "PavedRoadCatalogProof"]
            name = self.stacks.get(account, "")
            made = self.emulator.deploy(
                _catalog(self.releases.offered, bucket, principals),
                outputs={"Portfolio": {"Ref": "Portfolio"}},
                account=account,
                name=name,
            )
            if account not in self.stacks and key == "shared-services":
                self._share(made["Portfolio"])
            self.stacks[account] = made["StackName"]

    def _share(self, portfolio: str) -> None:
        spoke = self.account("orders-development")
        self.clients("shared-services").catalog.create_portfolio_share(
            PortfolioId=portfolio, AccountId=spoke, SharePrincipals=True
        )
        self.clients("orders-development").catalog.accept_portfolio_share(PortfolioId=portfolio)

    def prove(self) -> list[Proved]:
        """Prove what was released, as the pipeline does."""
        clients, _ = self.as_role("catalog-test", "PavedRoadCatalogProof")
        return prove(clients, self.organization, self.published, lambda _name, _event: None)

    def running(self) -> Running:
        """What the report on adoption finds in the team's account."""
        published = published_versions(self.clients("shared-services").catalog)
        spoke = self.clients("orders-development")
        return Running(products=provisioned_products_in(spoke.account, spoke.catalog, published, region=REGION))

    def reconciliation(self) -> Reconciliation:
        """What the pipeline checks before a deployment and does after it."""
        return Reconciliation(
            catalog=self.clients("shared-services").catalog,
            organization=self.organization,
            published=self.published,
            proofs=read_proofs(self.clients("catalog-test").service("ssm"), self.organization.names),
            running=self.running,
        )


def _execution_role(account: str) -> str:
    return f"cdk-hnb659fds-cfn-exec-role-{account}-{REGION}"


def _catalog(versions: list[str], bucket: str, principals: list[str]) -> dict[str, Any]:
    kind, link = "AWS::ServiceCatalog::", {"PortfolioId": {"Ref": "Portfolio"}, "ProductId": {"Ref": "Product"}}
    url = f"https://{bucket}.s3.{REGION}.amazonaws.com"
    admitted = {
        f"Principal{number}": {
            "Type": f"{kind}PortfolioPrincipalAssociation",
            "Properties": {
                "PortfolioId": {"Ref": "Portfolio"},
                "PrincipalARN": f"arn:aws:iam:::role/{principal}",
                "PrincipalType": "IAM_PATTERN",
            },
        }
        for number, principal in enumerate(principals)
    }
    return {
        "Portfolio": {
            "Type": f"{kind}Portfolio",
            "Properties": {"DisplayName": "Building blocks", "ProviderName": "Platform Engineering"},
        },
        "Product": {
            "Type": f"{kind}CloudFormationProduct",
            "Properties": {
                "Name": KEY,
                "Owner": "Platform Engineering",
                "ProvisioningArtifactParameters": [
                    {"Name": version, "Info": {"LoadTemplateFromURL": f"{url}/{version}.json"}} for version in versions
                ],
            },
        },
        "InPortfolio": {"Type": f"{kind}PortfolioProductAssociation", "Properties": link},
        "Role": {
            "Type": f"{kind}LaunchRoleConstraint",
            "DependsOn": "InPortfolio",
            "Properties": {**link, "LocalRoleName": "PavedRoadLaunchFiles"},
        },
        **admitted,
    }


_NUMBER = iter(range(200000000031, 200000000099, 3))


@pytest.fixture
def world(emulator: Any, organization: Organization, tmp_path: Path) -> World:
    """Accounts of its own for each test: nothing is released in them yet."""
    first = next(_NUMBER)
    ids = {"shared-services": str(first), "catalog-test": str(first + 1), "orders-development": str(first + 2)}
    accounts = {
        key: account.model_copy(update={"id": ids[key]} if key in ids else {})
        for key, account in organization.accounts.items()
    }
    offered = organization.catalog.products["secure-bucket"].model_copy(update={"key": KEY})
    portfolio = organization.catalog.portfolios["building-blocks"].model_copy(
        update={"products": (KEY,), "tag_options": {}}
    )
    catalog = organization.catalog.model_copy(
        update={"products": {KEY: offered}, "portfolios": {"building-blocks": portfolio}}
    )
    for account in ids.values():
        emulator.client("s3", account).create_bucket(
            Bucket=f"assets-{account}", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        trust = emulator.trusting({"Service": "servicecatalog.amazonaws.com"})
        emulator.role("PavedRoadLaunchFiles", trust, launch_policy(), account=account)
    people = emulator.trusting({"AWS": f"arn:aws:iam::{ids['catalog-test']}:root"})
    everything = emulator.allowing("*")
    emulator.role("PavedRoadCatalogProof", people, everything, account=ids["catalog-test"])
    deploys = emulator.trusting({"Service": "cloudformation.amazonaws.com"})
    emulator.role(_execution_role(ids["catalog-test"]), deploys, everything, account=ids["catalog-test"])
    people = emulator.trusting({"AWS": f"arn:aws:iam::{ids['orders-development']}:root"})
    emulator.role("team-developer", people, everything, account=ids["orders-development"])
    return World(
        emulator=emulator,
        organization=organization.model_copy(update={"accounts": accounts, "catalog": catalog}),
        releases=Releases(KEY, tmp_path / "catalog"),
    )


@pytest.fixture
def launch_role(world: World) -> Iterator[Callable[..., None]]:
    """Takes permissions from the launch role of the test account."""

    def change(*without: str) -> None:
        world.clients("catalog-test").service("iam").put_role_policy(
            RoleName="PavedRoadLaunchFiles", PolicyName="policy-0", PolicyDocument=json.dumps(launch_policy(*without))
        )

    yield change
    change()
