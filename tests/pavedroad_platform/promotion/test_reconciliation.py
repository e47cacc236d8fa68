import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pavedroad_platform.adoption.provisioned_product import ProvisionedProduct
from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization import Organization
from pavedroad_platform.promotion.reconciliation import Reconciliation
from pavedroad_platform.promotion.running import Running
from pavedroad_platform.proving.proofs import Proof

KEY = "secure-bucket"
VERSIONS = ("1.0.0", "1.1.0", "1.2.0")


@dataclass
class Catalogue:
    """A product in Service Catalog, its releases beside it, and what runs."""

    client: Any
    directory: Path
    organization: Organization
    product_id: str
    ids: dict[str, str]
    running: list[ProvisionedProduct] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)
    proved: set[str] = field(default_factory=lambda: set(VERSIONS))

    def reconciliation(self, **states: str) -> Reconciliation:
        lines = [f"{version}: {states.get(f'v{version[2]}', 'active')}" for version in VERSIONS]
        (self.directory / KEY / "lifecycle.yaml").write_text("\n".join(lines))
        releases = Releases(KEY, self.directory)
        proofs = {(KEY, each): Proof(digest=releases.digests[each], proved="now") for each in self.proved}
        return Reconciliation(
            catalog=self.client,
            organization=self.organization,
            published=[(products.load(KEY), releases)],
            proofs=proofs,
            running=lambda: Running(products=self.running, unread=self.unread),
        )

    def state(self, version: str) -> tuple[bool, str]:
        found = self.client.list_provisioning_artifacts(ProductId=self.product_id)["ProvisioningArtifactDetails"]
        (artifact,) = (each for each in found if each["Name"] == version)
        return artifact["Active"], artifact["Guidance"]

    def runs(self, name: str, version: str, account: str) -> None:
        self.running.append(
            ProvisionedProduct(
                account=account,
                region="eu-west-1",
                id=f"pp-{name}",
                name=name,
                product=KEY,
                version=version,
                status="AVAILABLE",
                launched=datetime.now(UTC),
            )
        )


_ACCOUNT = iter(range(200000000110, 200000000140))


@pytest.fixture
def catalogue(emulator: Any, organization: Organization, tmp_path: Path) -> Catalogue:
    account = str(next(_ACCOUNT))
    bucket = f"templates-{account}"
    emulator.client("s3", account).create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    client, releases = emulator.client("servicecatalog", account), Releases(KEY, tmp_path)
    identifier, ids = "", {}
    for version in VERSIONS:
        text = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "Description": version})
        releases.add(version, text)
        emulator.client("s3", account).put_object(Bucket=bucket, Key=version, Body=text.encode())
        parameters = {
            "Name": version,
            "Type": "CLOUD_FORMATION_TEMPLATE",
            "Info": {"LoadTemplateFromURL": f"https://{bucket}.s3.eu-west-1.amazonaws.com/{version}"},
        }
        if not identifier:
            made = client.create_product(
                Name=KEY,
                Owner="Platform",
                ProductType="CLOUD_FORMATION_TEMPLATE",
                ProvisioningArtifactParameters=parameters,
                IdempotencyToken="token",
            )
            identifier = made["ProductViewDetail"]["ProductViewSummary"]["ProductId"]
        else:
            made = client.create_provisioning_artifact(
                ProductId=identifier, Parameters=parameters, IdempotencyToken=version
            )
        ids[version] = made["ProvisioningArtifactDetail"]["Id"]
    return Catalogue(client=client, directory=tmp_path, organization=organization, product_id=identifier, ids=ids)


def told(reconciliation: Reconciliation) -> list[str]:
    with pytest.raises(PlatformError) as refused:
        reconciliation.apply()
    return [str(problem) for problem in refused.value.problems]


