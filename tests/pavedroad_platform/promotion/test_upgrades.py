import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pavedroad_platform.adoption.provisioned_product import ProvisionedProduct
from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.organization import Organization
from pavedroad_platform.promotion.upgrades import Upgrade, due_upgrades
from pavedroad_platform.versions import Step


def template(**parameters: Any) -> str:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {}}
    return json.dumps({"Parameters": parameters, "Resources": {"Topic": topic}})


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    """In 1.1.0 a parameter more, which has a default; in 2.0.0 a parameter less."""
    days, purpose = {"Type": "Number", "Default": 30}, {"Type": "String", "Default": "none"}
    made = Releases("secure-bucket", tmp_path)
    made.add("1.0.0", template(Days=days))
    made.add("1.1.0", template(Days=days, Purpose=purpose))
    made.add("2.0.0", template(Purpose=purpose))
    return made


def running(version: str, account: str = "666666666666") -> ProvisionedProduct:
    return ProvisionedProduct(
        account=account,
        region="eu-west-1",
        id="pp-1",
        name="files",
        product="secure-bucket",
        version=version,
        status="AVAILABLE",
        launched=datetime.now(UTC),
    )


def due(organization: Organization, releases: Releases, *launches: ProvisionedProduct) -> list[Upgrade]:
    return due_upgrades(organization, [(products.load("secure-bucket"), releases)], launches)


def test_what_is_behind_is_due_with_what_breaks_and_its_days(organization: Organization, releases: Releases) -> None:
    (upgrade,) = due(organization, releases, running("1.0.0"))
    assert (upgrade.team, upgrade.current, upgrade.target) == ("orders", "1.0.0", "2.0.0")
    assert (upgrade.step, upgrade.days, upgrade.deprecated) == (Step.MAJOR, 180, False)
    assert len(upgrade.breaks) == 1
    assert upgrade.breaks[0].startswith("parameter Days")


def test_a_minor_upgrade_breaks_nothing_and_has_fewer_days(organization: Organization, releases: Releases) -> None:
    lifecycle = releases.directory / "secure-bucket" / "lifecycle.yaml"
    lifecycle.write_text("1.0.0: deprecated\n1.1.0: active\n2.0.0: deprecated\n")
    (upgrade,) = due(organization, Releases("secure-bucket", releases.directory), running("1.0.0"))
    assert (upgrade.target, upgrade.step, upgrade.days) == ("1.1.0", Step.MINOR, 90)
    assert (upgrade.breaks, upgrade.deprecated) == ((), True)
    assert "  Nothing that you rely on." in upgrade.message(datetime.now(UTC).date())


def test_what_is_current_newer_or_not_known_is_not_due(organization: Organization, releases: Releases) -> None:
    assert due(organization, releases, running("2.0.0"), running("3.0.0"), running("pa-unknown")) == []


def test_what_runs_in_a_platform_account_is_the_platform_teams(organization: Organization, releases: Releases) -> None:
    (upgrade,) = due(organization, releases, running("1.0.0", account="555555555555"))
    assert upgrade.team == "platform"


def test_the_days_are_configured(organization: Organization, releases: Releases) -> None:
    days = organization.catalog.upgrade_days.model_copy(update={"major": 365})
    catalog = organization.catalog.model_copy(update={"upgrade_days": days})
    (upgrade,) = due(organization.model_copy(update={"catalog": catalog}), releases, running("1.0.0"))
    assert upgrade.days == 365
