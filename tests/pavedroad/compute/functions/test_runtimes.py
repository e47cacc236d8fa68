import json
from importlib.resources import files

from aws_cdk import aws_lambda as lambda_

from pavedroad.compute.functions.runtimes import NEWEST, SUPPORTED_UNTIL, is_supported


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
