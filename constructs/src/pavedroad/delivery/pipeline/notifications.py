"""Tells people what a pipeline did and what it waits for."""

from aws_cdk import Stack
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.security.roles import ManagedPolicyRole


def encrypted_topic(scope: Construct, construct_id: str, encryption_key: kms.IKey) -> sns.Topic:
    """A topic that is encrypted at rest and refuses publishing without TLS (SNS.1, nag SNS3)."""
    return sns.Topic(scope, construct_id, master_key=encryption_key, enforce_ssl=True)


def publishing(topic: sns.ITopic) -> list[iam.PolicyStatement]:
    """What a role needs to publish to ``topic``, and to the use of its key that this takes."""
    statements = [iam.PolicyStatement(actions=["sns:Publish"], resources=[topic.topic_arn])]
    if topic.master_key:
        statements.append(
            iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[topic.master_key.key_arn])
        )
    return statements


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
        role = ManagedPolicyRole(
            self,
            "Role",
            assumed_by=own_events(self),
            description="EventBridge: publishes what the pipeline did",
        )
        for statement in publishing(topic):
            role.add_to_principal_policy(statement)
        field = events.EventField.from_path
        self._rule(
            "Failures",
            role,
            topic,
            detail_type="CodePipeline Pipeline Execution State Change",
            detail={"pipeline": [pipeline.pipeline_name], "state": ["FAILED"]},
            message=f"The pipeline {field('$.detail.pipeline')} failed in {field('$.region')} of {field('$.account')}: "
            f"execution {field('$.detail.execution-id')}.",
        )
        self._rule(
            "Approvals",
            role,
            topic,
            detail_type="CodePipeline Action Execution State Change",
            detail={
                "pipeline": [pipeline.pipeline_name],
                "type": {"category": ["Approval"]},
                "state": ["SUCCEEDED", "FAILED", "ABANDONED"],
            },
            message=f"The approval {field('$.detail.stage')} of the pipeline {field('$.detail.pipeline')} "
            f"{field('$.detail.state')}: execution {field('$.detail.execution-id')}.",
        )

    def _rule(
        self,
        construct_id: str,
        role: ManagedPolicyRole,
        topic: sns.ITopic,
        *,
        detail_type: str,
        detail: dict[str, object],
        message: str,
    ) -> None:
        events.Rule(
            self,
            construct_id,
            event_pattern=events.EventPattern(source=["aws.codepipeline"], detail_type=[detail_type], detail=detail),
            targets=[
                targets.SnsTopic(
                    topic, role=role.without_policy_updates(), message=events.RuleTargetInput.from_text(message)
                )
            ],
        )


def own_events(scope: Construct) -> iam.ServicePrincipal:
    """EventBridge, for rules of this account: without the condition another account's rule could use the role."""
    return iam.ServicePrincipal(
        "events.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}}
    )
