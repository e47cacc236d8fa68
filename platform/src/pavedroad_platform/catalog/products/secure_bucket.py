"""The product secure-bucket: a bucket for a team's data."""

from collections.abc import Mapping

from aws_cdk import Aws, CfnCondition, Duration, Fn, Stack, Token
from aws_cdk import aws_s3 as s3

from pavedroad.security.acknowledgments import acknowledge
from pavedroad.storage.s3.secure_bucket import SecureBucket
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product

_KEEPING = "How long objects are kept"
_LOCK = "Object lock"
_EVENTS = "Events"

_LONGEST_DAYS = 36500


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    secure = SecureBucket(
        stack,
        "Bucket",
        noncurrent_version_expiration=Duration.days(parameters["NoncurrentVersionDays"].value_as_number),
        lifecycle_rules=[_keep_then_delete(stack, parameters)],
    )
    bucket = secure.bucket.node.default_child
    assert isinstance(bucket, s3.CfnBucket)
    _lock_if_asked(stack, bucket, parameters)
    _send_events_if_asked(stack, bucket, parameters)
    assert secure.encryption_key
    assert secure.access_log_bucket
    return {
        "BucketName": secure.bucket.bucket_name,
        "BucketArn": secure.bucket.bucket_arn,
        "EncryptionKeyArn": secure.encryption_key.key_arn,
        "AccessLogBucketName": secure.access_log_bucket.bucket_name,
    }


def _keep_then_delete(stack: Stack, parameters: Parameters) -> s3.LifecycleRule:
    deletes = CfnCondition(
        stack,
        "DeletesObjects",
        expression=Fn.condition_not(Fn.condition_equals(parameters["DeleteAfterDays"], "0")),
    )
    days = Fn.condition_if(deletes.logical_id, parameters["DeleteAfterDays"].value_as_string, Aws.NO_VALUE)
    return s3.LifecycleRule(
        id="keep-then-delete",
        transitions=[
            s3.Transition(
                storage_class=s3.StorageClass.INFREQUENT_ACCESS,
                transition_after=Duration.days(parameters["InfrequentAccessAfterDays"].value_as_number),
            )
        ],
        expiration=Duration.days(Token.as_number(days)),
    )


# What a construct decides in Python is decided here at launch: the properties themselves carry the condition.


def _lock_if_asked(stack: Stack, bucket: s3.CfnBucket, parameters: Parameters) -> None:
    mode = parameters["ObjectLockMode"]
    locks = CfnCondition(
        stack, "LocksObjects", expression=Fn.condition_not(Fn.condition_equals(mode, "OFF"))
    ).logical_id
    retention = {"Mode": mode.value_as_string, "Days": parameters["ObjectLockDays"].value_as_number}
    acknowledge(
        mode,
        "cloudformation-validate::W1030",
        "OFF never reaches the property: the whole configuration is left out then, by the condition LocksObjects.",
    )
    bucket.object_lock_enabled = Fn.condition_if(locks, True, Aws.NO_VALUE)  # noqa: FBT003
    bucket.object_lock_configuration = Fn.condition_if(
        locks, {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}, Aws.NO_VALUE
    )


def _send_events_if_asked(stack: Stack, bucket: s3.CfnBucket, parameters: Parameters) -> None:
    sends = CfnCondition(stack, "SendsEvents", expression=Fn.condition_equals(parameters["Events"], "ON")).logical_id
    bucket.notification_configuration = Fn.condition_if(
        sends, {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}, Aws.NO_VALUE
    )


PRODUCT = Product(
    key="secure-bucket",
    title="Secure bucket",
    version="1.0.0",
    summary="A private bucket, encrypted with its own key, with versions, access logs and a lifecycle.",
    parameters=(
        Parameter(
            name="NoncurrentVersionDays",
            label="Days to keep old versions",
            group=_KEEPING,
            help="How many days a replaced or deleted object can be brought back.",
            type="Number",
            default=90,
            minimum=1,
            maximum=_LONGEST_DAYS,
        ),
        Parameter(
            name="InfrequentAccessAfterDays",
            label="Days until cheaper storage",
            group=_KEEPING,
            help="After how many days objects move to storage that costs less to keep and more to read.",
            type="Number",
            default=30,
            minimum=30,
            maximum=_LONGEST_DAYS,
        ),
        Parameter(
            name="DeleteAfterDays",
            label="Days until deletion",
            group=_KEEPING,
            help="After how many days objects are deleted, later than they move to cheaper storage. 0: never.",
            type="Number",
            default=0,
            minimum=0,
            maximum=_LONGEST_DAYS,
        ),
        Parameter(
            name="ObjectLockMode",
            label="Lock objects",
            group=_LOCK,
            help=(
                "Whether nobody may delete or replace a version for some days: GOVERNANCE, except with a special"
                " permission, or COMPLIANCE, without exception. It can be chosen only when the bucket is made."
            ),
            default="OFF",
            allowed_values=("OFF", "GOVERNANCE", "COMPLIANCE"),
            constraint="One of OFF, GOVERNANCE and COMPLIANCE.",
        ),
        Parameter(
            name="ObjectLockDays",
            label="Days of the lock",
            group=_LOCK,
            help="For how many days each version is locked. It counts only where objects are locked.",
            type="Number",
            default=30,
            minimum=1,
            maximum=_LONGEST_DAYS,
        ),
        Parameter(
            name="Events",
            label="Events to EventBridge",
            group=_EVENTS,
            help="Whether every change of an object is told to EventBridge, where rules can act on it.",
            default="OFF",
            allowed_values=("OFF", "ON"),
            constraint="Either OFF or ON.",
        ),
    ),
    outputs=(
        Output(name="BucketName", purpose="The bucket that objects are put into."),
        Output(name="BucketArn", purpose="Goes into the policies of roles that may use the bucket."),
        Output(
            name="EncryptionKeyArn", purpose="Roles that use the bucket need kms:Decrypt and kms:GenerateDataKey on it."
        ),
        Output(name="AccessLogBucketName", purpose="Tells who read and wrote which object."),
    ),
    build=_build,
)
