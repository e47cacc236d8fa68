"""Schedules and events that call a function; what cannot be delivered goes to its dead-letter queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.compute.functions.dead_letters import let_event_bridge_write
from pavedroad.compute.functions.trigger import Target, Trigger
from pavedroad.durations import check_seconds
from pavedroad.security.roles import ManagedPolicyRole

if TYPE_CHECKING:
    from aws_cdk import aws_events as events
    from aws_cdk import aws_s3 as s3
    from aws_cdk import aws_scheduler as scheduler


@dataclass(frozen=True, kw_only=True)
class ScheduleTrigger(Trigger):
    """A schedule of EventBridge Scheduler, encrypted with the function's key.

    Attributes:
        expression: When, such as ``scheduler.ScheduleExpression.cron(hour="6", time_zone=TimeZone.EUROPE_BERLIN)``.
        input: What the function gets as its event. Left out: a description of the schedule.
        flexible_window: Calls may come so much later, which spreads load; 1 minute to 24 hours. Left out: on time.
        retry_attempts: Further attempts to deliver, 0 to 185. Left out: 10.
        max_event_age: How long it is tried, 1 minute to 24 hours. Left out: 1 hour.

    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
    """

    expression: "scheduler.ScheduleExpression"
    input: Mapping[str, Any] | None = None
    flexible_window: Duration | None = None
    retry_attempts: int = 10
    max_event_age: Duration | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse what EventBridge Scheduler does not accept."""
        super().check(arguments)
        where = f"triggers.{self.name}"
        arguments.between(f"{where}.retry_attempts", self.retry_attempts, 0, 185)
        check_seconds(arguments, f"{where}.max_event_age", self.max_event_age, 60, 86400)
        check_seconds(arguments, f"{where}.flexible_window", self.flexible_window, 60, 86400)

    def add_to(self, scope: Construct, target: Target) -> Construct:
        """Make the schedule and its role."""
        from aws_cdk import aws_scheduler as scheduler

        trigger = Construct(scope, self.name)
        properties = scheduler.CfnSchedule
        window = self.flexible_window
        schedule = properties(
            trigger,
            "Resource",
            schedule_expression=self.expression.expression_string,
            schedule_expression_timezone=self.expression.time_zone.timezone_name if self.expression.time_zone else None,
            flexible_time_window=properties.FlexibleTimeWindowProperty(
                mode="FLEXIBLE" if window else "OFF",
                maximum_window_in_minutes=window.to_minutes() if window else None,
            ),
            kms_key_arn=target.encryption_key.key_arn,
            target=properties.TargetProperty(
                arn=target.alias.function_arn,
                role_arn=self._role(trigger, target).role_arn,
                input=None if self.input is None else Stack.of(scope).to_json_string(dict(self.input)),
                dead_letter_config=properties.DeadLetterConfigProperty(arn=target.dead_letter_queue.queue_arn),
                retry_policy=properties.RetryPolicyProperty(
                    maximum_retry_attempts=self.retry_attempts,
                    maximum_event_age_in_seconds=(self.max_event_age or Duration.hours(1)).to_seconds(),
                ),
            ),
        )
        # Scheduler tries the role when the schedule is made.
        schedule.node.add_dependency(trigger.node.find_child("Role"))
        return trigger

    def _role(self, trigger: Construct, target: Target) -> ManagedPolicyRole:
        # Without it a schedule of another account could use the role through the service.
        own_account = {"StringEquals": {"aws:SourceAccount": Stack.of(trigger).account}}
        role = ManagedPolicyRole(
            trigger,
            "Role",
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com").with_conditions(own_account),
            description=f"The schedule {self.name}: calls the function, leaves what failed in its dead-letter queue",
        )
        target.alias.grant_invoke(role)
        target.encryption_key.grant(role, "kms:Decrypt", "kms:GenerateDataKey")
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[target.dead_letter_queue.queue_arn])
        )
        return role


@dataclass(frozen=True, kw_only=True)
class EventTrigger(Trigger):
    """Events of an EventBridge bus that match a pattern.

    Attributes:
        pattern: Which events.
        event_bus: The bus. Left out: the account's default bus, which has the events of AWS services.
        retry_attempts: Further attempts to deliver, 0 to 185. Left out: 10.
        max_event_age: How long it is tried, 1 minute to 24 hours. Left out: 1 hour.
    """

    pattern: "events.EventPattern"
    event_bus: "events.IEventBus | None" = None
    retry_attempts: int = 10
    max_event_age: Duration | None = None

    @classmethod
    def of_bucket(
        cls,
        name: str,
        bucket: "s3.IBucket",
        *,
        detail_types: Sequence[str] = ("Object Created",),
        key_prefix: str | None = None,
    ) -> "EventTrigger":
        """Events of a bucket that sends them to EventBridge, as ``SecureBucket(..., event_bridge=True)`` does.

        Args:
            name: The trigger's id in the function.
            bucket: The bucket.
            detail_types: Which events. Left out: an object was created.
            key_prefix: Only objects whose key begins so. Left out: all.
        """
        from aws_cdk import aws_events as events

        detail: dict[str, Any] = {"bucket": {"name": [bucket.bucket_name]}}
        if key_prefix is not None:
            detail["object"] = {"key": [{"prefix": key_prefix}]}
        pattern = events.EventPattern(source=["aws.s3"], detail_type=list(detail_types), detail=detail)
        return cls(name=name, pattern=pattern)

    def check(self, arguments: Arguments) -> None:
        """Refuse what EventBridge does not accept."""
        super().check(arguments)
        where = f"triggers.{self.name}"
        arguments.between(f"{where}.retry_attempts", self.retry_attempts, 0, 185)
        check_seconds(arguments, f"{where}.max_event_age", self.max_event_age, 60, 86400)

    def add_to(self, scope: Construct, target: Target) -> Construct:
        """Make the rule, and admit it and no other to the alias and the dead-letter queue."""
        from aws_cdk import aws_events as events
        from aws_cdk import aws_events_targets as targets

        let_event_bridge_write(target.dead_letter_queue, target.encryption_key)
        return events.Rule(
            scope,
            self.name,
            event_pattern=self.pattern,
            event_bus=self.event_bus,
            targets=[
                targets.LambdaFunction(
                    target.alias,
                    dead_letter_queue=target.dead_letter_queue,
                    retry_attempts=self.retry_attempts,
                    max_event_age=self.max_event_age or Duration.hours(1),
                )
            ],
        )
