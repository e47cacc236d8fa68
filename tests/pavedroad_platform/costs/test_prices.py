"""Nothing that costs is forgotten: each type has a price, or is said to be free."""

import pytest
from pydantic import ValidationError

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.costs.fixed_costs import COMPUTED_TYPES
from pavedroad_platform.costs.prices import FILE, Prices, ResourceType, prices
from pavedroad_platform.errors import PlatformError
from pavedroad_platform.library.releases import RELEASES, LibraryRelease
from pavedroad_platform.registry_data import schema_digests


@pytest.mark.parametrize("key", products.KEYS)
def test_it_is_known_what_every_type_of_every_release_costs(key: str) -> None:
    releases = Releases(key)
    for version in releases.digests:
        prices().check({resource["Type"] for resource in releases.template(version)["Resources"].values()})


def test_it_is_known_what_every_type_of_the_library_costs() -> None:
    for release in (LibraryRelease(path.name) for path in RELEASES.iterdir()):
        types = {it["type"] for example in release.examples.values() for it in example["resources"].values()}
        prices().check(types)


def test_every_type_of_the_table_exists() -> None:
    assert sorted(prices().types.keys() - schema_digests().keys()) == []


def test_what_is_computed_has_a_computation_and_the_other_way_round() -> None:
    assert {name for name, it in prices().types.items() if it.computed} == COMPUTED_TYPES


def test_a_type_without_a_price_is_refused_and_all_are_named() -> None:
    with pytest.raises(PlatformError) as failure:
        prices().check({"AWS::S3::Bucket", "AWS::Redshift::Cluster", "AWS::MSK::Cluster"})
    fix = "\n    Add what it is for, and what it costs or free: true."
    assert str(failure.value) == "\n".join(
        f"{FILE}: types: It is not known what {name} is for and what it costs.{fix}"
        for name in ("AWS::MSK::Cluster", "AWS::Redshift::Cluster")
    )


def test_a_size_without_a_price_is_refused() -> None:
    with pytest.raises(PlatformError, match=r"rates\.cache_node_hour: There is no price for z9; there are t3, t4g"):
        prices().rate("cache_node_hour", "z9")


@pytest.mark.parametrize("said", [{}, {"free": True, "usage": "1 USD"}])
def test_a_type_says_either_what_it_costs_or_that_it_is_free(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="say either free: true, or fixed, usage or computed"):
        ResourceType.model_validate({"for": "Something", **said})


def test_a_price_is_of_an_hour_or_of_a_month() -> None:
    with pytest.raises(ValidationError, match="give either hour or month"):
        ResourceType.model_validate({"for": "Something", "fixed": [{"unit": "it"}]})


def test_the_prices_say_where_and_when_they_come_from() -> None:
    table: Prices = prices()
    assert (table.region, table.currency) == ("eu-west-1", "USD")
    assert len(table.as_of) == len("2025-06")
    assert all(source.startswith("https://aws.amazon.com/") for source in table.sources)
