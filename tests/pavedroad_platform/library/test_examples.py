import json
import re
from typing import Any, NamedTuple

import aws_cdk as cdk
import botocore.session
import pytest

import pavedroad
from pavedroad.version_stamp import STAMP_TAG, VersionStamp, installed_version
from pavedroad_platform.library.examples import example_stack, run_example, source_of
from pavedroad_platform.registry_data import schema_text

UNRECORDED = {"AWS::Budgets::Budget", "AWS::CloudWatch::Dashboard", "AWS::XRay::Group"}
"""The main resources of constructs that have nothing that AWS Config records."""

RECORDED_AS = {
    "AWS::CertificateManager::Certificate": "AWS::ACM::Certificate",
    "AWS::DocDB::DBCluster": "AWS::RDS::DBCluster",
    "AWS::DynamoDB::GlobalTable": "AWS::DynamoDB::Table",
}


class Example(NamedTuple):
    """The example of a construct, synthesised."""

    name: str
    stack: cdk.Stack
    resources: dict[str, dict[str, Any]]

    @property
    def stamped(self) -> list[tuple[str, VersionStamp | None]]:
        """The type of each stamped resource, and its stamp."""
        value = rf'"{STAMP_TAG}"(?:, "PropagateAtLaunch": false)?(?:, "Value")?: "([^"]+)"'
        found = [(it["Type"], re.findall(value, json.dumps(it))) for it in self.resources.values()]
        return [(resource_type, VersionStamp.read(values[0])) for resource_type, values in found if values]


@pytest.fixture(scope="module", params=pavedroad.__all__)
def example(request: pytest.FixtureRequest) -> Example:
    stack, template = example_stack(request.param)
    return Example(request.param, stack, template["Resources"])


@pytest.fixture(scope="session")
def recorded_types() -> set[str]:
    """The types that AWS Config records."""
    config = botocore.session.get_session().get_service_model("config")
    return set(config.shape_for("ResourceType").enum)


def test_the_example_of_each_construct_synthesises_without_functions_of_its_own(example: Example) -> None:
    types = {resource["Type"] for resource in example.resources.values()}
    assert not [it for it in types if it.startswith("Custom::")], "products must not need functions"
    metadata = [entry for node in example.stack.node.find_all() for entry in node.node.metadata]
    assert [entry.data for entry in metadata if entry.type == "aws:cdk:error"] == []


def test_each_construct_stamps_one_resource_with_its_name_and_version(example: Example) -> None:
    stamps = [stamp for _, stamp in example.stamped]
    assert stamps.count(VersionStamp(example.name, installed_version())) == 1, (
        f"call pavedroad.version_stamp.stamp(self) at the end of {example.name}.__init__"
    )
    # Some examples make a second construct beside the first.
    assert {stamp.construct for stamp in stamps if stamp} <= set(pavedroad.__all__)
    assert len(stamps) == len(set(stamps))


def test_a_new_version_in_the_stamp_replaces_nothing(example: Example) -> None:
    for resource_type, _ in example.stamped:
        schema = json.loads(schema_text(resource_type) or "{}")
        tagging = schema.get("tagging", {})
        tags = tagging.get("tagProperty", "/properties/Tags")
        kept = [*schema.get("createOnlyProperties", []), *schema.get("conditionalCreateOnlyProperties", [])]
        assert not [it for it in kept if it.startswith(tags)], f"{resource_type} is replaced when its tags change"
        assert tagging.get("tagUpdatable", True), f"{resource_type} keeps the tags that it was made with"


def test_aws_config_sees_the_stamp(example: Example, recorded_types: set[str]) -> None:
    for resource_type, _ in example.stamped:
        recorded = RECORDED_AS.get(resource_type, resource_type) in recorded_types
        assert recorded or resource_type in UNRECORDED, f"stamp what is recorded instead of {resource_type}"


def test_an_example_that_is_wrong_is_noticed(stack: cdk.Stack) -> None:
    class WithoutExample:
        """Has none."""

    with pytest.raises(ValueError, match="WithoutExample has no example"):
        source_of(WithoutExample)
    with pytest.raises(LookupError, match="the example uses 'nonsense', which nothing provides: import it"):
        run_example("nonsense(stack)", stack, "pavedroad.storage.s3.secure_bucket")
    with pytest.raises(TypeError, match="unexpected keyword argument 'encrypted'"):
        run_example("SecureBucket(stack, 'Bucket', encrypted=True)", stack, "pavedroad.storage.s3.secure_bucket")


def test_an_example_that_makes_something_else_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pavedroad.SecureBucket, "__doc__", ">>> sns.Topic(stack, 'Topic')")
    with pytest.raises(ValueError, match="the example of SecureBucket does not make one"):
        example_stack("SecureBucket")
