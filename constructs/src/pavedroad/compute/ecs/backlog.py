"""How many tasks work off a queue."""

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
    """Tasks are added while more messages than wanted fall to each, and taken away when there are few.

    A message counts while it waits and while it is worked on, so that a queue is empty when all work is done. With
    ``min_tasks=0`` the first message starts a task within about two minutes (after six idle hours within 15, since SQS
    measures an idle queue less often), and the last task stays while there is work. A task that is taken away while it
    works gives its message back after the visibility timeout; one that must not be may protect itself, for which it has
    the right: docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html.

    Attributes:
        min_tasks: Never fewer; may be a numeric parameter. Left out: 0, nothing runs while nothing is to be done.
        max_tasks: Never more; may be a numeric parameter. Left out: 10.
        messages_per_task: Messages to each task that are held: how long one may wait, divided by the time that one
            takes. Left out: 100.
        scale_in_cooldown: Rest after tasks were taken away. Left out: 5 minutes.
        scale_out_cooldown: Rest after tasks were added. Left out: 1 minute.
    """

    min_tasks: int = 0
    max_tasks: int = 10
    messages_per_task: int = 100
    scale_in_cooldown: Duration | None = None
    scale_out_cooldown: Duration | None = None

    @property
    def may_be_none(self) -> bool:
        """Whether no task at all may be in order; so for a parameter, whose value is not known."""
        return Token.is_unresolved(self.min_tasks) or self.min_tasks == 0

    def check(self, arguments: Arguments) -> None:
        """Refuse numbers that cannot work together."""
        arguments.between("scaling.min_tasks", self.min_tasks, 0, 5000)
        arguments.between("scaling.max_tasks", self.max_tasks, 1, 5000)
        if not Token.is_unresolved(self.min_tasks) and not Token.is_unresolved(self.max_tasks):
            arguments.between("scaling.max_tasks", self.max_tasks, max(self.min_tasks, 1), 5000)
        arguments.between("scaling.messages_per_task", self.messages_per_task, 1, 1_000_000)

    def apply(self, scope: Construct, service: ecs.FargateService, queue: sqs.IQueue) -> ecs.ScalableTaskCount:
        """Register the service as a scalable target that follows the queue."""
        tasks = service.auto_scale_task_count(min_capacity=self.min_tasks, max_capacity=self.max_tasks)
        scalable = tasks.node.find_child("Target")
        assert isinstance(scalable, autoscaling.ScalableTarget)
        self._follow(scope, scalable, service, queue)
        if self.may_be_none:
            _wake(scope, scalable, queue)
        return tasks

    def _follow(
        self, scope: Construct, scalable: autoscaling.ScalableTarget, service: ecs.FargateService, queue: sqs.IQueue
    ) -> None:
        # One task with some work is reported as rightly loaded: it would be stopped in the middle of it otherwise.
        wanted = Tokenization.stringify_number(self.messages_per_task)
        expression = (
            f"IF(tasks == 1 AND backlog > 0 AND backlog < {wanted}, {wanted}, backlog / IF(tasks > 0, tasks, 1))"
        )
        autoscaling.CfnScalingPolicy(
            scope,
            "BacklogPolicy",
            policy_name=f"{scope.node.path}/Backlog",
            policy_type="TargetTrackingScaling",
            scaling_target_id=scalable.scalable_target_id,
            target_tracking_scaling_policy_configuration=autoscaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
                target_value=self.messages_per_task,
                scale_in_cooldown=(self.scale_in_cooldown or Duration.minutes(5)).to_seconds(),
                scale_out_cooldown=(self.scale_out_cooldown or Duration.minutes(1)).to_seconds(),
                customized_metric_specification=autoscaling.CfnScalingPolicy.CustomizedMetricSpecificationProperty(
                    metrics=[
                        *(_query(name, metric) for name, metric in _messages(queue).items()),
                        _query("running", running_tasks(service)),
                        _Metric(id="backlog", expression="visible + working", return_data=False),
                        _Metric(id="tasks", expression="FILL(running, 0)", return_data=False),
                        _Metric(id="each", expression=expression, label="Messages to a task", return_data=True),
                    ]
                ),
            ),
        )


def _messages(queue: sqs.IQueue) -> dict[str, cloudwatch.Metric]:
    return {
        "visible": queue.metric_approximate_number_of_messages_visible(statistic="Average", period=_MINUTE),
        "working": queue.metric_approximate_number_of_messages_not_visible(statistic="Average", period=_MINUTE),
    }


def _query(name: str, metric: cloudwatch.Metric) -> autoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty:
    dimensions = [
        autoscaling.CfnScalingPolicy.TargetTrackingMetricDimensionProperty(name=key, value=value)
        for key, value in (metric.dimensions or {}).items()
    ]
    return _Metric(
        id=name,
        return_data=False,
        metric_stat=autoscaling.CfnScalingPolicy.TargetTrackingMetricStatProperty(
            stat=metric.statistic,
            metric=autoscaling.CfnScalingPolicy.TargetTrackingMetricProperty(
                namespace=metric.namespace, metric_name=metric.metric_name, dimensions=dimensions
            ),
        ),
    )


def _wake(scope: Construct, scalable: autoscaling.ScalableTarget, queue: sqs.IQueue) -> None:
    """Start a task when messages wait and nobody works: a target that is tracked multiplies, and none stays none."""
    alarm = cloudwatch.MathExpression(
        expression="IF(visible > 0 AND working < 1, visible, 0)",
        label="Messages on which nobody works",
        period=_MINUTE,
        using_metrics=_messages(queue),
    ).create_alarm(
        scope,
        "WakeAlarm",
        threshold=0,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluation_periods=1,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description="Messages wait and nobody works on any: a task is started. Nobody needs to be told.",
    )
    step = autoscaling.StepScalingAction(
        scope,
        "WakeAction",
        scaling_target=scalable,
        adjustment_type=autoscaling.AdjustmentType.CHANGE_IN_CAPACITY,
        cooldown=Duration.minutes(3),  # as long as a task may need to start
    )
    step.add_adjustment(adjustment=1, lower_bound=0)
    alarm.add_alarm_action(actions.ApplicationScalingAction(step))
