import json

import pytest
from aws_cdk import CfnCondition, CfnResource, Fn

from pavedroad.version_stamp import STAMP_TAG
from pavedroad_platform.catalog.product import Output, Rule
from pavedroad_platform.catalog.rendering import render, render_stack

OWNERSHIP = ["Application", "Team", "Environment", "CostCentre"]


def test_the_console_shows_the_form_in_its_order(topic_product) -> None:
    form = json.loads(render(topic_product()))["Metadata"]["AWS::CloudFormation::Interface"]
    assert form["ParameterGroups"] == [
        {"Label": {"default": "Topic"}, "Parameters": ["DisplayName"]},
        {"Label": {"default": "Data"}, "Parameters": ["DataClassification"]},
        {"Label": {"default": "Ownership: filled in from the account"}, "Parameters": OWNERSHIP},
    ]
    assert form["ParameterLabels"]["DisplayName"] == {"default": "Shown name"}
    assert form["ParameterLabels"]["CostCentre"] == {"default": "Cost centre"}


def test_a_parameter_says_what_it_takes(topic_product) -> None:
    assert json.loads(render(topic_product()))["Parameters"]["DisplayName"] == {
        "Type": "String",
        "Default": "Orders",
        "AllowedPattern": "[A-Z][a-z]+",
        "ConstraintDescription": "A capital letter, then small ones.",
        "Description": "What messages come from.",
    }


def test_the_account_says_who_owns_what_is_launched(topic_product) -> None:
    template = json.loads(render(topic_product()))
    assert template["Parameters"]["CostCentre"]["Type"] == "AWS::SSM::Parameter::Value<String>"
    assert template["Parameters"]["CostCentre"]["Default"] == "/paved-road/tags/cost-centre"
    tags = {"application", "cost-centre", "data-classification", "environment", "team"}
    for resource in template["Resources"].values():
        assert {tag["Key"] for tag in resource["Properties"]["Tags"]} == tags


def test_rules_stand_in_the_template(topic_product) -> None:
    rule = Rule(
        name="Public",
        description="Say what it is.",
        condition=lambda parameters: Fn.condition_equals(parameters["DataClassification"], "public"),
        assertion=lambda parameters: Fn.condition_equals(parameters["DisplayName"], "Public"),
    )
    assert json.loads(render(topic_product(rules=(rule,))))["Rules"] == {
        "Public": {
            "Assertions": [
                {
                    "Assert": {"Fn::Equals": [{"Ref": "DisplayName"}, "Public"]},
                    "AssertDescription": "Say what it is.",
                }
            ],
            "RuleCondition": {"Fn::Equals": [{"Ref": "DataClassification"}, "public"]},
        }
    }


def test_roles_carry_the_permissions_boundary(topic_product) -> None:
    resources = json.loads(render(topic_product()))["Resources"].values()
    (role,) = (resource for resource in resources if resource["Type"] == "AWS::IAM::Role")
    assert role["Properties"]["PermissionsBoundary"]["Fn::Join"][1][-1] == ":policy/PavedRoadBoundary"


def test_outputs_that_are_not_described_are_refused(topic_product) -> None:
    with pytest.raises(ValueError, match="product topic: described and built outputs differ: TopicArn, TopicName"):
        render(topic_product(outputs=(Output(name="TopicName", purpose="Its name."),)))


def test_outputs_say_what_they_are_for(topic_product) -> None:
    assert json.loads(render(topic_product()))["Outputs"] == {
        "TopicArn": {"Description": "Where messages are published.", "Value": {"Ref": "TopicBFC7AF6E"}}
    }


def test_the_library_does_not_stamp_what_is_frozen(texts) -> None:
    assert [key for key, text in texts.items() if STAMP_TAG in text] == []


def test_an_output_that_a_condition_decides_about_is_told_to_the_validator(topic_product) -> None:
    def build(stack, parameters):
        asked = CfnCondition(stack, "Asked", expression=Fn.condition_equals(parameters["DisplayName"], "Orders"))
        made = CfnResource(stack, "Made", type="AWS::SNS::Topic")
        made.cfn_options.condition = asked
        return {"TopicArn": Fn.condition_if(asked.logical_id, made.ref, "none").to_string(), "Plain": "same"}

    outputs = (Output(name="TopicArn", purpose="A topic."), Output(name="Plain", purpose="A text."))
    stack, _ = render_stack(topic_product(build=build, outputs=outputs))
    acknowledged = {
        output: [entry for entry in stack.node.find_child(output).node.metadata if "acknowledged" in entry.type]
        for output in ("TopicArn", "Plain")
    }
    assert "cloudformation-validate::W1001" in str(acknowledged["TopicArn"][0].data)
    assert acknowledged["Plain"] == []
