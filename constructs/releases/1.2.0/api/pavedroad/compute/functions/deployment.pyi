from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole
if TYPE_CHECKING:
    from collections.abc import Sequence
    from aws_cdk import aws_codedeploy as codedeploy

@dataclass(frozen=True, kw_only=True)
class GradualDeployment:
    topic: sns.ITopic
    traffic: 'codedeploy.ILambdaDeploymentConfig | None' = None
    errors: float = 0
    alarms: 'Sequence[cloudwatch.IAlarm]' = ()
    pre_traffic: lambda_.IFunction | None = None
    post_traffic: lambda_.IFunction | None = None

    def check(self, arguments: Arguments) -> None:
        ...

    def apply(self, scope: Construct, alias: lambda_.Alias) -> 'codedeploy.LambdaDeploymentGroup':
        ...
