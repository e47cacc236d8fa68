"""Buckets that CloudFormation makes carry what the template says."""

from typing import Any

import pytest


@pytest.fixture(scope="module")
def bucket(emulator: Any) -> str:
    emulator.deploy(
        {
            "Key": {
                "Type": "AWS::KMS::Key",
                "Properties": {
                    "KeyPolicy": emulator.allowing("kms:*")
                    | {
                        "Statement": [
                            {
                                **emulator.allowing("kms:*")["Statement"][0],
                                "Principal": {"AWS": "arn:aws:iam::666666666666:root"},
                            }
                        ]
                    }
                },
            },
            "Logs": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "logs-under-test"}},
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "Properties": {
                    "BucketName": "bucket-under-test",
                    "BucketEncryption": {
                        "ServerSideEncryptionConfiguration": [
                            {
                                "BucketKeyEnabled": True,
                                "ServerSideEncryptionByDefault": {
                                    "SSEAlgorithm": "aws:kms",
                                    "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]},
                                },
                            }
                        ]
                    },
                    "Tags": [{"Key": "team", "Value": "orders"}],
                    "VersioningConfiguration": {"Status": "Enabled"},
                    "LifecycleConfiguration": {
                        "Rules": [
                            {
                                "Id": "old",
                                "Status": "Enabled",
                                "ExpirationInDays": 400,
                                "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 90}],
                                "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                            }
                        ]
                    },
                    "LoggingConfiguration": {"DestinationBucketName": {"Ref": "Logs"}, "LogFilePrefix": "access/"},
                    "ObjectLockEnabled": True,
                    "ObjectLockConfiguration": {
                        "ObjectLockEnabled": "Enabled",
                        "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}},
                    },
                    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                    "PublicAccessBlockConfiguration": {
                        "BlockPublicAcls": True,
                        "BlockPublicPolicy": True,
                        "IgnorePublicAcls": True,
                        "RestrictPublicBuckets": True,
                    },
                },
            },
            "Policy": {
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {
                    "Bucket": {"Ref": "Bucket"},
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Deny",
                                "Principal": "*",
                                "Action": "s3:*",
                                "Resource": "*",
                                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                            }
                        ],
                    },
                },
            },
        }
    )
    return "bucket-under-test"


def test_encryption(emulator: Any, bucket: str) -> None:
    answer = emulator.client("s3").get_bucket_encryption(Bucket=bucket)
    (rule,) = answer["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["BucketKeyEnabled"] is True
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"].startswith(
        "arn:aws:kms:eu-west-1:666666666666:key/"
    )


def test_tags(emulator: Any, bucket: str) -> None:
    assert emulator.client("s3").get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "team", "Value": "orders"}]


def test_versioning(emulator: Any, bucket: str) -> None:
    assert emulator.client("s3").get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_lifecycle(emulator: Any, bucket: str) -> None:
    (rule,) = emulator.client("s3").get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert (rule["ID"], rule["Expiration"]) == ("old", {"Days": 400})
    assert rule["Transitions"] == [{"Days": 90, "StorageClass": "GLACIER"}]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


def test_logging(emulator: Any, bucket: str) -> None:
    answer = emulator.client("s3").get_bucket_logging(Bucket=bucket)["LoggingEnabled"]
    assert (answer["TargetBucket"], answer["TargetPrefix"]) == ("logs-under-test", "access/")


def test_object_lock(emulator: Any, bucket: str) -> None:
    answer = emulator.client("s3").get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert answer["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 30}


def test_public_access_block_and_ownership(emulator: Any, bucket: str) -> None:
    blocked = emulator.client("s3").get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    owned = emulator.client("s3").get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert owned["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_policy(emulator: Any, bucket: str) -> None:
    assert "aws:SecureTransport" in emulator.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]


def test_an_update_changes_and_removes_settings(emulator: Any) -> None:
    def resources(**properties: Any) -> dict[str, Any]:
        return {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}

    before = resources(
        Tags=[{"Key": "team", "Value": "orders"}],
        LifecycleConfiguration={"Rules": [{"Status": "Enabled", "ExpirationInDays": 9}]},
    )
    made = emulator.deploy(before, outputs={"Name": {"Ref": "Bucket"}})
    s3 = emulator.client("s3")
    assert s3.get_bucket_lifecycle_configuration(Bucket=made["Name"])["Rules"]
    emulator.deploy(resources(Tags=[{"Key": "team", "Value": "billing"}]), name=made["StackName"])
    assert s3.get_bucket_tagging(Bucket=made["Name"])["TagSet"] == [{"Key": "team", "Value": "billing"}]
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=made["Name"])
    emulator.delete(made["StackName"])


def test_a_topic_tells_the_key_that_it_is_encrypted_with(emulator) -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": []}}}
    made = emulator.deploy(
        {"Topic": topic, "Key": key}, outputs={"Topic": {"Ref": "Topic"}, "Key": {"Fn::GetAtt": ["Key", "Arn"]}}
    )
    attributes = emulator.client("sns").get_topic_attributes(TopicArn=made["Topic"])["Attributes"]
    assert attributes["KmsMasterKeyId"] == made["Key"]
