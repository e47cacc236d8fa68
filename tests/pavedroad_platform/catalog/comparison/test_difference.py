import json

import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.comparison.difference import difference
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import PlatformError


@pytest.fixture
def releases(tmp_path) -> Releases:
    """Three releases of the bucket; the second handed out more, the third less."""
    released = Releases("secure-bucket", tmp_path)
    template = Releases("secure-bucket").template("1.0.0")
    more = {**template, "Outputs": {**template["Outputs"], "Extra": {"Value": "x"}}}
    for version, content in (("1.0.0", template), ("1.1.0", more), ("2.0.0", template)):
        released.add(version, json.dumps(content))
    return released


@pytest.fixture
def tell(releases):
    product = products.load("secure-bucket")
    return lambda *versions: difference(product, releases, *versions).summary


def test_a_release_is_compared_with_the_one_before(tell) -> None:
    assert tell(None, "1.1.0") == "1 change from 1.0.0 to 1.1.0: this is 1.1.0 or later, and 1.1.0 is enough."
    assert tell(None, "2.0.0") == "1 change from 1.1.0 to 2.0.0: this is 2.0.0 or later, and 2.0.0 is enough."


def test_any_two_releases_can_be_compared(tell) -> None:
    assert tell("1.0.0", "2.0.0") == "Nothing changed from 1.0.0 to 2.0.0."


def test_the_product_as_it_is_now_is_compared_with_the_newest_or_the_one_that_is_named(tell) -> None:
    assert tell() == "Nothing changed since 2.0.0."
    assert tell("1.1.0") == "1 change since 1.1.0: this is 2.0.0 or later, and 1.0.0 is not enough."


@pytest.mark.parametrize(
    ("versions", "cause"),
    [
        (("3.0.0", "4.0.0"), "There is no release 3.0.0 of secure-bucket"),
        (("2.0.0", "1.0.0"), r"2\.0\.0 is not before 1\.0\.0"),
        (("1.0.0", "1.0.0"), r"1\.0\.0 is not before 1\.0\.0"),
        ((None, "1.0.0"), r"secure-bucket has no release to compare with before 1\.0\.0"),
    ],
)
def test_what_cannot_be_compared_is_refused(tell, versions, cause) -> None:
    with pytest.raises(PlatformError, match=cause):
        tell(*versions)


def test_without_a_release_there_is_nothing_to_compare_with(tmp_path) -> None:
    with pytest.raises(PlatformError, match="has no release to compare with"):
        difference(products.load("secure-bucket"), Releases("secure-bucket", tmp_path))
