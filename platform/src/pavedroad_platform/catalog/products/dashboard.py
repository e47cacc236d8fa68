"""The product dashboard: one page on which the health of a service is seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Aws, CfnCondition, Duration, Fn, ICfnRuleConditionExpression, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from pavedroad.observability.cloudwatch.graphs import DashboardGraphs
from pavedroad.observability.cloudwatch.named_components import NamedContainerService, NamedDatabase, NamedLog
from pavedroad.observability.cloudwatch.rows_at_launch import ListedAlarms
from pavedroad.observability.cloudwatch.service_dashboard import DashboardRow, ServiceDashboard
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product, ProductOutput, Rule

_SERVICE = "Service"
_CONTAINERS = "Containers behind a load balancer"
_COMPONENTS = "Other components"
_SIGNS = "Alarms and logs"

# The field that a row is shown for, with the row's title.
_ROWS = {
    "AlarmArns": "Alarms",
    "LoadBalancerArn": "Containers",
    "FunctionName": "Function",
    "QueueName": "Queue",
    "TableName": "Table",
    "DatabaseIdentifier": "Database",
    "LogGroupName": "Log",
}
_OF_CONTAINERS = ("LoadBalancerArn", "EcsClusterName", "EcsServiceName")


@dataclass(frozen=True, kw_only=True)
class _Heading:
    """What the page is about, in the line beneath its title."""

    def dashboard_widgets(self, graphs: DashboardGraphs) -> Sequence[cloudwatch.IWidget]:
        del graphs
        return []


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    values = {name: parameter.value_as_string for name, parameter in parameters.items()}
    components = {
        "LoadBalancerArn": NamedContainerService(
            load_balancer_arn=values["LoadBalancerArn"],
            cluster_name=values["EcsClusterName"],
            service_name=values["EcsServiceName"],
        ),
        "FunctionName": lambda_.Function.from_function_name(stack, "Function", values["FunctionName"]),
        "QueueName": sqs.Queue.from_queue_attributes(
            stack,
            "Queue",
            queue_arn=stack.format_arn(service="sqs", resource=values["QueueName"]),
        ),
        "TableName": dynamodb.Table.from_table_name(stack, "Table", values["TableName"]),
        "DatabaseIdentifier": NamedDatabase(identifier=values["DatabaseIdentifier"]),
        "LogGroupName": NamedLog(log_group_name=values["LogGroupName"]),
        "AlarmArns": ListedAlarms(arns=Fn.split(",", values["AlarmArns"])),
    }
    dashboard = ServiceDashboard(
        stack,
        "Dashboard",
        rows=[
            DashboardRow(title=values["Title"], component=_Heading()),
            *(
                DashboardRow(title=title, component=components[name], condition=_is_given(stack, name, values[name]))
                for name, title in _ROWS.items()
            ),
        ],
        period=Duration.minutes(1),
        # CloudFormation would not name it after the stack, by which the launch role reaches it.
        dashboard_name=f"{Aws.STACK_NAME}-service",
    )
    name = dashboard.dashboard.dashboard_name
    return {
        "DashboardName": name,
        "DashboardUrl": (
            f"https://{Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region={Aws.REGION}#dashboards:name={name}"
        ),
    }


def _is_given(stack: Stack, name: str, value: str) -> CfnCondition:
    return CfnCondition(stack, f"Shows{name}", expression=Fn.condition_not(Fn.condition_equals(value, "")))


def _given(parameters: Parameters, name: str) -> ICfnRuleConditionExpression:
    return Fn.condition_not(Fn.condition_equals(parameters[name].value_as_string, ""))


def _left_empty(parameters: Parameters, name: str) -> ICfnRuleConditionExpression:
    return Fn.condition_equals(parameters[name].value_as_string, "")


def _optional(
    name: str,
    label: str,
    group: str,
    *,
    help_text: str,
    pattern: str,
    constraint: str,
    canary: ProductOutput | None = None,
) -> Parameter:
    return Parameter(
        name=name,
        label=label,
        group=group,
        help=f"{help_text} Left empty: not shown.",
        default="",
        canary=canary,
        pattern=f"({pattern})?",
        constraint=f"{constraint}, or nothing.",
    )


PRODUCT = Product(
    key="dashboard",
    title="Dashboard",
    version="1.0.0",
    summary=(
        "One page in CloudWatch that shows how a service does: its alarms, then latency, traffic, errors and"
        " saturation of each component, and the latest errors in its log."
    ),
    parameters=(
        Parameter(
            name="Title",
            label="Title",
            group=_SERVICE,
            help="What stands above the page, such as the name of the service.",
            default="Service",
            pattern=r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}",
            constraint="Letters, digits, blanks, dots, hyphens and underscores, at most 100.",
        ),
        _optional(
            "LoadBalancerArn",
            "Load balancer",
            _CONTAINERS,
            help_text="The ARN of the service's application load balancer.",
            pattern=r"arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/app/[A-Za-z0-9-]+/[a-f0-9]+",
            constraint="The ARN of an application load balancer",
        ),
        _optional(
            "EcsClusterName",
            "Cluster",
            _CONTAINERS,
            help_text="The output ClusterName of the product fargate-service.",
            pattern=r"[A-Za-z0-9_-]{1,255}",
            constraint="The name of an ECS cluster",
        ),
        _optional(
            "EcsServiceName",
            "Service",
            _CONTAINERS,
            help_text="The output ServiceName of the product fargate-service.",
            pattern=r"[A-Za-z0-9_-]{1,255}",
            constraint="The name of an ECS service",
        ),
        _optional(
            "FunctionName",
            "Function",
            _COMPONENTS,
            help_text="A function of Lambda.",
            pattern=r"[A-Za-z0-9_-]{1,64}",
            constraint="The name of a function",
            canary=ProductOutput(product="lambda-service", output="FunctionName"),
        ),
        _optional(
            "QueueName",
            "Queue",
            _COMPONENTS,
            help_text="A queue of SQS.",
            pattern=r"[A-Za-z0-9_.-]{1,80}",
            constraint="The name of a queue",
        ),
        _optional(
            "TableName",
            "Table",
            _COMPONENTS,
            help_text="A table of DynamoDB.",
            pattern=r"[A-Za-z0-9_.-]{3,255}",
            constraint="The name of a table",
            canary=ProductOutput(product="table", output="TableName"),
        ),
        _optional(
            "DatabaseIdentifier",
            "Database",
            _COMPONENTS,
            help_text="The identifier of a database instance of RDS.",
            pattern=r"[A-Za-z][A-Za-z0-9-]{0,62}",
            constraint="The identifier of a database instance",
        ),
        _optional(
            "AlarmArns",
            "Alarms",
            _SIGNS,
            help_text="ARNs of alarms whose states are shown first, with commas between them.",
            pattern=r"arn:aws[a-z-]*:cloudwatch:[^,\"\\]+(,arn:aws[a-z-]*:cloudwatch:[^,\"\\]+)*",
            constraint="ARNs of alarms with commas between them",
        ),
        _optional(
            "LogGroupName",
            "Log group",
            _SIGNS,
            help_text="The log group whose latest errors are shown, such as the output LogGroupName of a product.",
            pattern=r"[A-Za-z0-9_./#-]{1,512}",
            constraint="The name of a log group",
            canary=ProductOutput(product="lambda-service", output="LogGroupName"),
        ),
    ),
    rules=(
        Rule(
            name="ContainersAreNamedWhole",
            description=f"Fill in all of {', '.join(_OF_CONTAINERS)}, or none of them.",
            assertion=lambda parameters: Fn.condition_or(
                Fn.condition_and(*(_given(parameters, name) for name in _OF_CONTAINERS)),
                Fn.condition_and(*(_left_empty(parameters, name) for name in _OF_CONTAINERS)),
            ),
        ),
    ),
    outputs=(
        Output(name="DashboardName", purpose="Opens the page in CloudWatch."),
        Output(name="DashboardUrl", purpose="Opens the page in a browser that is signed in to the account."),
    ),
    build=_build,
)
