"""What MiniStack's own CloudFormation handlers leave out, done through the service's API."""

from collections.abc import Callable, Mapping
from typing import Any

from pavedroad_platform.sandbox.emulator.database_clusters import complete_aurora_cluster, complete_document_cluster
from pavedroad_platform.sandbox.emulator.functions import complete_function
from pavedroad_platform.sandbox.emulator.in_process_client import call
from pavedroad_platform.sandbox.emulator.instance_groups import complete_group
from pavedroad_platform.sandbox.emulator.kubernetes_clusters import complete_kubernetes_cluster

Completion = Callable[[str, Mapping[str, Any], Mapping[str, Any]], None]

REFERENCES: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "AWS::IAM::InstanceProfile": lambda identifier, _: identifier.rsplit("/", 1)[-1],
    "AWS::SecretsManager::Secret": lambda _, attributes: str(attributes["Id"]),
}
"""What ``Ref`` answers, from MiniStack's identifier and attributes, where MiniStack answers another."""


def _encryption(configuration: Mapping[str, Any]) -> dict[str, Any]:
    rules = []
    for rule in configuration["ServerSideEncryptionConfiguration"]:
        default = dict(rule.get("ServerSideEncryptionByDefault") or {})
        if default.get("SSEAlgorithm") == "aws:kms":
            default.setdefault("KMSMasterKeyID", "alias/aws/s3")  # AWS's own key, where none is named
        rules.append(
            {
                **({"ApplyServerSideEncryptionByDefault": default} if default else {}),
                **({"BucketKeyEnabled": _is_true(rule["BucketKeyEnabled"])} if "BucketKeyEnabled" in rule else {}),
            }
        )
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def _lifecycle(configuration: Mapping[str, Any]) -> dict[str, Any]:
    return {"LifecycleConfiguration": {"Rules": [_lifecycle_rule(rule) for rule in configuration["Rules"]]}}


