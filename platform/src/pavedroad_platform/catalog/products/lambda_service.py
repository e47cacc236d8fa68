"""The product lambda-service: a function that events, schedules and signed requests call."""

from collections.abc import Mapping

from aws_cdk import CfnCondition, Duration, Fn, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler

from pavedroad.compute.functions.events import ScheduleTrigger
from pavedroad.compute.functions.function_url import IamFunctionUrl
from pavedroad.compute.functions.lambda_service import LambdaService
from pavedroad.compute.functions.runtimes import SELECTABLE
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.launch_conditions import make_only_if
from pavedroad_platform.catalog.launch_numbers import whole_number
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product

_CODE = "Code"
_SIZE = "Size"
_CALLERS = "Callers"
_RECORDS = "Logs"
_OFF = "OFF"

# The version of the function is described by what it was made of, in 256 characters at most: key, version and handler
# are confined so that they fit.
_SCHEDULE = r"OFF|rate\(\d+ (minutes?|hours?|days?)\)|cron\(\S+( \S+){5}\)"
_ARCHITECTURES = ("arm64", "x86_64")
_RETENTION_DAYS = ("30", "90", "180", "365", "731", "1827")


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    key = rotated_key(stack, "Key", description="Encrypts the function's environment, log, dead letters and alarms")
    service = LambdaService(
        stack,
        "Function",
        code=lambda_.Code.from_bucket_v2(
            s3.Bucket.from_bucket_name(stack, "Code", parameters["CodeBucket"].value_as_string),
            parameters["CodeKey"].value_as_string,
            object_version=parameters["CodeVersion"].value_as_string,
        ),
        handler=parameters["Handler"].value_as_string,
        runtime=lambda_.Runtime(parameters["Runtime"].value_as_string),
        architecture=lambda_.Architecture.custom(parameters["Architecture"].value_as_string),
        memory_mib=whole_number(parameters, "MemoryMiB"),
        timeout=Duration.seconds(parameters["TimeoutSeconds"].value_as_number),
        reserved_concurrency=whole_number(parameters, "ReservedConcurrency"),
        triggers=[
            ScheduleTrigger(
                name="Schedule",
                expression=scheduler.ScheduleExpression.expression(parameters["Schedule"].value_as_string),
            )
        ],
        function_url=IamFunctionUrl(),
        encryption_key=key,
    )
    topic = alarm_topic(stack, encryption_key=key, email=parameters[ALARM_EMAIL_PARAMETER.name].value_as_string)
    service.add_alarms(topic)
    _record_and_run_as_asked(service, parameters)
    _call_on_schedule_if_asked(stack, service, parameters)
    return {
        "FunctionName": service.function.function_name,
        "AliasArn": service.alias.function_arn,
        "HttpsAddress": _url_if_asked(stack, service, parameters),
        "RoleArn": service.role.role_arn,
        "DeadLetterQueueUrl": service.dead_letter_queue.queue_url,
        "LogGroupName": service.log_group.log_group_name,
    }


# What a construct decides in Python is decided here at launch: the resources themselves carry the condition.


def _record_and_run_as_asked(service: LambdaService, parameters: Parameters) -> None:
    log_group = service.log_group.node.default_child
    assert isinstance(log_group, logs.CfnLogGroup)
    log_group.retention_in_days = parameters["LogRetentionDays"].value_as_number
    acknowledge(
        service.function,
        "AwsSolutions-L1",
        "The check cannot read the runtime, which is chosen at launch: the form takes those that AWS patches (Lambda.2)"
        " and says which is the newest of its language.",
    )


def _call_on_schedule_if_asked(stack: Stack, service: LambdaService, parameters: Parameters) -> None:
    asked = CfnCondition(
        stack, "HasSchedule", expression=Fn.condition_not(Fn.condition_equals(parameters["Schedule"], _OFF))
    )
    make_only_if(asked, service.triggers["Schedule"])


def _url_if_asked(stack: Stack, service: LambdaService, parameters: Parameters) -> str:
    asked = CfnCondition(stack, "HasFunctionUrl", expression=Fn.condition_equals(parameters["FunctionUrl"], "AWS_IAM"))
    assert service.function_url
    make_only_if(asked, service.function_url)
    return Fn.condition_if(asked.logical_id, service.function_url.url, "none").to_string()


