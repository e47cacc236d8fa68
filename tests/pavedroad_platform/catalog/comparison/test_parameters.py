import pytest

from pavedroad_platform.catalog.comparison.parameters import parameter_changes

TEXT = {"Type": "String", "Default": "a"}
NUMBER = {"Type": "Number", "Default": 5}


def told(before, after, replacing=()) -> list[tuple[str, str]]:
    found = parameter_changes({"Size": before} if before else {}, {"Size": after} if after else {}, replacing)
    return [(change.step.name.lower(), change.what) for change in found]


def having(**attributes):
    return {**TEXT, **attributes}


@pytest.mark.parametrize(
    ("before", "after", "step", "what"),
    [
        (TEXT, None, "major", "parameter Size is gone"),
        (None, TEXT, "minor", "parameter Size is new; its default is a"),
        (None, {"Type": "String"}, "major", "parameter Size is new and has no default"),
        (TEXT, {"Type": "String"}, "major", "parameter Size lost its default a"),
        ({"Type": "String"}, TEXT, "minor", "parameter Size has a default: a"),
        (TEXT, having(Default="b"), "minor", "parameter Size has the default b, and had a"),
        (TEXT, having(Default=""), "minor", "parameter Size has the default the empty text, and had a"),
        (
            having(AllowedValues=["a", "t3.micro"]),
            having(AllowedValues=["a"]),
            "major",
            "parameter Size lost the value t3.micro",
        ),
        (
            having(AllowedValues=["a", "b", "c", "d"]),
            having(AllowedValues=["a"]),
            "major",
            "parameter Size lost the values b, c and d",
        ),
        (
            having(AllowedValues=["a"]),
            having(AllowedValues=["a", "b"]),
            "minor",
            "parameter Size takes the value b too",
        ),
        (
            having(AllowedValues=["a", "b"]),
            having(AllowedValues=["b", "a"]),
            "patch",
            "parameter Size offers its values in another order",
        ),
        (TEXT, having(AllowedValues=["a", "b"]), "major", "parameter Size takes only a and b; it took any value"),
        (having(AllowedValues=["a"]), TEXT, "minor", "parameter Size takes any value, and not only a"),
        (TEXT, having(AllowedPattern="a+"), "major", "parameter Size must match the pattern a+; it took any value"),
        (having(AllowedPattern="a+"), TEXT, "minor", "parameter Size has no pattern any more"),
        (
            having(AllowedPattern="a+"),
            having(AllowedPattern="a+b"),
            "major",
            "parameter Size must match another pattern: a+b, and not a+",
        ),
        (
            having(AllowedPattern="a+"),
            having(AllowedPattern="a+|b"),
            "minor",
            "parameter Size may also match another pattern: a+|b, and not only a+",
        ),
        (
            {**NUMBER, "MinValue": 1},
            {**NUMBER, "MinValue": 2},
            "major",
            "parameter Size takes numbers from 2; it took numbers from 1",
        ),
        ({**NUMBER, "MinValue": 2}, {**NUMBER, "MinValue": 0}, "minor", None),
        ({**NUMBER, "MinValue": 2}, NUMBER, "minor", "parameter Size takes any size; it took numbers from 2"),
        (NUMBER, {**NUMBER, "MaxValue": 9}, "major", "parameter Size takes numbers up to 9; it took any size"),
        ({**NUMBER, "MaxValue": 9}, {**NUMBER, "MaxValue": 8}, "major", None),
        ({**NUMBER, "MaxValue": 9}, {**NUMBER, "MaxValue": 10}, "minor", None),
        (having(MaxLength=9), having(MaxLength=8), "major", None),
        (having(MinLength=1), having(MinLength=2), "major", None),
        (having(MinLength=2), having(MinLength=1), "minor", None),
        (TEXT, {**TEXT, "Type": "Number"}, "major", "parameter Size is of type Number, and was of type String"),
        (TEXT, {**TEXT, "Type": "AWS::EC2::VPC::Id"}, "major", None),
        ({**TEXT, "Type": "AWS::EC2::VPC::Id"}, TEXT, "minor", None),
        (NUMBER, {**NUMBER, "Type": "String"}, "minor", None),
        (
            {**TEXT, "Type": "List<AWS::EC2::Subnet::Id>"},
            {**TEXT, "Type": "CommaDelimitedList"},
            "minor",
            None,
        ),
        ({**TEXT, "Type": "CommaDelimitedList"}, TEXT, "major", None),
        ({**TEXT, "Type": "AWS::SSM::Parameter::Value<String>"}, TEXT, "major", None),
        (having(Description="x"), having(Description="y"), "patch", "parameter Size has another help"),
        (
            having(ConstraintDescription="x"),
            TEXT,
            "patch",
            "parameter Size has another text about refused values",
        ),
        (TEXT, having(NoEcho=True), "patch", "parameter Size is hidden in the console"),
    ],
)
def test_each_change_of_a_field_raises_its_part_of_the_version(before, after, step, what) -> None:
    [(found_step, found_what)] = told(before, after)
    assert found_step == step
    assert what in (None, found_what)


def test_a_field_that_stays_as_it_is_is_no_change() -> None:
    field = having(AllowedValues=["a"], AllowedPattern="a", MinLength=1, Description="x")
    assert told(field, dict(field)) == []
    assert told({"Type": "String", "Default": 5}, {"Type": "String", "Default": "5"}) == []


def test_a_value_lost_and_one_gained_are_both_told() -> None:
    found = told(having(AllowedValues=["a", "b"]), having(AllowedValues=["a", "c"]))
    assert found == [
        ("major", "parameter Size lost the value b"),
        ("minor", "parameter Size takes the value c too"),
    ]


def test_another_default_of_what_replaces_a_resource_is_a_major_version() -> None:
    [(step, what)] = told(TEXT, having(Default="b"), replacing={"Size"})
    assert step == "major"
    assert what == "parameter Size has the default b, and had a: another value replaces a resource"


def test_the_advice_says_what_to_type() -> None:
    [change] = parameter_changes({"Size": TEXT}, {"Size": {"Type": "String"}}, ())
    assert change.advice == "Give Size a value; a keeps what you have."
