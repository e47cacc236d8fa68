"""What a launch makes of a template, as far as it is known before."""

from typing import Any

from pavedroad_platform.catalog.launched_resources import launched_resources

PARAMETERS = {
    "Size": {"Type": "String", "Default": "SMALL"},
    "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"},
    "Team": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/paved-road/tags/team"},
}
CONDITIONS = {
    "IsLarge": {"Fn::Equals": [{"Ref": "Size"}, "LARGE"]},
    "IsSmall": {"Fn::Not": [{"Condition": "IsLarge"}]},
    "IsBoth": {"Fn::And": [{"Condition": "IsLarge"}, {"Condition": "IsSmall"}]},
    "IsEither": {"Fn::Or": [{"Condition": "IsLarge"}, {"Condition": "IsSmall"}]},
    "InIreland": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
}
MAPPINGS = {"Sizes": {"SMALL": {"Cpu": 512}, "LARGE": {"Cpu": 2048}}}


def launched(properties: dict[str, Any], *, condition: str | None = None, **values: str) -> Any:
    """The properties of the one resource; ``None`` where it is not made."""
    resource: dict[str, Any] = {"Type": "AWS::SNS::Topic", "Properties": properties}
    if condition:
        resource["Condition"] = condition
    template = {
        "Parameters": PARAMETERS,
        "Conditions": CONDITIONS,
        "Mappings": MAPPINGS,
        "Resources": {"Topic": resource},
    }
    made = launched_resources(template, values)
    return made["Topic"]["Properties"] if made else None


def test_values_and_defaults_stand_where_parameters_are_used() -> None:
    assert launched({"Name": {"Ref": "Size"}}) == {"Name": "SMALL"}
    assert launched({"Name": {"Ref": "Size"}}, Size="LARGE") == {"Name": "LARGE"}
    assert launched({"Ids": {"Ref": "Subnets"}}, Subnets="a,b") == {"Ids": ["a", "b"]}
    assert launched({"Name": {"Fn::Join": [".", ["db", {"Ref": "Size"}]]}}) == {"Name": "db.SMALL"}


def test_what_only_aws_knows_stays() -> None:
    for value in ({"Ref": "Team"}, {"Ref": "Subnets"}, {"Fn::GetAtt": ["Key", "Arn"]}, {"Ref": "AWS::Region"}):
        assert launched({"Name": value}) == {"Name": value}
    joined = {"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}]]}
    assert launched({"Name": joined}) == {"Name": joined}
    assert launched({"Cpu": {"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "Cpu"]}})["Cpu"]["Fn::FindInMap"]


def test_mappings_and_conditions_decide() -> None:
    cpu = {"Cpu": {"Fn::FindInMap": ["Sizes", {"Ref": "Size"}, "Cpu"]}}
    assert launched(cpu, Size="LARGE") == {"Cpu": 2048}
    chosen = {"Name": {"Fn::If": ["IsLarge", "big", {"Ref": "AWS::NoValue"}]}, "Kept": [{"Ref": "AWS::NoValue"}, 1]}
    assert launched(chosen) == {"Kept": [1]}
    assert launched(chosen, Size="LARGE") == {"Name": "big", "Kept": [1]}


def test_a_resource_under_a_condition_that_does_not_hold_is_not_made() -> None:
    made = {name: launched({"A": 1}, condition=name) is not None for name in CONDITIONS}
    assert made == {"IsLarge": False, "IsSmall": True, "IsBoth": False, "IsEither": True, "InIreland": True}
