"""The function that reports adoption every day."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from aws_cdk import Duration, TimeZone
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from pavedroad import LambdaService
from pavedroad.compute.functions.events import ScheduleTrigger
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad_platform.adoption.function_code import HANDLER, write_function_code
from pavedroad_platform.adoption.metrics import NAMESPACE
from pavedroad_platform.adoption.scope import scope_of
from pavedroad_platform.organization import Organization
from stacks.alarm_topic import AlarmTopic
from stacks.log_retention import log_retention
from stacks.permissions import Allowed, make_adoption_reports

_HOUR: Final = "6"


class AdoptionReport(Construct):
    """A function that a schedule calls every morning. It makes the report, stores it in the log archive's account and
    writes its metrics here. The platform's team is told when a report fails for good.

    What it needs of the configuration and the releases goes with its code, as of the last deployment.

    Args:
        scope: The stack of the catalogue's account.
        construct_id: The id, unique among the parent's children.
        organization: The configuration.

    Attributes:
        service: The function with its schedule.
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization) -> None:
        super().__init__(scope, construct_id)
        with TemporaryDirectory() as directory:
            write_function_code(Path(directory), scope_of(organization))
            self.service = LambdaService(
                self,
                "Function",
                code=lambda_.Code.from_asset(directory),
                handler=HANDLER,
                runtime=lambda_.Runtime.PYTHON_3_14,
                architecture=lambda_.Architecture.ARM_64,
                memory_mib=512,
                timeout=Duration.minutes(15),
                log_retention=log_retention(organization.logging.log_group_retention_days),
                triggers=[
                    ScheduleTrigger(
                        name="Daily",
                        expression=scheduler.ScheduleExpression.cron(
                            minute="0", hour=_HOUR, time_zone=TimeZone.ETC_UTC
                        ),
                        flexible_window=Duration.minutes(15),
                    )
                ],
            )
        role = self.service.role.node.default_child
        assert isinstance(role, iam.CfnRole)
        # The accounts know it by this name.
        role.role_name = organization.names.adoption_report
        self._permit(*make_adoption_reports(organization))
        self._alarm(organization)

    def _permit(self, *allowed: Allowed) -> None:
        role = self.service.role
        for each in allowed:
            role.add_to_principal_policy(each.statement())
        assert role.policy is not None
        for each in allowed:
            for resource in each.resources:
                acknowledge_resource(role.policy, resource, each.reason)

    def _alarm(self, organization: Organization) -> None:
        team = organization.teams[organization.tags.team]
        alarms = AlarmTopic(self, "Alarms", publisher="cloudwatch.amazonaws.com", email=team.email)
        acknowledge(
            alarms,
            "PavedRoad-SNS-5",
            "The queue of this stack is the function's own, and keeps what failed whether or not the mail arrives; the"
            " alarm stays on in CloudWatch meanwhile.",
        )
        notifying_alarm(
            self,
            "ReportFailed",
            metric=self.service.metric_dead_letters(),
            threshold=0,
            evaluation_periods=1,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            description=(
                "The report on adoption was not made, after every retry. The function's log says why; to make it now:"
                f" pavedroad adoption --store --metrics. The metrics are in {NAMESPACE}."
            ),
            topic=alarms.topic,
        )
