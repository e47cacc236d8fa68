from dataclasses import dataclass
from aws_cdk import Duration, Token, Tokenization
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.service import running_tasks
_MINUTE = Duration.minutes(1)
_Metric = autoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty

@dataclass(frozen=True, kw_only=True)
class BacklogScaling:
    min_tasks: int = 0
    max_tasks: int = 10
    messages_per_task: int = 100
    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None

    @property
    def may_be_none(self) -> bool:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    def apply(self, scope: Construct, service: ecs.FargateService, queue: sqs.IQueue) -> ecs.ScalableTaskCount:
        ...
