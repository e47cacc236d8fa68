"""Values are read and checked without AWS."""

from pathlib import Path
from typing import Any

import click
import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.launching import prompts
from pavedroad_platform.launching.form import Field, Form, Rule
from pavedroad_platform.launching.rules import broken_rules
from pavedroad_platform.launching.values import from_file, from_settings, problems_of, value_problems


def field(**settings: Any) -> Field:
    return Field(**{"name": "It", "label": "It"} | settings)


def form(*fields: Field, rules: tuple[Rule, ...] = (), tags: dict[str, list[str]] | None = None) -> Form:
    named = {each.name: each for each in fields}
    return Form(fields=named, groups={"Group": list(named)}, rules=rules, tags=tags or {}, outputs={})


@pytest.mark.parametrize(
    ("settings", "good", "bad", "said"),
    [
        ({"type": "Number"}, "1.5", "many", "'many' is no number"),
        ({"type": "Number", "limits": {"MinValue": "2"}}, "2", "1", "not less than 2"),
        ({"type": "Number", "limits": {"MaxValue": "2"}}, "2", "3", "not greater than 2"),
        ({"type": "List<Number>"}, "1, 2", "1,two", "'two' is no number"),
        ({"limits": {"MinLength": "2"}}, "ab", "a", "at least this many characters: 2"),
        ({"limits": {"MaxLength": "2"}}, "ab", "abc", "at most this many characters: 2"),
        ({"limits": {"AllowedPattern": "[a-z]+"}, "constraint": "Small letters."}, "ab", "aB", "Small letters."),
        ({"allowed_values": ["ON", "OFF"]}, "ON", "on", "Did you mean ON?"),
        ({"type": "AWS::EC2::VPC::Id"}, "vpc-1", "subnet-1", "Give an id that begins with vpc-"),
        ({"type": "List<AWS::EC2::Subnet::Id>"}, "subnet-1, subnet-2", "subnet-1,vpc-2", "'vpc-2' is no id of"),
    ],
)
def test_a_value_keeps_to_its_field(settings: dict[str, Any], good: str, bad: str, said: str) -> None:
    assert value_problems(field(**settings), good) == []
    (problem,) = value_problems(field(**settings), bad)
    assert said in str(problem)


def test_a_secret_is_not_repeated() -> None:
    (problem,) = value_problems(field(is_secret=True, limits={"MinLength": "8"}), "hunter2")
    assert "hunter2" not in str(problem)


def test_a_pattern_that_python_cannot_read_is_left_to_cloudformation() -> None:
    assert value_problems(field(limits={"AllowedPattern": r"\p{Alpha}+"}), "1") == []


def test_a_value_that_is_kept_need_not_be_given() -> None:
    asked = form(field())
    assert [problem.cause for problem in problems_of(asked, {}, {})] == ["it needs a value"]
    assert problems_of(asked, {}, {}, kept={"It"}) == []


def test_a_tag_with_one_value_need_not_be_chosen() -> None:
    assert problems_of(form(tags={"team": ["orders"]}), {}, {}) == []
    (problem,) = problems_of(form(tags={"team": ["orders", "billing"]}), {}, {})
    assert "the tag has to be chosen" in str(problem)


def _ref(name: str) -> dict[str, str]:
    return {"Ref": name}


@pytest.mark.parametrize(
    ("assertion", "values", "holds"),
    [
        ({"Fn::Equals": [_ref("A"), "1"]}, {"A": "1"}, True),
        ({"Fn::Not": [{"Fn::Equals": [_ref("A"), "1"]}]}, {"A": "1"}, False),
        (
            {"Fn::And": [{"Fn::Equals": [_ref("A"), "1"]}, {"Fn::Equals": [_ref("B"), "1"]}]},
            {"A": "1", "B": "2"},
            False,
        ),
        ({"Fn::Or": [{"Fn::Equals": [_ref("A"), "1"]}, {"Fn::Equals": [_ref("B"), "1"]}]}, {"A": "1", "B": "2"}, True),
        ({"Fn::Contains": [["1", "2"], _ref("A")]}, {"A": "3"}, False),
        ({"Fn::EachMemberIn": [_ref("A"), ["1", "2"]]}, {"A": "1,2"}, True),
        ({"Fn::EachMemberEquals": [_ref("A"), "1"]}, {"A": "1,2"}, False),
        ({"Fn::EachMemberEquals": [{"Fn::ValueOf": ["A", "VpcId"]}, "1"]}, {"A": "1"}, True),
        ({"Fn::Equals": [_ref("Unsaid"), "1"]}, {}, True),
    ],
)
def test_a_rule_is_judged_where_it_can_be(assertion: Any, values: dict[str, str], holds: bool) -> None:
    judged = form(rules=(Rule(condition=None, assertions=[assertion], descriptions=["broken"]),))
    assert broken_rules(judged, values) == ([] if holds else ["broken"])


def test_a_rule_without_its_condition_does_not_count() -> None:
    never = Rule(condition={"Fn::Equals": ["1", "2"]}, assertions=[{"Fn::Equals": ["1", "2"]}], descriptions=["broken"])
    assert broken_rules(form(rules=(never,)), {}) == []


def test_settings_are_split_at_the_first_equals_sign() -> None:
    assert from_settings("--set", ["A=b=c", "Empty="]) == {"A": "b=c", "Empty": ""}
    with pytest.raises(PlatformError, match=r"'A' has no '='(.|\n)*'=b' has no name(.|\n)*C is given twice"):
        from_settings("--set", ["A", "=b", "C=1", "C=2"])


def test_a_file_gives_texts(tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(
        "parameters:\n  Days: 30\n  Open: true\n  Subnets: [subnet-1, subnet-2]\ntags: {lifetime: permanent}\n"
    )
    assert from_file(file) == (
        {"Days": "30", "Open": "true", "Subnets": "subnet-1,subnet-2"},
        {"lifetime": "permanent"},
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parameters:\n  Days:\n", "values.yaml:2: parameters.Days: it has no value"),
        ("parameters:\n  Days: {a: 1}\n", "values.yaml:2: parameters.Days: a value is a text, a number or a list"),
        ("Days: 30\n", "values.yaml:1: Days: there is no such section"),
        ("- Days\n", "values.yaml:1: it holds no sections"),
        ("parameters: [Days]\n", "values.yaml:1: parameters: it holds no names with values"),
        ("parameters: {\n", "this is no YAML"),
    ],
)
def test_a_file_of_another_shape_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(text)
    with pytest.raises(PlatformError) as told:
        from_file(file)
    assert said in str(told.value)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("")
    assert from_file(tmp_path / "values.yaml") == ({}, {})


def test_what_has_no_value_is_asked_until_the_answer_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    account = field(name="Team", type="AWS::SSM::Parameter::Value<String>", default="/tags/team")
    asked = form(
        field(name="Days", type="Number", default="30"),
        field(name="Name"),
        field(name="Given"),
        account,
        tags={"lifetime": ["permanent", "temporary"]},
    )
    answers = iter(["many", "30", "orders", "permanent"])
    monkeypatch.setattr(click.termui, "visible_prompt_func", lambda _: next(answers))
    values, tags = {"Given": "1"}, dict[str, str]()
    prompts.ask(asked, values, tags)
    assert (values, tags) == ({"Given": "1", "Name": "orders"}, {"lifetime": "permanent"})
    assert list(answers) == []
