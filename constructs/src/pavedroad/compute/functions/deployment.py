"""How a new version takes over the traffic of the alias."""

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
    """A new version gets a share of the calls first; an alarm, a failure or a stop brings the former one back.

    Attributes:
        topic: Told when the alias fails during or after a deployment, and when it is well again.
        traffic: The share and the pace, such as ``codedeploy.LambdaDeploymentConfig.LINEAR_10_PERCENT_EVERY_1_MINUTE``;
            ``ALL_AT_ONCE`` is refused. Left out: a tenth of the calls for five minutes, then all.
        errors: Failed calls of the alias in a minute above which the deployment is rolled back. Left out: 0.
        alarms: Further alarms that roll back, such as one on what users feel. Left out: none.
        pre_traffic: A function that tests the new version before it gets calls. Left out: none.
        post_traffic: A function that tests after all calls go to it. Left out: none.
    """

    topic: sns.ITopic
    traffic: "codedeploy.ILambdaDeploymentConfig | None" = None
    errors: float = 0
    alarms: "Sequence[cloudwatch.IAlarm]" = ()
    pre_traffic: lambda_.IFunction | None = None
    post_traffic: lambda_.IFunction | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse a deployment that is not gradual."""
        if self.traffic is not None and self.traffic.deployment_config_name == "CodeDeployDefault.LambdaAllAtOnce":
            arguments.refuse(
                "deployment.traffic",
                self.traffic.deployment_config_name,
                "is not gradual; leave deployment out to give a new version all calls at once",
            )

    def apply(self, scope: Construct, alias: lambda_.Alias) -> "codedeploy.LambdaDeploymentGroup":
        """Hand the alias to CodeDeploy, with alarms that roll back."""
        from aws_cdk import aws_codedeploy as codedeploy

        role = self._role(scope, alias)
        return codedeploy.LambdaDeploymentGroup(
            scope,
            "DeploymentGroup",
            application=codedeploy.LambdaApplication(scope, "DeploymentApplication"),
            alias=alias,
            deployment_config=self.traffic or codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES,
            alarms=[self._alarm(scope, alias), *self.alarms],
            auto_rollback=codedeploy.AutoRollbackConfig(
                failed_deployment=True, stopped_deployment=True, deployment_in_alarm=True
            ),
            pre_hook=self.pre_traffic,
            post_hook=self.post_traffic,
            role=role.without_policy_updates(),  # the CDK would attach a managed policy of AWS with wildcards
        )

    def _alarm(self, scope: Construct, alias: lambda_.Alias) -> cloudwatch.Alarm:
        return notifying_alarm(
            scope,
            "DeploymentAlarm",
            metric=alias.metric_errors(period=Duration.minutes(1)),
            threshold=self.errors,
            description="Calls of the alias fail; a deployment that is under way is rolled back. Look at the log.",
            topic=self.topic,
            evaluation_periods=1,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _role(self, scope: Construct, alias: lambda_.Alias) -> ManagedPolicyRole:
        """What CodeDeploy needs for this alias.

        Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/security-iam-awsmanpol.html
        """
        stack = Stack.of(scope)
        own_account = {"StringEquals": {"aws:SourceAccount": stack.account}}
        role = ManagedPolicyRole(
            scope,
            "DeploymentRole",
            assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com").with_conditions(own_account),
            description=f"CodeDeploy: moves calls of {scope.node.id} to a new version",
        )
        alarms = stack.format_arn(
            service="cloudwatch", resource="alarm", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        for actions, resources in self._permissions(alias, alarms):
            role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=resources))
        assert role.policy is not None
        acknowledge_resource(
            role.policy,
            alarms,
            "cloudwatch:DescribeAlarms, which only reads, is asked for many alarms at once and is allowed for all "
            "alarms of the account and region or for none.",
        )
        return role

    def _permissions(self, alias: lambda_.Alias, alarms: str) -> list[tuple[list[str], list[Any]]]:
        hooks = [hook.function_arn for hook in (self.pre_traffic, self.post_traffic) if hook is not None]
        permissions: list[tuple[list[str], list[Any]]] = [
            (["cloudwatch:DescribeAlarms"], [alarms]),
            (["lambda:GetAlias", "lambda:UpdateAlias"], [alias.lambda_.function_arn]),
            (["lambda:GetProvisionedConcurrencyConfig"], [alias.function_arn]),
        ]
        return [*permissions, (["lambda:InvokeFunction"], hooks)] if hooks else permissions
