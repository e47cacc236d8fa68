import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.checking import catalog_problems
from pavedroad_platform.catalog.releases import Releases


@pytest.fixture
def released(tmp_path, topic_product):
    """A product and its releases, of which there is one."""

    def release(key: str, version: str = "1.0.0"):
        releases = Releases(key, tmp_path)
        releases.add("1.0.0", "{}\n")
        return topic_product(key=key, version=version), releases

    return release


def test_the_problems_of_all_products_are_told_at_once(released, tmp_path) -> None:
    catalog = [released("one"), released("two", version="0.9.0"), released("three"), released("four")]
    (tmp_path / "one" / "1.0.0.template.json").write_text("{}")
    (tmp_path / "three" / "1.0.0.template.json").unlink()
    (tmp_path / "four" / "lifecycle.yaml").write_text("1.0.0: asleep\n")
    (tmp_path / "five").mkdir()
    assert [problem.cause for problem in catalog_problems(catalog)] == [
        "The frozen template of one 1.0.0 was edited; teams run what it was before.",
        "The product two says version 0.9.0, but 1.0.0 was released after it.",
        "Version 1.0.0 of three was released, but its template is gone.",
        "'asleep' is no status.",
        "five has releases, but there is no such product.",
    ]


def test_a_product_that_nobody_released_yet_is_in_order(tmp_path, topic_product) -> None:
    assert catalog_problems([(topic_product(), Releases("topic", tmp_path / "none"))]) == []


def test_the_catalogue_is_in_order() -> None:
    assert catalog_problems([(products.load(key), Releases(key)) for key in products.KEYS]) == []
