from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import SecureBucket
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.storage.s3.replication import Replication

Findings = Callable[[cdk.Stack], list[str]]

ABROAD = Replication(
    bucket_arn="arn:aws:s3:::copies", encryption_key_arn="arn:aws:kms:eu-central-1:222222222222:key/abc"
)
LOG_TARGET = "Load balancers deliver access logs to buckets in SSE-S3 only."
NOT_INTO_ITSELF = "It receives server access logs; to log into itself would never end."


def bucket(template: Template, logical_id: str = "BucketE75EA64C") -> dict[str, Any]:
    properties: dict[str, Any] = template.to_json()["Resources"][logical_id]["Properties"]
    return properties


def statements(template: Template, logical_id: str = "BucketPolicy8005AAB0") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bucket(template, logical_id)["PolicyDocument"]["Statement"]
    return found


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


class TestDefaultShape:
    def test_encrypts_with_its_own_rotated_key_and_a_bucket_key(self, stack: cdk.Stack) -> None:
        SecureBucket(stack, "Bucket")
        template = Template.from_stack(stack)
        assert bucket(template)["BucketEncryption"]["ServerSideEncryptionConfiguration"] == [
            {
                "BucketKeyEnabled": True,
                "ServerSideEncryptionByDefault": {
                    "KMSMasterKeyID": {"Fn::GetAtt": ["BucketKey7E4AEAB8", "Arn"]},
                    "SSEAlgorithm": "aws:kms",
                },
            }
        ]
        template.has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})

    def test_is_private_versioned_and_its_owner_owns_every_object(self, stack: cdk.Stack) -> None:
        SecureBucket(stack, "Bucket")
        template = Template.from_stack(stack)
        template.all_resources_properties(
            "AWS::S3::Bucket",
            {
                "PublicAccessBlockConfiguration": dict.fromkeys(
                    ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
                ),
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "VersioningConfiguration": {"Status": "Enabled"},
                "AccessControl": Match.absent(),
            },
        )

    def test_refuses_plain_text_old_tls_and_other_keys(self, stack: cdk.Stack) -> None:
        SecureBucket(stack, "Bucket")
        denied = statements(Template.from_stack(stack))
        assert [statement["Effect"] for statement in denied] == ["Deny"] * 4
        assert [statement["Condition"] for statement in denied] == [
            {"Bool": {"aws:SecureTransport": "false"}},
            {"NumericLessThan": {"s3:TlsVersion": 1.2}},
            {
                "StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"},
                "Null": {"s3:x-amz-server-side-encryption": "false"},
            },
            {
                "StringNotEquals": {
                    "s3:x-amz-server-side-encryption-aws-kms-key-id": {"Fn::GetAtt": ["BucketKey7E4AEAB8", "Arn"]}
                },
                "Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "false"},
            },
        ]

    def test_logs_access_into_its_own_log_bucket_in_sse_s3(self, stack: cdk.Stack) -> None:
        secure = SecureBucket(stack, "Bucket")
        template = Template.from_stack(stack)
        assert bucket(template)["LoggingConfiguration"] == {
            "DestinationBucketName": {"Ref": "BucketAccessLogsFF6F5F45"},
            "LogFilePrefix": "access-logs/",
        }
        logs = bucket(template, "BucketAccessLogsFF6F5F45")
        assert logs["BucketEncryption"]["ServerSideEncryptionConfiguration"] == [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        ]
        assert {"Id": "expire-access-logs", "ExpirationInDays": 365, "Status": "Enabled"} in logs[
            "LifecycleConfiguration"
        ]["Rules"]
        allowed = statements(template, "BucketAccessLogsPolicy43484C2D")[-1]
        assert allowed["Principal"] == {"Service": "logging.s3.amazonaws.com"}
        assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
        assert secure.access_log_bucket is not None

    def test_access_logs_need_no_feature_flag(self) -> None:
        stack = cdk.Stack(cdk.App(builtin_cloud_formation_validation=False), "Stack")
        SecureBucket(stack, "Bucket")
        Template.from_stack(stack).all_resources_properties("AWS::S3::Bucket", {"AccessControl": Match.absent()})

    def test_aborts_incomplete_uploads_and_expires_noncurrent_versions(self, stack: cdk.Stack) -> None:
        SecureBucket(stack, "Bucket")
        assert bucket(Template.from_stack(stack))["LifecycleConfiguration"]["Rules"] == [
            {
                "Id": "abort-incomplete-uploads",
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                "Status": "Enabled",
            },
            {
                "Id": "expire-noncurrent-versions",
                "ExpiredObjectDeleteMarker": True,
                "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
                "Status": "Enabled",
            },
        ]

    def test_outlives_its_stack_and_is_named_by_cloudformation(self, stack: cdk.Stack) -> None:
        SecureBucket(stack, "Bucket")
        template = Template.from_stack(stack)
        template.all_resources("AWS::S3::Bucket", {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"})
        template.all_resources("AWS::KMS::Key", {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"})
        assert "BucketName" not in bucket(template)

    def test_packs_find_nothing(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        SecureBucket(stack, "Bucket")
        assert pack_findings(stack) == []
        assert warnings(stack) == []


class TestOptions:
    def test_every_option_is_clean_in_the_packs(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        reports = SecureBucket(stack, "Reports")
        SecureBucket(
            stack,
            "Bucket",
            bucket_name="orders-uploads",
            lifecycle_rules=[s3.LifecycleRule(id="expire", expiration=cdk.Duration.days(30))],
            object_lock=s3.ObjectLockRetention.compliance(cdk.Duration.days(30)),
            replication=ABROAD,
            event_bridge=True,
            inventories=(s3.Inventory(destination=s3.InventoryDestination(bucket=reports.bucket)),),
            cors=(s3.CorsRule(allowed_methods=[s3.HttpMethods.GET], allowed_origins=["https://orders.example"]),),
        )
        assert pack_findings(stack) == []

    def test_a_given_key_is_used_and_none_is_made(self, stack: cdk.Stack) -> None:
        key = kms.Key.from_key_arn(stack, "Shared", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        secure = SecureBucket(stack, "Bucket", encryption_key=key)
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)
        assert secure.encryption_key is key

    def test_a_log_archive_in_sse_s3_says_why(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        archive = SecureBucket(
            stack,
            "Bucket",
            s3_managed_encryption_reason=LOG_TARGET,
            no_access_logs_reason=NOT_INTO_ITSELF,
            object_lock=s3.ObjectLockRetention.compliance(cdk.Duration.days(365)),
        )
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::S3::Bucket", 1)
        template.resource_count_is("AWS::KMS::Key", 0)
        assert "LoggingConfiguration" not in bucket(template)
        assert pack_findings(stack) == []
        assert archive.encryption_key is None
        assert archive.access_log_bucket is None

    def test_logs_into_a_given_bucket_under_a_prefix_of_its_own(self, stack: cdk.Stack) -> None:
        archive = SecureBucket(
            stack, "Archive", s3_managed_encryption_reason=LOG_TARGET, no_access_logs_reason=NOT_INTO_ITSELF
        )
        SecureBucket(stack, "Bucket", access_log_bucket=archive.bucket)
        SecureBucket(stack, "Other", access_log_bucket=archive.bucket, access_log_prefix="orders/")
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::S3::Bucket", 3)
        found = template.find_resources("AWS::S3::Bucket", {"Properties": {"LoggingConfiguration": Match.any_value()}})
        prefixes = {it["Properties"]["LoggingConfiguration"]["LogFilePrefix"] for it in found.values()}
        assert prefixes == {"StackBucket168445DC/", "orders/"}

    def test_object_lock(self, stack: cdk.Stack) -> None:
        SecureBucket(stack, "Bucket", object_lock=s3.ObjectLockRetention.governance(cdk.Duration.days(7)))
        properties = bucket(Template.from_stack(stack))
        assert properties["ObjectLockEnabled"] is True
        assert properties["ObjectLockConfiguration"]["Rule"] == {"DefaultRetention": {"Days": 7, "Mode": "GOVERNANCE"}}

    def test_events_go_to_event_bridge_without_a_function(self, stack: cdk.Stack) -> None:
        SecureBucket(stack, "Bucket", event_bridge=True)
        template = Template.from_stack(stack)
        assert bucket(template)["NotificationConfiguration"] == {
            "EventBridgeConfiguration": {"EventBridgeEnabled": True}
        }
        template.resource_count_is("AWS::Lambda::Function", 0)

    def test_replicates_into_another_account_which_then_owns_the_copies(self, stack: cdk.Stack) -> None:
        elsewhere = Replication(
            bucket_arn=ABROAD.bucket_arn, encryption_key_arn=ABROAD.encryption_key_arn, account="222222222222"
        )
        secure = SecureBucket(stack, "Bucket", replication=elsewhere)
        template = Template.from_stack(stack)
        (rule,) = bucket(template)["ReplicationConfiguration"]["Rules"]
        assert rule["Status"] == "Enabled"
        assert rule["SourceSelectionCriteria"] == {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
        assert rule["Destination"] == {
            "AccessControlTranslation": {"Owner": "Destination"},
            "Account": "222222222222",
            "Bucket": "arn:aws:s3:::copies",
            "EncryptionConfiguration": {"ReplicaKmsKeyID": "arn:aws:kms:eu-central-1:222222222222:key/abc"},
            "Metrics": {"Status": "Enabled"},
        }
        assert secure.replication is not None

    def test_the_replication_role_reads_the_one_source_and_writes_to_the_one_target(self, stack: cdk.Stack) -> None:
        SecureBucket(stack, "Bucket", replication=ABROAD)
        (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        granted = {
            str(statement["Resource"]): statement["Action"]
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        }
        source = {"Fn::GetAtt": ["BucketE75EA64C", "Arn"]}
        assert granted == {
            str(source): ["s3:GetReplicationConfiguration", "s3:ListBucket"],
            str({"Fn::Join": ["", [source, "/*"]]}): [
                "s3:GetObjectLegalHold",
                "s3:GetObjectRetention",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionTagging",
            ],
            str({"Fn::GetAtt": ["BucketKey7E4AEAB8", "Arn"]}): "kms:Decrypt",
            "arn:aws:s3:::copies/*": ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
            "arn:aws:kms:eu-central-1:222222222222:key/abc": ["kms:Encrypt", "kms:GenerateDataKey"],
        }

    def test_replication_out_of_a_bucket_in_sse_s3(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        SecureBucket(stack, "Bucket", s3_managed_encryption_reason=LOG_TARGET, replication=ABROAD)
        assert pack_findings(stack) == []

    def test_noncurrent_versions_are_kept_as_long_as_asked(self, stack: cdk.Stack) -> None:
        SecureBucket(stack, "Bucket", noncurrent_version_expiration=cdk.Duration.days(400))
        rules = bucket(Template.from_stack(stack))["LifecycleConfiguration"]["Rules"]
        assert rules[1]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 400}


class TestGrants:
    @pytest.mark.parametrize(
        ("method", "actions"),
        [
            ("grant_read", {"s3:GetObject*", "kms:Decrypt"}),
            ("grant_write", {"s3:PutObject", "s3:DeleteObject*", "kms:GenerateDataKey*"}),
            ("grant_read_write", {"s3:GetObject*", "s3:PutObject", "kms:Decrypt", "kms:GenerateDataKey*"}),
            ("grant_delete", {"s3:DeleteObject*"}),
        ],
    )
    def test_include_the_key(self, stack: cdk.Stack, method: str, actions: set[str]) -> None:
        role = ManagedPolicyRole(
            stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), description="Orders"
        )
        secure = SecureBucket(stack, "Bucket")
        grant = getattr(secure, method)(role, "invoices/*")
        assert grant.success
        (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        granted: set[str] = set()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            action = statement["Action"]
            granted |= {action} if isinstance(action, str) else set(action)
        assert actions <= granted
        assert "invoices/*" in str(policy)


class TestWeakenedDefaults:
    @pytest.mark.parametrize(
        ("arguments", "warning"),
        [
            ({"deny_other_keys": False}, "pavedroad:bucket-other-keys"),
            ({"removal_policy": cdk.RemovalPolicy.DESTROY}, "pavedroad:bucket-not-retained"),
        ],
    )
    def test_leave_a_warning(self, stack: cdk.Stack, arguments: dict[str, Any], warning: str) -> None:
        SecureBucket(stack, "Bucket", **arguments)
        assert [warning in text for text in warnings(stack)] == [True]

    def test_other_keys_are_then_let_in(self, stack: cdk.Stack) -> None:
        SecureBucket(stack, "Bucket", deny_other_keys=False)
        assert len(statements(Template.from_stack(stack))) == 2


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"bucket_name": "Orders_Uploads"}, "bucket_name='Orders_Uploads': must be 3 to 63 lower-case letters"),
            ({"bucket_name": "a..b"}, "bucket_name='a..b': must be 3 to 63"),
            ({"s3_managed_encryption_reason": ""}, "s3_managed_encryption_reason='': must be a reason that an auditor"),
            (
                {"no_access_logs_reason": "n/a"},
                "no_access_logs_reason='n/a': must be a reason that an auditor can weigh",
            ),
        ],
    )
    def test_are_refused(self, stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            SecureBucket(stack, "Bucket", **arguments)

    def test_that_contradict_each_other_are_told_at_once(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            SecureBucket(
                stack,
                "Bucket",
                encryption_key=kms.Key(stack, "Key"),
                s3_managed_encryption_reason=LOG_TARGET,
                access_log_bucket=s3.Bucket(stack, "Logs"),
                no_access_logs_reason=NOT_INTO_ITSELF,
            )
        assert str(caught.value) == (
            f"SecureBucket 'Stack/Bucket': s3_managed_encryption_reason='{LOG_TARGET}': give either it, for S3's own "
            f"key, or encryption_key; no_access_logs_reason='{NOT_INTO_ITSELF}': give either it or access_log_bucket"
        )


class TestCannotBeUndone:
    def test_encryption(self, stack: cdk.Stack) -> None:
        _resource(SecureBucket(stack, "Bucket")).bucket_encryption = None
        with pytest.raises(RuntimeError, match="SecureBucket is encrypted at rest; its BucketEncryption was removed"):
            Template.from_stack(stack)

    @pytest.mark.parametrize("missing", ["block_public_acls", "restrict_public_buckets"])
    def test_public_access_block(self, stack: cdk.Stack, missing: str) -> None:
        names = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
        weakened = {name: name != missing for name in names}
        _resource(
            SecureBucket(stack, "Bucket")
        ).public_access_block_configuration = s3.CfnBucket.PublicAccessBlockConfigurationProperty(**weakened)
        with pytest.raises(RuntimeError, match="SecureBucket is private; its PublicAccessBlockConfiguration was weak"):
            Template.from_stack(stack)

    def test_public_access_block_removed(self, stack: cdk.Stack) -> None:
        _resource(SecureBucket(stack, "Bucket")).public_access_block_configuration = None
        with pytest.raises(RuntimeError, match="SecureBucket is private"):
            Template.from_stack(stack)

    def test_versions(self, stack: cdk.Stack) -> None:
        _resource(
            SecureBucket(stack, "Bucket")
        ).versioning_configuration = s3.CfnBucket.VersioningConfigurationProperty(status="Suspended")
        with pytest.raises(
            RuntimeError, match="SecureBucket keeps versions; its VersioningConfiguration was suspended"
        ):
            Template.from_stack(stack)

    def test_tls(self, stack: cdk.Stack) -> None:
        secure = SecureBucket(stack, "Bucket")
        assert secure.bucket.policy is not None
        policy = secure.bucket.policy.node.default_child
        assert isinstance(policy, s3.CfnBucketPolicy)
        policy.policy_document = {"Version": "2012-10-17", "Statement": []}
        with pytest.raises(RuntimeError, match="SecureBucket is reached through TLS only; its bucket policy does not"):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def parameter(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    days = cdk.CfnParameter(product, "Days", type="Number").value_as_number
    SecureBucket(
        product,
        "Bucket",
        bucket_name=parameter("Name"),
        encryption_key=kms.Key.from_key_arn(product, "Key", parameter("KeyArn")),
        access_log_prefix=parameter("Prefix"),
        lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(days))],
        replication=Replication(bucket_arn=parameter("Copies"), encryption_key_arn=parameter("CopiesKey")),
        event_bridge=True,
    )
    resources = product_template()["Resources"]
    assert resources["BucketE75EA64C"]["Properties"]["BucketName"] == {"Ref": "Name"}
    assert not any(resource["Type"].startswith(("Custom::", "AWS::Lambda")) for resource in resources.values())


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    SecureBucket(stack, "Bucket")
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {
        "BucketKey7E4AEAB8",
        "BucketE75EA64C",
        "BucketPolicy8005AAB0",
        "BucketAccessLogsFF6F5F45",
        "BucketAccessLogsPolicy43484C2D",
    }


def _resource(secure: SecureBucket) -> s3.CfnBucket:
    resource = secure.bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    return resource
