"""Tells people what a pipeline did and what it waits for."""

from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.observability.notifications import notifying_role, notifying_rule


def encrypted_topic(scope: Construct, construct_id: str, encryption_key: kms.IKey) -> sns.Topic:
    """A topic that is encrypted at rest and refuses publishing without TLS (SNS.1, nag SNS3)."""
    return sns.Topic(scope, construct_id, master_key=encryption_key, enforce_ssl=True)


class PipelineNotifications(Construct):
    """Sends failed executions and decided approvals to a topic; what waits for approval, the approval action tells.

    Through EventBridge with a role: a topic's key policy cannot tie EventBridge to one rule, a role can.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        pipeline: The pipeline that is watched.
        topic: Where the messages go.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, pipeline: codepipeline.IPipeline, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, construct_id)
        role = notifying_role(self, "Role", topic=topic, description="EventBridge: publishes what the pipeline did")
        field = events.EventField.from_path
        notifying_rule(
            self,
            "Failures",
            role=role,
            topic=topic,
            source="aws.codepipeline",
            detail_type="CodePipeline Pipeline Execution State Change",
            detail={"pipeline": [pipeline.pipeline_name], "state": ["FAILED"]},
            message=f"The pipeline {field('$.detail.pipeline')} failed in {field('$.region')} of {field('$.account')}: "
            f"execution {field('$.detail.execution-id')}.",
        )
        notifying_rule(
            self,
            "Approvals",
            role=role,
            topic=topic,
            source="aws.codepipeline",
            detail_type="CodePipeline Action Execution State Change",
            detail={
                "pipeline": [pipeline.pipeline_name],
                "type": {"category": ["Approval"]},
                "state": ["SUCCEEDED", "FAILED", "ABANDONED"],
            },
            message=f"The approval {field('$.detail.stage')} of the pipeline {field('$.detail.pipeline')} "
            f"{field('$.detail.state')}: execution {field('$.detail.execution-id')}.",
        )
