"""Tells a topic what a pipeline built, what failed, and what Inspector found."""

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.notifications import notifying_role, notifying_rule


def notify_of_images(scope: Construct, *, recipe_name: str, topic: sns.ITopic) -> list[events.Rule]:
    """Rules for images that failed, that are finished, and in which Inspector found critical vulnerabilities.

    Source: https://docs.aws.amazon.com/imagebuilder/latest/userguide/integ-eventbridge.html
    """
    role = notifying_role(scope, "EventsRole", topic=topic, description="EventBridge: publishes what was built")
    images = Stack.of(scope).format_arn(service="imagebuilder", resource="image", resource_name=f"{recipe_name}/")
    field = events.EventField.from_path
    rules = [
        notifying_rule(
            scope,
            construct_id,
            role=role,
            topic=topic,
            source="aws.imagebuilder",
            detail_type=detail_type,
            detail=detail,
            message=f"{message}: {field('$.resources[0]')} in {field('$.region')} of {field('$.account')}.",
        )
        for construct_id, detail_type, detail, message in (
            (
                "FailedImages",
                "EC2 Image Builder Image State Change",
                {"state": {"status": ["FAILED"]}},
                "An image failed to build or to pass its tests; read its log",
            ),
            (
                "FinishedImages",
                "EC2 Image Builder Image State Change",
                {"state": {"status": ["AVAILABLE"]}},
                "An image is built, tested and distributed",
            ),
            (
                "VulnerableImages",
                "EC2 Image Builder CVE Detected",
                {"finding-severity-counts": {"critical": events.Match.greater_than(0)}},
                "Inspector found critical vulnerabilities in an image",
            ),
        )
    ]
    for rule in rules:
        rule.add_event_pattern(resources=events.Match.prefix(images))
    return rules
