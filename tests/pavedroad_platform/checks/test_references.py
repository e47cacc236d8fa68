from pavedroad_platform.checks.references import neighbourhood, references


def test_finds_every_kind_of_reference() -> None:
    value = {
        "DependsOn": ["A", "B"],
        "Properties": [
            {"Ref": "C"},
            {"Fn::GetAtt": ["D", "Arn"]},
            {"Fn::GetAtt": "E.Arn"},
            {"Fn::Sub": "x-${F}-${G.Arn}"},
            {"Fn::Sub": ["${H}", {"H": {"Ref": "I"}}]},
        ],
    }
    assert set(references(value)) == set("ABCDEFGHI")


def test_containers_that_wait_for_one_another_are_no_resources() -> None:
    container = {"Name": "application", "DependsOn": [{"Condition": "HEALTHY", "ContainerName": "cache"}]}
    assert list(references({"DependsOn": "A", "Properties": {"ContainerDefinitions": [container]}})) == ["A"]


def test_a_neighbourhood_has_who_refers_to_the_resource_and_what_they_need_and_nobody_else() -> None:
    body = {
        "Parameters": {"P": {}},
        "Outputs": {"O": {"Value": {"Ref": "Bucket"}}},
        "Resources": {
            "Bucket": {"Properties": {"Key": {"Ref": "Key"}}},
            "Key": {},
            "Policy": {"Properties": {"Bucket": {"Ref": "Bucket"}, "Role": {"Ref": "Role"}}},
            "Role": {},
            "Stranger": {"Properties": {"Key": {"Ref": "Key"}}},
        },
    }
    around = neighbourhood(body, "Bucket")
    assert set(around["Resources"]) == {"Bucket", "Key", "Policy", "Role"}
    assert set(around) == {"Parameters", "Resources"}
