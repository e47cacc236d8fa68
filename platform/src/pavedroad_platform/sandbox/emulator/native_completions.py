"""What MiniStack's own CloudFormation handlers leave out, done through the service's API."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import provisioners

from pavedroad_platform.sandbox.emulator.in_process_client import call

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


NATIVE_COMPLETIONS: Mapping[str, Completion] = {
    "AWS::S3::Bucket": complete_bucket,
    "AWS::SNS::Topic": complete_topic,
}
"""By type: completes the resource of that name from its properties and those before."""


_PYTHON_RESPONSE = """\
import json
import urllib.request

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = {
        "Status": responseStatus,
        "Reason": reason or f"See the details in CloudWatch Log Stream: {context.log_stream_name}",
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }
    request = urllib.request.Request(event["ResponseURL"], data=json.dumps(body).encode(), method="PUT")
    request.add_header("content-type", "")
    urllib.request.urlopen(request)
"""


def install() -> None:
    """Give inline Python functions the module ``cfnresponse``, which AWS adds to them."""
    original = provisioners._zip_inline

    def zip_inline(source: str | None, handler: str, runtime: str = "python3.12") -> bytes | None:
        archive: bytes | None = original(source, handler, runtime)
        if archive is None or not runtime.startswith("python"):
            return archive
        content = io.BytesIO(archive)
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr("cfnresponse.py", _PYTHON_RESPONSE)
        return content.getvalue()

    provisioners._zip_inline = zip_inline
