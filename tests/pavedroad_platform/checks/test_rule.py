import pytest

from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.rules.rule import Rule, at_least, equals, is_false, is_true, present, values_at

TEMPLATE = FinishedTemplate(name="Stack", body={})
BY_PARAMETER = {"Ref": "Parameter"}


@pytest.mark.parametrize(
    ("requirement", "good", "bad"),
    [
        (is_true, [True, "true", BY_PARAMETER], [False, None, "false"]),
        (is_false, [False, None, "false", BY_PARAMETER], [True, "true"]),
        (present, ["x", BY_PARAMETER, ["x"]], [None, "", [], {}]),
        (equals("aws:kms"), ["aws:kms", BY_PARAMETER], [None, "AES256"]),
        (at_least(7), [7, "30", BY_PARAMETER], [None, 6, "1"]),
    ],
)
def test_requirements(requirement, good: list[object], bad: list[object]) -> None:
    assert [value for value in good if not requirement(value)] == []
    assert [value for value in bad if requirement(value)] == []


def test_a_place_reaches_every_element_and_tells_where_the_way_ends() -> None:
    node = {"Rules": [{"Status": "Enabled"}, {}]}
    assert list(values_at(node, ["Rules", "*", "Status"])) == ["Enabled", None]
    assert list(values_at({}, ["Rules", "*", "Status"])) == [None]
    assert list(values_at({"Rules": BY_PARAMETER}, ["Rules", "*", "Status"])) == [BY_PARAMETER]


def test_a_rule_looks_beside_the_properties_for_a_deletion_policy() -> None:
    rule = Rule(id="X", resource_type="T", place="DeletionPolicy", requires=equals("Retain"), message="", source="")
    assert rule.is_broken_by({"Properties": {"DeletionPolicy": "Retain"}}, TEMPLATE)
    assert not rule.is_broken_by({"DeletionPolicy": "Retain"}, TEMPLATE)
