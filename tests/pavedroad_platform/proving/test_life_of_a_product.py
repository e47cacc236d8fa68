"""A product's life, end to end: released, launched, released again, proved, promoted, upgraded, deprecated, retired."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pavedroad_platform.adoption.lag import lag
from pavedroad_platform.catalog.releases import Status
from pavedroad_platform.errors import PlatformError
from pavedroad_platform.promotion.upgrades import due_upgrades


@pytest.fixture
def team(world: Any, said_by: Any, caller_environment: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command as a developer of the team types it, in the team's account."""

    def run(*arguments: str) -> Any:
        _, credentials = world.as_role("orders-development", "team-developer")
        for name, value in caller_environment(credentials).items():
            monkeypatch.setenv(name, value)
        return said_by(*arguments)

    return run


def behind(world: Any) -> dict[str, bool]:
    """Whether each launch is behind, as adoption tells."""
    now = datetime.now(UTC)
    running = world.running().products
    return {each.name: lag(each.version, world.releases.active, {}, now).is_behind for each in running}


def states(world: Any) -> dict[str, Status | None]:
    return {each.version: each.now for each in world.reconciliation().check()}


def test_a_version_lives_from_its_release_to_its_end(world: Any, team: Any) -> None:
    world.release("1.0.0")
    world.prove()
    world.reconciliation().apply()
    launched = team("launch", "files", "invoices", "--set", "Purpose=invoices", "--yes", "--json")
    assert launched.code == 0, launched.error
    assert launched.json["version"] == "1.0.0"
    assert behind(world) == {"invoices": False}

    # Nobody may launch 1.1.0 before it is proved; the canary is upgraded to it, another is launched and ended.
    world.releases.add("1.1.0", world.template("1.1.0"))
    world.publish("catalog-test")
    with pytest.raises(PlatformError, match=r"files 1\.1\.0: this version was not proved"):
        world.reconciliation().check()
    assert [(each.version, each.earlier) for each in world.prove()] == [("1.0.0", True), ("1.1.0", False)]
    world.reconciliation().check()
    world.publish("shared-services")
    world.reconciliation().apply()

    assert behind(world) == {"invoices": True}
    (upgrade,) = due_upgrades(world.organization, world.published, world.running().products)
    assert upgrade.command == "pavedroad upgrade invoices --version 1.1.0"
    upgraded = team(*upgrade.command.split()[1:], "--yes", "--json")
    assert upgraded.code == 0, upgraded.error
    assert upgraded.json["outputs"] == launched.json["outputs"]
    assert behind(world) == {"invoices": False}
    assert due_upgrades(world.organization, world.published, world.running().products) == []

    # What is deprecated is not launched any more; what runs it may still be changed.
    world.set_state("1.1.0", "deprecated")
    world.reconciliation().apply()
    assert states(world) == {"1.0.0": Status.ACTIVE, "1.1.0": Status.DEPRECATED}
    refused = team("launch", "files", "receipts", "--version", "1.1.0", "--set", "Purpose=receipts", "--yes")
    assert refused.code == 1
    assert "files 1.1.0 is deprecated: it can be upgraded and ended, and not launched any more" in refused.error
    assert "Launch 1.0.0." in refused.error
    assert team("upgrade", "invoices", "--version", "1.1.0", "--set", "Days=60", "--yes").code == 0

    # Nothing that somebody runs is retired.
    world.set_state("1.1.0", "retired")
    with pytest.raises(PlatformError) as told:
        world.reconciliation().check()
    (problem,) = told.value.problems
    account = world.account("orders-development")
    assert problem.cause == f"it is to be retired, and the team orders runs it: invoices in {account}"
    assert team("terminate", "invoices", "--yes").code == 0
    world.reconciliation().check()
    world.publish("shared-services")
    assert [(each.version, each.now) for each in world.reconciliation().apply()] == [
        ("1.0.0", Status.ACTIVE),
        ("1.1.0", None),
    ]
    assert team("show", "files", "--version", "1.1.0").code == 1
