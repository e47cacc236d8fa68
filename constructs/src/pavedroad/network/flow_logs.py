"""Flow logs: every accepted and rejected connection of a network, kept in an encrypted place."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.roles import ManagedPolicyRole


@dataclass(frozen=True, kw_only=True)
class FlowLogs:
    """Records the traffic of one VPC.

    Attributes:
        scope: The network.
        vpc: Its VPC.
        interval: How long records are gathered before they are delivered.
        fields: What a record holds; ``None`` for AWS's default format.
    """

    scope: Construct
    vpc: ec2.IVpc
    interval: ec2.FlowLogMaxAggregationInterval
    fields: Sequence[ec2.LogFormat] | None

    def to_log_group(self, key: kms.IKey, retention: logs.RetentionDays) -> tuple[ec2.FlowLog, logs.LogGroup]:
        """Deliver to an own encrypted log group, through a role that can write to it and to nothing else."""
        group = encrypted_log_group(self.scope, "FlowLogGroup", encryption_key=key, retention=retention)
        destination = ec2.FlowLogDestination.to_cloud_watch_logs(group, self._role(group))
        return self._to(destination), group

    def to_bucket(self, bucket: s3.IBucket) -> ec2.FlowLog:
        """Deliver to a bucket; one of this app admits the delivery, one of another account must do so already."""
        if bucket.encryption_key:
            bucket.encryption_key.add_to_resource_policy(self._use_of_the_key())
        return self._to(ec2.FlowLogDestination.to_s3(bucket))

    def _to(self, destination: ec2.FlowLogDestination) -> ec2.FlowLog:
        return ec2.FlowLog(
            self.scope,
            "FlowLog",
            resource_type=ec2.FlowLogResourceType.from_vpc(self.vpc),
            destination=destination,
            traffic_type=ec2.FlowLogTrafficType.ALL,
            max_aggregation_interval=self.interval,
            log_format=list(self.fields) if self.fields else None,
        )

    def _role(self, group: logs.LogGroup) -> iam.IRole:
        role = ManagedPolicyRole(
            self.scope,
            "FlowLogRole",
            description="Delivers VPC flow logs to one log group",
            assumed_by=iam.ServicePrincipal(
                "vpc-flow-logs.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self.scope).account}},
            ),
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                resources=[group.log_group_arn],
            )
        )
        # The destination would add the right to pass the role, which nobody needs.
        return role.without_policy_updates()

    def _use_of_the_key(self) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            sid="FlowLogDelivery",
            principals=[iam.ServicePrincipal("delivery.logs.amazonaws.com")],
            actions=["kms:GenerateDataKey*", "kms:Decrypt"],
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self.scope).account}},
        )
