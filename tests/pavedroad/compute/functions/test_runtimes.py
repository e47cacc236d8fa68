import json
from importlib.resources import files

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from pavedroad.compute.functions.runtimes import NEWEST, SELECTABLE, SUPPORTED_UNTIL, is_supported


def test_the_ends_of_support_are_those_that_the_linter_knows() -> None:
    path = files("cfnlint") / "data" / "AdditionalSpecs" / "LmbdRuntimeLifecycle.json"
    lifecycle = json.loads(path.read_text())
    assert {name: lifecycle[name]["deprecated"] for name in SUPPORTED_UNTIL} == SUPPORTED_UNTIL
    assert {name: lifecycle[name]["successor"] for name in NEWEST} == dict.fromkeys(NEWEST)


def test_the_cdk_knows_every_runtime() -> None:
    known = {runtime.name for runtime in lambda_.Runtime.ALL}
    assert known >= {*NEWEST, *SUPPORTED_UNTIL}


def test_an_image_has_no_runtime_to_be_out_of_support() -> None:
    assert is_supported(None)
    assert not is_supported("python3.9")


def test_a_parameter_is_taken_and_what_it_may_be_is_told(stack: cdk.Stack) -> None:
    assert is_supported(cdk.CfnParameter(stack, "Runtime", allowed_values=list(SELECTABLE)).value_as_string)
    assert all(map(is_supported, SELECTABLE))
    assert set(SELECTABLE) == {*NEWEST, *SUPPORTED_UNTIL}
