"""What runs in all accounts is found through the aggregator, and account by account where there is none."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pavedroad_platform.adoption.collection import Source, collected
from pavedroad_platform.adoption.provisioned_product import ProvisionedProduct
from pavedroad_platform.adoption.scope import Scope
from pavedroad_platform.errors import PlatformError

HUB, AUDIT, RECORDED, UNRECORDED = "200000000051", "200000000052", "200000000053", "200000000054"


def shown(found: Iterable[ProvisionedProduct]) -> list[tuple[str, ...]]:
    return [(each.account, each.name, each.product, each.version, each.status) for each in found]


IN_RECORDED = [
    (RECORDED, "archive", "store", "1.0.0", "AVAILABLE"),
    (RECORDED, "broken", "beacon", "1.0.0", "ERROR"),
    (RECORDED, "orders", "store", "2.0.0", "AVAILABLE"),
]
IN_UNRECORDED = [(UNRECORDED, "invoices", "store", "1.1.0", "AVAILABLE")]


def test_the_aggregator_is_asked_first_and_tells_which_accounts_it_does_not_know(adopted: Any, scope: Scope) -> None:
    found = collected(adopted.client, scope)
    assert found.source is Source.CONFIG
    assert shown(found.provisioned_products) == IN_RECORDED
    assert found.unread == (UNRECORDED,)
    (note,) = found.notes
    assert str(note) == (
        f"billing-production: AWS Config records nothing in {UNRECORDED}; what is launched there is missing\n"
        "    Deploy the account's workload stack, or ask with --source service-catalog."
    )


def test_both_sources_tell_the_same_of_a_provisioned_product(adopted: Any, scope: Scope) -> None:
    by_config = collected(adopted.client, scope, Source.CONFIG).provisioned_products[0]
    by_catalog = collected(adopted.client, scope, Source.SERVICE_CATALOG).provisioned_products[0]
    assert (by_config.id, by_config.region) == (adopted.ids["archive"], "eu-west-1")
    assert abs(by_config.launched - by_catalog.launched) < timedelta(seconds=1)
    assert replace(by_config, launched=by_catalog.launched) == by_catalog


def test_service_catalog_is_asked_in_every_account_that_launches(adopted: Any, scope: Scope) -> None:
    found = collected(adopted.client, scope, Source.SERVICE_CATALOG)
    assert found.source is Source.SERVICE_CATALOG
    assert shown(found.provisioned_products) == [*IN_RECORDED, *IN_UNRECORDED]
    assert found.unread == ()
    assert [note.path for note in found.notes] == ["library"]  # only Config knows who uses it


def test_the_catalogue_tells_since_when_a_version_may_be_launched(adopted: Any, scope: Scope) -> None:
    published = collected(adopted.client, scope).published
    assert {product: list(versions) for product, versions in published.items()} == {
        "store": ["1.0.0", "1.1.0", "2.0.0"],
        "beacon": ["1.0.0"],
    }
    assert datetime.now(UTC) - published["store"]["2.0.0"] < timedelta(hours=1)


@pytest.fixture
def without_aggregator(scope: Scope) -> Scope:
    return replace(scope, aggregator="unknown")


def test_without_an_aggregator_service_catalog_is_asked_and_the_report_says_so(
    adopted: Any, without_aggregator: Scope
) -> None:
    found = collected(adopted.client, without_aggregator)
    assert found.source is Source.SERVICE_CATALOG
    assert shown(found.provisioned_products) == [*IN_RECORDED, *IN_UNRECORDED]
    note = found.notes[0]
    assert note.cause == f"there is not the aggregator unknown in {AUDIT}"
    assert note.fix == "Deploy the security stack. Until then: --source service-catalog"


def test_whoever_insists_on_config_is_told_that_there_is_no_aggregator(adopted: Any, without_aggregator: Scope) -> None:
    with pytest.raises(PlatformError, match="there is not the aggregator unknown"):
        collected(adopted.client, without_aggregator, Source.CONFIG)


def test_whoever_may_not_ask_the_aggregator_is_told_who_may(adopted: Any, scope: Scope) -> None:
    client = adopted.reading_with("servicecatalog:*")
    found = collected(client, scope)
    assert found.source is Source.SERVICE_CATALOG
    assert found.notes[0].path == "SelectAggregateResourceConfig"
    assert "may not be asked" in found.notes[0].cause
    assert found.notes[0].fix == f"Use credentials of {HUB} that may assume PavedRoadAdoption."
    with pytest.raises(PlatformError, match="may not be asked"):
        collected(client, scope, Source.CONFIG)


def test_an_account_that_cannot_be_read_is_named_and_the_others_are_reported(adopted: Any, scope: Scope) -> None:
    denied = adopted.reading_with("sns:ListTopics")

    def client(service: str, account: str) -> Any:
        return (denied if account == UNRECORDED else adopted.client)(service, account)

    found = collected(client, scope, Source.SERVICE_CATALOG)
    assert shown(found.provisioned_products) == IN_RECORDED
    assert found.unread == (UNRECORDED,)
    assert found.notes[0].path == "billing-production"
    assert found.notes[0].fix == "Deploy the account's workload stack, which has the role PavedRoadAdoption."


def test_nobody_reports_without_the_catalogue(adopted: Any, scope: Scope) -> None:
    with pytest.raises(PlatformError, match=f"the catalogue of {HUB} may not be read"):
        collected(adopted.reading_with("config:*"), scope)


def test_users_of_the_library_are_found_by_the_stamps_of_its_constructs(adopted: Any, scope: Scope) -> None:
    (use,) = collected(adopted.client, scope).library_uses
    assert (use.account, use.construct, use.version) == (RECORDED, "SecureBucket", "1.0.0")
    assert (use.resource_type, use.resource) == ("AWS::S3::Bucket", "own-files")
