"""Tells people why a step of the pipeline failed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pavedroad_platform.errors import PlatformError, Problem

_LINES = 40
_SUBJECT_LENGTH = 100  # https://docs.aws.amazon.com/sns/latest/api/API_Publish.html


def tell_failure(step: str, log: Path, environment: Mapping[str, str], sns: Any) -> str:
    """Publish the end of a step's log to the pipeline's topic.

    Args:
        step: The step's name.
        log: What its commands printed.
        environment: CodeBuild's variables, and ``NOTIFICATION_TOPIC``.
        sns: A client of SNS.

    Returns:
        The message.

    Raises:
        PlatformError: Nobody said which topic.
    """
    topic = environment.get("NOTIFICATION_TOPIC")
    if not topic:
        cause, fix = "nobody says whom to tell", "set NOTIFICATION_TOPIC to the ARN of the pipeline's topic"
        raise PlatformError(Problem(path="NOTIFICATION_TOPIC", cause=cause, fix=fix))
    pipeline = environment.get("CODEBUILD_INITIATOR", "the pipeline")
    said = log.read_text(errors="replace").splitlines()[-_LINES:] if log.exists() else ["It printed nothing."]
    message = "\n".join(
        (
            f"The step {step} of {pipeline} failed; nothing after it ran.",
            f"Commit: {environment.get('CODEBUILD_RESOLVED_SOURCE_VERSION', 'unknown')}",
            f"Its log: {environment.get('CODEBUILD_BUILD_URL', 'unknown')}",
            "",
            *said,
        )
    )
    sns.publish(TopicArn=topic, Subject=f"{step} failed"[:_SUBJECT_LENGTH], Message=message)
    return message
