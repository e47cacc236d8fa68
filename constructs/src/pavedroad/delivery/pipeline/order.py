"""The order of stages that a pipeline keeps, read again from the finished pipeline."""

from collections.abc import Collection, Mapping
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_codepipeline as codepipeline

APPROVAL = "an approval"
TEST = "a test stage"
SECURITY_CHECK = "a security check stage"

TEST_STAGE = "Test"
SECURITY_CHECK_STAGE = "SecurityCheck"
_CHECKS = {("Test", "CodeBuild"), ("Invoke", "InspectorScan")}


def keeps_order(pipeline: codepipeline.CfnPipeline, demanded: Mapping[str, Collection[str]]) -> bool:
    """Whether each production stage has before it what it demands; an approval counts for the next production stage.

    Args:
        pipeline: The finished L1 pipeline.
        demanded: For each production stage, by its name, what has to stand before it.
    """
    seen: set[str] = set()
    for stage in Stack.of(pipeline).resolve(pipeline.stages):
        if stage["name"] in demanded:
            if not set(demanded[stage["name"]]) <= seen:
                return False
            seen.discard(APPROVAL)
        seen |= _provided(stage)
    return True


def keeps_scans(pipeline: codepipeline.CfnPipeline, demanded: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether every scan still stands in the security check with its thresholds.

    Args:
        pipeline: The finished L1 pipeline.
        demanded: The thresholds of each scan, by its name.
    """
    read = Stack.of(pipeline).resolve
    found = {
        action["name"]: action.get("configuration", {})
        for stage in read(pipeline.stages)
        if stage["name"] == SECURITY_CHECK_STAGE
        for action in stage["actions"]
    }
    return all(
        name in found and all(str(found[name].get(key)) == str(read(value)) for key, value in thresholds.items())
        for name, thresholds in demanded.items()
    )


def _provided(stage: Mapping[str, Any]) -> set[str]:
    kinds = {(action["actionTypeId"]["category"], action["actionTypeId"]["provider"]) for action in stage["actions"]}
    provided = set()
    if ("Approval", "Manual") in kinds:
        provided.add(APPROVAL)
    if ("Test", "CodeBuild") in kinds and stage["name"] == TEST_STAGE:
        provided.add(TEST)
    if kinds & _CHECKS and stage["name"] == SECURITY_CHECK_STAGE:
        provided.add(SECURITY_CHECK)
    return provided