def test_each_version_is_brought_to_its_state_and_back(catalogue: Catalogue) -> None:
    catalogue.reconciliation(v0="deprecated", v1="deprecated").apply()
    assert [catalogue.state(version) for version in VERSIONS] == [
        (True, "DEPRECATED"),
        (True, "DEPRECATED"),
        (True, "DEFAULT"),
    ]
    catalogue.reconciliation(v0="retired", v1="active").apply()
    assert [catalogue.state(version) for version in VERSIONS] == [
        (False, "DEPRECATED"),
        (True, "DEFAULT"),
        (True, "DEFAULT"),
    ]


def test_a_check_tells_what_would_change_and_changes_nothing(catalogue: Catalogue) -> None:
    states = catalogue.reconciliation(v0="deprecated").check()
    assert [state.changes for state in states] == [True, False, False]
    assert catalogue.state("1.0.0") == (True, "DEFAULT")


def test_everybody_who_runs_a_version_that_is_to_go_is_named_and_nothing_changes(catalogue: Catalogue) -> None:
    catalogue.reconciliation(v0="deprecated", v1="deprecated").apply()
    catalogue.runs("invoices", "1.0.0", "666666666666")
    catalogue.runs("logs", "1.0.0", "555555555555")
    catalogue.runs("current", "1.2.0", "666666666666")
    assert told(catalogue.reconciliation(v0="retired", v1="active")) == [
        f"secure-bucket 1.0.0: it is to be retired, and the team {team} runs it: {name} in {account}\n"
        f"    Leave it deprecated until they ran: pavedroad upgrade {name} (or terminate)."
        for team, name, account in (("orders", "invoices", "666666666666"), ("platform", "logs", "555555555555"))
    ]
    assert catalogue.state("1.0.0") == (True, "DEPRECATED")
    assert catalogue.state("1.1.0") == (True, "DEPRECATED")


def test_what_may_be_launched_until_now_is_not_retired_at_once(catalogue: Catalogue) -> None:
    (problem,) = told(catalogue.reconciliation(v0="retired"))
    assert "it is to be retired and may still be launched" in problem
    assert "Make it deprecated in lifecycle.yaml and promote that first" in problem


def test_an_account_that_cannot_be_read_may_run_anything(catalogue: Catalogue) -> None:
    catalogue.reconciliation(v0="deprecated").apply()
    catalogue.unread.append(Problem(path="orders-production", cause="it cannot be read", fix="Mend it."))
    assert told(catalogue.reconciliation(v0="retired")) == ["orders-production: it cannot be read\n    Mend it."]


def test_nobody_is_asked_what_runs_where_nothing_is_retired(catalogue: Catalogue) -> None:
    catalogue.unread.append(Problem(cause="it cannot be read", fix="Mend it."))
    catalogue.reconciliation(v0="deprecated").apply()


def test_a_version_that_was_not_proved_as_it_is_published_is_refused(catalogue: Catalogue) -> None:
    catalogue.proved.remove("1.2.0")
    (problem,) = told(catalogue.reconciliation())
    assert problem == (
        "secure-bucket 1.2.0: this version was not proved as it is published\n"
        "    Prove it in the test account: pavedroad catalog prove"
    )


def test_all_that_is_refused_is_told_at_once(catalogue: Catalogue) -> None:
    catalogue.reconciliation(v0="deprecated").apply()
    catalogue.runs("invoices", "1.0.0", "666666666666")
    catalogue.proved.remove("1.2.0")
    assert len(told(catalogue.reconciliation(v0="retired", v1="retired"))) == 3


def test_what_is_not_published_is_told_when_it_is_to_be_brought_to_its_state(catalogue: Catalogue) -> None:
    catalogue.client.delete_provisioning_artifact(
        ProductId=catalogue.product_id, ProvisioningArtifactId=catalogue.ids["1.2.0"]
    )
    assert [state.now for state in catalogue.reconciliation().check()][-1] is None
    (problem,) = told(catalogue.reconciliation())
    assert "it is not published" in problem
    assert catalogue.reconciliation(v2="retired").apply()
