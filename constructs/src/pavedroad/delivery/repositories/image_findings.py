"""Tells a topic of critical vulnerabilities in a repository's images."""

from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.notifications import notifying_role, notifying_rule


def notify_of_findings(scope: Construct, *, repository_name: str, topic: sns.ITopic) -> list[events.Rule]:
    """Two rules: for basic scanning by ECR, and for enhanced scanning by Inspector; a registry uses one of them.

    Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html and
    https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
    """
    role = notifying_role(
        scope, "FindingsRole", topic=topic, description="EventBridge: publishes critical findings in images"
    )
    field = events.EventField.from_path
    basic = notifying_rule(
        scope,
        "ScanFindings",
        role=role,
        topic=topic,
        source="aws.ecr",
        detail_type="ECR Image Scan",
        detail={
            "repository-name": [repository_name],
            "finding-severity-counts": {"CRITICAL": events.Match.greater_than(0)},
        },
        message=f"The image {field('$.detail.image-digest')} of the repository {field('$.detail.repository-name')} has "
        f"critical vulnerabilities: {field('$.detail.finding-severity-counts.CRITICAL')}.",
    )
    enhanced = notifying_rule(
        scope,
        "InspectorFindings",
        role=role,
        topic=topic,
        source="aws.inspector2",
        detail_type="Inspector2 Finding",
        detail={
            "severity": ["CRITICAL"],
            "status": ["ACTIVE"],
            "resources": {"details": {"awsEcrContainerImage": {"repositoryName": [repository_name]}}},
        },
        message=f"Inspector found {field('$.detail.title')} in an image of a repository: "
        f"{field('$.detail.findingArn')}.",
    )
    return [basic, enhanced]
