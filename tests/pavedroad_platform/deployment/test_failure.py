"""What people are told when a step failed."""

from pathlib import Path
from typing import Any

import pytest

from pavedroad_platform.deployment.failure import tell_failure
from pavedroad_platform.errors import PlatformError

ENVIRONMENT = {
    "NOTIFICATION_TOPIC": "arn:aws:sns:eu-west-1:555555555555:topic",
    "CODEBUILD_INITIATOR": "codepipeline/pavedroad-pipeline",
    "CODEBUILD_RESOLVED_SOURCE_VERSION": "1a2b3c",
    "CODEBUILD_BUILD_URL": "https://eu-west-1.console.aws.amazon.com/codesuite/codebuild/555555555555/log",
}


class Topic:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []

    def publish(self, **message: Any) -> None:
        self.published.append(message)


def test_they_get_the_end_of_the_log_the_commit_and_the_link(tmp_path: Path) -> None:
    log = tmp_path / "step.log"
    log.write_text("\n".join(f"line {number}" for number in range(100)))
    topic = Topic()
    tell_failure("Prove", log, ENVIRONMENT, topic)
    [message] = topic.published
    assert message["TopicArn"] == ENVIRONMENT["NOTIFICATION_TOPIC"]
    assert message["Subject"] == "Prove failed"
    lines = message["Message"].splitlines()
    assert lines[:3] == [
        "The step Prove of codepipeline/pavedroad-pipeline failed; nothing after it ran.",
        "Commit: 1a2b3c",
        f"Its log: {ENVIRONMENT['CODEBUILD_BUILD_URL']}",
    ]
    assert lines[4:] == [f"line {number}" for number in range(60, 100)]


def test_a_step_that_printed_nothing_is_told_too(tmp_path: Path) -> None:
    topic = Topic()
    assert tell_failure("Prove", tmp_path / "none.log", ENVIRONMENT, topic).endswith("It printed nothing.")


def test_without_a_topic_it_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="set NOTIFICATION_TOPIC"):
        tell_failure("Prove", tmp_path / "step.log", {}, Topic())
