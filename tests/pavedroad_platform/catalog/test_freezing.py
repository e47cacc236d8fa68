import pytest

from pavedroad_platform.catalog import freezing, products
from pavedroad_platform.catalog.product import Output
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.errors import PlatformError


@pytest.fixture
def releases(tmp_path) -> Releases:
    return Releases("topic", tmp_path)


def changed(topic_product, **attributes):
    return topic_product(outputs=(Output(name="TopicArn", purpose="Something else."),), **attributes)


def causes(problems) -> list[str]:
    return [problem.cause for problem in problems]


def test_a_version_is_frozen_once(releases, topic_product) -> None:
    assert causes(freezing.check(topic_product(), releases)) == ["Version 1.0.0 of topic is not frozen."]
    assert freezing.freeze(topic_product(), releases)
    assert not freezing.freeze(topic_product(), releases)
    assert freezing.check(topic_product(), releases) == []


def test_a_product_that_changed_keeps_no_version(releases, topic_product) -> None:
    freezing.freeze(topic_product(), releases)
    before = releases.text("1.0.0")
    expected = ["The product topic changed since 1.0.0 was frozen: Outputs TopicArn."]
    assert causes(freezing.check(changed(topic_product), releases)) == expected
    with pytest.raises(PlatformError, match="Raise its version and run 'pavedroad catalog freeze'"):
        freezing.freeze(changed(topic_product), releases)
    assert releases.text("1.0.0") == before


def test_a_changed_product_is_frozen_under_a_new_version(releases, topic_product) -> None:
    freezing.freeze(topic_product(), releases)
    assert freezing.freeze(changed(topic_product, version="1.0.1"), releases)
    assert releases.offered == ["1.0.0", "1.0.1"]
    assert freezing.check(changed(topic_product, version="1.0.1"), releases) == []


def test_a_version_does_not_go_back(releases, topic_product) -> None:
    freezing.freeze(topic_product(version="1.10.0"), releases)
    (problem,) = (p for p in freezing.check(topic_product(version="1.9.0"), releases) if "released after" in p.cause)
    assert problem.cause == "The product topic says version 1.9.0, but 1.10.0 was released after it."
    assert problem.fix == "Give it a version above 1.10.0."


def test_an_edited_release_is_told_as_such_and_not_as_a_change(releases, topic_product) -> None:
    freezing.freeze(topic_product(), releases)
    releases.path("1.0.0").write_text(releases.text("1.0.0").replace("Orders", "Others"))
    expected = ["The frozen template of topic 1.0.0 was edited; teams run what it was before."]
    assert causes(freezing.check(topic_product(), releases)) == expected
    with pytest.raises(PlatformError, match="was edited"):
        freezing.freeze(topic_product(version="1.0.1"), releases)


def test_many_changes_are_counted() -> None:
    before = {"Resources": {}, "Description": "old"}
    after = {"Resources": {name: {} for name in "abcdefg"}, "Description": "new"}
    assert freezing.changes(before, after) == ["Resources a b c d e and 2 more", "Description"]


@pytest.mark.parametrize("key", products.KEYS)
def test_every_product_renders_as_it_was_released(key) -> None:
    assert freezing.check(products.load(key), Releases(key)) == []
