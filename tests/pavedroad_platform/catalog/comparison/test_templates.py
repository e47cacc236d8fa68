import copy
import json

import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.comparison.templates import compare
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.versions import Step

RULE = {"Assertions": [{"Assert": {"Fn::Equals": ["a", "a"]}, "AssertDescription": "Choose a."}]}
OTHER_TEXT = {"Assertions": [{"Assert": {"Fn::Equals": ["a", "a"]}, "AssertDescription": "Choose."}]}
OTHER_RULE = {"Assertions": [{"Assert": {"Fn::Equals": ["a", "b"]}, "AssertDescription": "Choose a."}]}
OUTPUT = {"Value": {"Ref": "Topic"}, "Description": "Where messages are published."}


def told(before, after) -> list[tuple[str, str]]:
    return [(it.step.name.lower(), it.what) for it in compare({"Resources": {}, **before}, {"Resources": {}, **after})]


@pytest.mark.parametrize(
    ("before", "after", "step", "what"),
    [
        ({"Arn": OUTPUT}, {}, "major", "output Arn is gone"),
        ({}, {"Arn": OUTPUT}, "minor", "output Arn is new"),
        ({"Arn": OUTPUT}, {"Arn": {**OUTPUT, "Value": {"Ref": "Queue"}}}, "major", "output Arn gives another value"),
        ({"Arn": OUTPUT}, {"Arn": {**OUTPUT, "Condition": "C"}}, "major", "output Arn gives another value"),
        ({"Arn": OUTPUT}, {"Arn": {**OUTPUT, "Description": "x"}}, "patch", "output Arn has another description"),
    ],
)
def test_each_change_of_an_output_raises_its_part_of_the_version(before, after, step, what) -> None:
    assert told({"Outputs": before}, {"Outputs": after}) == [(step, what)]


@pytest.mark.parametrize(
    ("before", "after", "step", "what"),
    [
        ({}, {"Zones": RULE}, "major", "rule Zones is new: values that were taken may be refused"),
        ({"Zones": RULE}, {}, "minor", "rule Zones is gone: values that it refused are taken"),
        ({"Zones": RULE}, {"Zones": OTHER_RULE}, "major", "rule Zones asks for something else"),
        ({"Zones": RULE}, {"Zones": OTHER_TEXT}, "patch", "rule Zones has another text"),
    ],
)
def test_each_change_of_a_rule_raises_its_part_of_the_version(before, after, step, what) -> None:
    assert told({"Rules": before}, {"Rules": after}) == [(step, what)]


def test_texts_of_the_product_and_its_form_are_patches() -> None:
    assert told({"Metadata": {"a": "b"}, "Description": "A 1.0.0: x"}, {"Description": "A 1.0.1: y"}) == [
        ("patch", "the description of the product is another"),
        ("patch", "the form has other labels, headings or another order"),
    ]


def test_the_version_in_the_description_is_no_change() -> None:
    assert told({"Description": "Topic 1.0.0: A topic."}, {"Description": "Topic 1.12.0: A topic."}) == []


def test_what_nothing_uses_is_no_change() -> None:
    assert told({"Conditions": {"A": {"Fn::Equals": ["a", "a"]}}}, {"Mappings": {"B": {}}}) == []


def test_a_section_that_no_product_has_yet_is_looked_at_by_people() -> None:
    assert told({}, {"Transform": "AWS::SAM"}) == [("major", "the section Transform is another")]


def test_the_gravest_change_comes_first() -> None:
    found = told({"Outputs": {"A": OUTPUT}, "Description": "x"}, {"Outputs": {"B": OUTPUT}, "Description": "y"})
    assert [step for step, _ in found] == ["major", "minor", "patch"]


@pytest.mark.parametrize("key", products.KEYS)
def test_nothing_in_a_real_product_can_change_unseen(key) -> None:
    before = Releases(key).template("1.0.0")
    assert compare(before, copy.deepcopy(before)) == []
    for section in ("Parameters", "Resources", "Outputs"):
        for name in before[section]:
            after = {**before, section: {each: it for each, it in before[section].items() if each != name}}
            found = compare(before, after)
            assert any(name in change.what for change in found)
            if section != "Resources" or "DeletionPolicy" in before[section][name]:
                assert found[0].step is Step.MAJOR
    for name, resource in before["Resources"].items():
        for attribute in resource.get("Properties", {}):
            # The rest is shared: a copy for each attribute takes longer than all the comparisons.
            changed = {**resource, "Properties": {**resource["Properties"], attribute: "something else"}}
            after = {**before, "Resources": {**before["Resources"], name: changed}}
            assert any(name in change.what and attribute in change.what for change in compare(before, after))


def test_a_class_of_databases_that_is_not_offered_any_more_is_told_in_one_sentence() -> None:
    before = Releases("database").template("1.0.0")
    after = json.loads(json.dumps(before))
    after["Parameters"]["InstanceClass"]["AllowedValues"].remove("t4g.medium")
    [change] = compare(before, after)
    assert change.what == "parameter InstanceClass lost the value t4g.medium"
    assert change.advice == "Choose a value of InstanceClass that is still allowed when you upgrade."
