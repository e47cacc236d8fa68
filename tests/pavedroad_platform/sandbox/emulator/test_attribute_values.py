"""Values that a service would set: they match the registry's patterns."""

import random
import re

import pytest

from pavedroad_platform.sandbox.emulator.attribute_values import attributes, matching
from pavedroad_platform.sandbox.emulator.registry_schemas import resource_schema


@pytest.mark.parametrize(
    "pattern",
    [
        "^[a-f0-9]{8}-[a-f0-9]{4}$",
        r"^arn:aws[-a-z0-9]*:backup:[-a-z0-9]+:[0-9]{12}:vault$",
        "^(o|r)-[a-z0-9]{10,32}$",
        r"^\d{12}$",
    ],
)
def test_a_value_for_a_pattern_matches_it(pattern: str) -> None:
    value = matching(pattern, random.Random(1))
    assert value is not None
    assert re.search(pattern, value)


def test_arns_hold_the_name_and_identifiers_stay() -> None:
    schema = resource_schema("AWS::CodePipeline::Pipeline")
    assert schema is not None
    known = {"Name": "orders"}
    made = attributes(schema, logical_id="Pipeline", stack_name="delivery", properties=known, known={})
    again = attributes(schema, logical_id="Pipeline", stack_name="delivery", properties=known, known=made)
    assert made == again
    assert made["Name"] == "orders"


def test_image_builder_makes_the_first_version_that_fits() -> None:
    schema = resource_schema("AWS::ImageBuilder::Component")
    assert schema is not None
    known = {"Name": "Packages", "Version": "1.0.x"}
    made = attributes(schema, logical_id="Packages", stack_name="images", properties=known, known={})
    assert made["Arn"].endswith(":component/packages/1.0.0/1")


def test_a_name_that_is_not_given_is_generated_from_stack_and_logical_id() -> None:
    schema = resource_schema("AWS::CodeArtifact::Domain")
    assert schema is not None
    made = attributes(schema, logical_id="Packages", stack_name="delivery", properties={}, known={})
    assert re.fullmatch(r"arn:aws:codeartifact:[a-z0-9-]+:\d{12}:domain/delivery-Packages-\w+", made["Arn"])
