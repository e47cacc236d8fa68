"""Who hears what of the platform's pipeline."""

from collections.abc import Sequence

from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from pavedroad.delivery.pipeline.notifications import encrypted_topic
from pavedroad.observability.notifications import notifying_role, notifying_rule


def mailing_topic(scope: Construct, construct_id: str, *, encryption_key: kms.IKey, emails: Sequence[str]) -> sns.Topic:
    """An encrypted topic whose messages go to these addresses; AWS asks each of them to confirm once."""
    topic = encrypted_topic(scope, construct_id, encryption_key)
    for email in emails:
        topic.add_subscription(subscriptions.EmailSubscription(email))
    return topic


class PlatformPipelineNotifications(Construct):
    """Tells of actions that fail, with the reason and the log, of decided approvals and of finished executions.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        pipeline: The pipeline that is watched.
        topic: Where the messages go.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, pipeline: codepipeline.IPipeline, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, construct_id)
        role = notifying_role(self, "Role", topic=topic, description="EventBridge: publishes what the pipeline did")
        field = events.EventField.from_path
        name, execution = field("$.detail.pipeline"), field("$.detail.execution-id")
        watched = {"pipeline": [pipeline.pipeline_name]}
        action = "CodePipeline Action Execution State Change"
        notifying_rule(
            self,
            "Failures",
            role=role,
            topic=topic,
            source="aws.codepipeline",
            detail_type=action,
            detail={**watched, "type": {"category": [{"anything-but": "Approval"}]}, "state": ["FAILED"]},
            message=f"{name} stopped: {field('$.detail.action')} in the stage {field('$.detail.stage')} failed. "
            f"{field('$.detail.execution-result.external-execution-summary')} "
            f"Its log: {field('$.detail.execution-result.external-execution-url')} Execution {execution}.",
        )
        notifying_rule(
            self,
            "Approvals",
            role=role,
            topic=topic,
            source="aws.codepipeline",
            detail_type=action,
            detail={
                **watched,
                "type": {"category": ["Approval"]},
                "state": ["SUCCEEDED", "FAILED", "ABANDONED"],
            },
            message=f"{name}: the approval {field('$.detail.state')}. "
            f"{field('$.detail.execution-result.external-execution-summary')} Execution {execution}.",
        )
        notifying_rule(
            self,
            "Successes",
            role=role,
            topic=topic,
            source="aws.codepipeline",
            detail_type="CodePipeline Pipeline Execution State Change",
            detail={**watched, "state": ["SUCCEEDED"]},
            message=f"{name}: production is what the branch says. Execution {execution}.",
        )