PRODUCT = Product(
    key="lambda-service",
    title="Lambda service",
    version="1.0.0",
    summary=(
        "A function on AWS Lambda that is called through an alias: encrypted, traced, watched, and with a queue that"
        " keeps what failed."
    ),
    parameters=(
        Parameter(
            name="CodeBucket",
            label="Bucket of the code",
            group=_CODE,
            help="The bucket that the code is in: the output BucketName of the product secure-bucket.",
            example="sc-111111111111-pp-orders-bucket-1a2b3c4d5e6f",
            pattern=r"sc-[a-z0-9][a-z0-9.-]{1,59}",
            constraint="The name of a bucket that a product made, which begins with sc-.",
        ),
        Parameter(
            name="CodeKey",
            label="Key of the code",
            group=_CODE,
            help="The key of the ZIP file in the bucket.",
            example="order-service/1.0.0.zip",
            pattern=r"[A-Za-z0-9!_.*'()/-]{1,70}",
            constraint="The key of an object: at most 70 letters, digits and ! _ . * ' ( ) / -.",
        ),
        Parameter(
            name="CodeVersion",
            label="Version of the code",
            group=_CODE,
            help="The version of the object. Another one is another release of the function; an upload alone is none.",
            example="3sL4kqtJlcpXroDTDmJrmSpXd3dIbrHY",
            pattern=r"[A-Za-z0-9+/=._-]{1,64}",
            constraint="The version id that S3 gave to the object.",
        ),
        Parameter(
            name="Handler",
            label="Handler",
            group=_CODE,
            help="Where the code is entered: index.handler is the function handler in the file index.",
            default="index.handler",
            pattern=r"[A-Za-z0-9_$./:-]{1,84}",
            constraint="At most 84 characters without spaces, such as index.handler or com.example.Orders::handle.",
        ),
        Parameter(
            name="Runtime",
            label="Runtime",
            group=_CODE,
            help="The language and its version. AWS patches all of them; the highest of a language stays longest.",
            default="python3.14",
            allowed_values=SELECTABLE,
            constraint=f"One of {', '.join(SELECTABLE)}.",
        ),
        Parameter(
            name="Architecture",
            label="Architecture",
            group=_CODE,
            help="The processors that the code was built for. arm64 costs less.",
            default="arm64",
            allowed_values=_ARCHITECTURES,
            constraint="Either arm64 or x86_64.",
        ),
        Parameter(
            name="MemoryMiB",
            label="Memory in MiB",
            group=_SIZE,
            help="The share of the processors grows with it: 1769 MiB have one vCPU.",
            type="Number",
            default=512,
            minimum=128,
            maximum=10240,
        ),
        Parameter(
            name="TimeoutSeconds",
            label="Timeout in seconds",
            group=_SIZE,
            help="How long a call may take before it is stopped.",
            type="Number",
            default=30,
            minimum=1,
            maximum=900,
        ),
        Parameter(
            name="ReservedConcurrency",
            label="Calls at once",
            group=_SIZE,
            help=(
                "How many calls run at once at the most; no other function can take them. AWS keeps 100 of the"
                " account's for functions without such a number."
            ),
            type="Number",
            default=10,
            minimum=1,
            maximum=10000,
        ),
        Parameter(
            name="Schedule",
            label="Schedule",
            group=_CALLERS,
            help="When EventBridge Scheduler calls it, in UTC, such as rate(1 hour) or cron(0 6 * * ? *). OFF: never.",
            default=_OFF,
            pattern=_SCHEDULE,
            constraint="OFF, or a schedule such as rate(1 hour) or cron(0 6 * * ? *).",
        ),
        Parameter(
            name="FunctionUrl",
            label="Function URL",
            group=_CALLERS,
            help="AWS_IAM: an HTTPS address for callers who sign their requests and whom IAM lets in. OFF: none.",
            default=_OFF,
            allowed_values=(_OFF, "AWS_IAM"),
            constraint="Either OFF or AWS_IAM.",
        ),
        Parameter(
            name="LogRetentionDays",
            label="Days to keep the log",
            group=_RECORDS,
            help="For how many days it is known what the function did.",
            type="Number",
            default=365,
            allowed_values=_RETENTION_DAYS,
            constraint=f"One of {', '.join(_RETENTION_DAYS)}.",
        ),
        ALARM_EMAIL_PARAMETER,
    ),
    outputs=(
        Output(name="FunctionName", purpose="The function; call it through its alias."),
        Output(name="AliasArn", purpose="What callers invoke: lambda:InvokeFunction on it is granted to them."),
        Output(name="HttpsAddress", purpose="The HTTPS address for signed requests, or none."),
        Output(name="RoleArn", purpose="What the function may do is granted to this role."),
        Output(name="DeadLetterQueueUrl", purpose="Keeps for 14 days what failed for good."),
        Output(name="LogGroupName", purpose="Where the function's log is."),
    ),
    build=_build,
)