def _lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    expiration: dict[str, Any] = {}
    if "ExpirationInDays" in rule:
        expiration["Days"] = int(rule["ExpirationInDays"])
    if "ExpiredObjectDeleteMarker" in rule:
        expiration["ExpiredObjectDeleteMarker"] = _is_true(rule["ExpiredObjectDeleteMarker"])
    made: dict[str, Any] = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if "Id" in rule:
        made["ID"] = rule["Id"]
    if expiration:
        made["Expiration"] = expiration
    if "Transitions" in rule:
        made["Transitions"] = [
            {"Days": int(step["TransitionInDays"]), "StorageClass": step["StorageClass"]}
            for step in rule["Transitions"]
        ]
    if "NoncurrentVersionExpiration" in rule:
        made["NoncurrentVersionExpiration"] = {
            name: int(value) for name, value in rule["NoncurrentVersionExpiration"].items()
        }
    if "NoncurrentVersionTransitions" in rule:
        made["NoncurrentVersionTransitions"] = [
            {"NoncurrentDays": int(step["TransitionInDays"]), "StorageClass": step["StorageClass"]}
            for step in rule["NoncurrentVersionTransitions"]
        ]
    if "AbortIncompleteMultipartUpload" in rule:
        made["AbortIncompleteMultipartUpload"] = {
            "DaysAfterInitiation": int(rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
        }
    return made


def _logging(configuration: Mapping[str, Any]) -> dict[str, Any]:
    enabled = {
        "TargetBucket": configuration["DestinationBucketName"],
        "TargetPrefix": configuration.get("LogFilePrefix", ""),
    }
    return {"BucketLoggingStatus": {"LoggingEnabled": enabled}}


def _versioning(configuration: Mapping[str, Any]) -> dict[str, Any]:
    return {"VersioningConfiguration": {"Status": configuration["Status"]}}


def _object_lock(configuration: Mapping[str, Any]) -> dict[str, Any]:
    lock: dict[str, Any] = {"ObjectLockEnabled": configuration.get("ObjectLockEnabled", "Enabled")}
    if "Rule" in configuration:
        retention = configuration["Rule"]["DefaultRetention"]
        lock["Rule"] = {
            "DefaultRetention": {name: value if name == "Mode" else int(value) for name, value in retention.items()}
        }
    return {"ObjectLockConfiguration": lock}


def _replication(configuration: Mapping[str, Any]) -> dict[str, Any]:
    rules = []
    for rule in configuration["Rules"]:
        made = {name: value for name, value in rule.items() if name != "Id"}
        if "Id" in rule:
            made["ID"] = rule["Id"]
        if "Priority" in rule:
            made["Priority"] = int(rule["Priority"])
        rules.append(made)
    return {"ReplicationConfiguration": {"Role": configuration["Role"], "Rules": rules}}


def _ownership(configuration: Mapping[str, Any]) -> dict[str, Any]:
    return {"OwnershipControls": {"Rules": list(configuration["Rules"])}}


def _tags(tags: Any) -> dict[str, Any]:
    return {"Tagging": {"TagSet": [{"Key": tag["Key"], "Value": tag["Value"]} for tag in tags]}}


# Object lock wants a versioned bucket: the order counts. The last operation is what removes the setting again.
_BUCKET_SETTINGS: tuple[tuple[str, str, Callable[[Any], dict[str, Any]], str | None], ...] = (
    ("VersioningConfiguration", "PutBucketVersioning", _versioning, None),
    ("BucketEncryption", "PutBucketEncryption", _encryption, "DeleteBucketEncryption"),
    ("LifecycleConfiguration", "PutBucketLifecycleConfiguration", _lifecycle, "DeleteBucketLifecycle"),
    ("LoggingConfiguration", "PutBucketLogging", _logging, None),
    ("ReplicationConfiguration", "PutBucketReplication", _replication, "DeleteBucketReplication"),
    ("OwnershipControls", "PutBucketOwnershipControls", _ownership, "DeleteBucketOwnershipControls"),
    ("Tags", "PutBucketTagging", _tags, "DeleteBucketTagging"),
)


def complete_bucket(name: str, properties: Mapping[str, Any], previous: Mapping[str, Any]) -> None:
    """Set what the template says of a bucket, and remove what it no longer says."""
    for setting, operation, parameters, removal in _BUCKET_SETTINGS:
        if properties.get(setting):
            if properties[setting] != previous.get(setting):
                call("s3", operation, Bucket=name, **parameters(properties[setting]))
        elif previous.get(setting) and removal:
            call("s3", removal, Bucket=name)
    if previous.get("LoggingConfiguration") and not properties.get("LoggingConfiguration"):
        call("s3", "PutBucketLogging", Bucket=name, BucketLoggingStatus={})
    if _is_true(properties.get("ObjectLockEnabled", "false")) and not previous:
        call(
            "s3",
            "PutObjectLockConfiguration",
            Bucket=name,
            **_object_lock(properties.get("ObjectLockConfiguration", {})),
        )


def complete_topic(topic: str, properties: Mapping[str, Any], _before: Mapping[str, Any]) -> None:
    """Encrypt a topic with its key."""
    key = properties.get("KmsMasterKeyId", "")
    call("sns", "SetTopicAttributes", TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=key)


def complete_table(name: str, properties: Mapping[str, Any], _before: Mapping[str, Any]) -> None:
    """Set what the template says of the replica of a table here: its key, recovery and protection."""
    for replica in properties["Replicas"]:
        encryption = {**properties.get("SSESpecification", {}), **replica.get("SSESpecification", {})}
        settings = {
            "DeletionProtectionEnabled": _is_true(replica.get("DeletionProtectionEnabled", "false")),
            **({"SSESpecification": _sse(encryption)} if encryption else {}),
        }
        call("dynamodb", "UpdateTable", TableName=name, **settings)
        recovery = replica.get("PointInTimeRecoverySpecification", {})
        specification = {
            "PointInTimeRecoveryEnabled": _is_true(recovery.get("PointInTimeRecoveryEnabled", "false")),
            **({"RecoveryPeriodInDays": int(recovery["RecoveryPeriodInDays"])} if len(recovery) > 1 else {}),
        }
        call("dynamodb", "UpdateContinuousBackups", TableName=name, PointInTimeRecoverySpecification=specification)


def _sse(encryption: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: encryption[name] for name in ("SSEType", "KMSMasterKeyId") if name in encryption}
    return {"Enabled": _is_true(encryption.get("SSEEnabled", "false")), **given}


NATIVE_COMPLETIONS: Mapping[str, Completion] = {
    "AWS::AutoScaling::AutoScalingGroup": complete_group,
    "AWS::DocDB::DBCluster": complete_document_cluster,
    "AWS::DynamoDB::GlobalTable": complete_table,
    "AWS::EKS::Cluster": complete_kubernetes_cluster,
    "AWS::Lambda::Function": complete_function,
    "AWS::RDS::DBCluster": complete_aurora_cluster,
    "AWS::S3::Bucket": complete_bucket,
    "AWS::SNS::Topic": complete_topic,
}
"""By type: completes the resource of that name from its properties and those before."""
