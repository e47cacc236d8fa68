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


def _provided(stage: Mapping[str, Any]) -> set[str]:
    kinds = {(action["actionTypeId"]["category"], action["actionTypeId"]["provider"]) for action in stage["actions"]}
    provided = set()
    if ("Approval", "Manual") in kinds:
        provided.add(APPROVAL)
    if ("Test", "CodeBuild") in kinds and stage["name"] == TEST_STAGE:
        provided.add(TEST)
    if ("Test", "CodeBuild") in kinds and stage["name"] == SECURITY_CHECK_STAGE:
        provided.add(SECURITY_CHECK)
    return provided
