from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import SessionAccess
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]
TAGS = {"application": "orders"}
BY_TAG = {"StringEquals": {"aws:ResourceTag/application": "orders"}}


@pytest.fixture
def role(stack: cdk.Stack) -> ManagedPolicyRole:
    return ManagedPolicyRole(stack, "Role", assumed_by=iam.AccountRootPrincipal(), description="People, or a host")


def document(stack: cdk.Stack) -> dict[str, Any]:
    (found,) = Template.from_stack(stack).find_resources("AWS::SSM::Document").values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def inputs(stack: cdk.Stack) -> dict[str, Any]:
    found: dict[str, Any] = document(stack)["Content"]["inputs"]
    return found


def allowed(stack: cdk.Stack, action: str) -> list[dict[str, Any]]:
    """The statements of the one policy that allow ``action``."""

    def actions(statement: dict[str, Any]) -> list[str]:
        listed = statement["Action"]
        return [listed] if isinstance(listed, str) else listed

    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    return [each for each in policy["Properties"]["PolicyDocument"]["Statement"] if action in actions(each)]


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


class TestDocument:
    def test_sessions_are_encrypted_recorded_and_end(self, stack: cdk.Stack) -> None:
        sessions = SessionAccess(stack, "Sessions")
        assert document(stack)["DocumentType"] == "Session"
        assert document(stack)["UpdateMethod"] == "NewVersion"
        assert "Name" not in document(stack)
        assert inputs(stack) == {
            "s3BucketName": "",
            "s3KeyPrefix": "",
            "s3EncryptionEnabled": True,
            "cloudWatchLogGroupName": stack.resolve(sessions.log_group.log_group_name),
            "cloudWatchEncryptionEnabled": True,
            "cloudWatchStreamingEnabled": True,
            "kmsKeyId": stack.resolve(sessions.encryption_key.key_arn),
            "runAsEnabled": True,
            "runAsDefaultUser": "ec2-user",
            "idleSessionTimeout": "15",
            "maxSessionDuration": "120",
        }

    def test_records_stay_encrypted_for_a_year(self, stack: cdk.Stack) -> None:
        sessions = SessionAccess(stack, "Sessions")
        template = Template.from_stack(stack)
        key = stack.resolve(sessions.encryption_key.key_arn)
        template.has_resource(
            "AWS::Logs::LogGroup",
            {"DeletionPolicy": "Retain", "Properties": {"RetentionInDays": 365, "KmsKeyId": key}},
        )
        template.has_resource("AWS::KMS::Key", {"DeletionPolicy": "Retain", "Properties": {"EnableKeyRotation": True}})

    def test_packs_find_nothing(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        SessionAccess(stack, "Sessions")
        assert pack_findings(stack) == []
        assert warnings(stack) == []

    def test_may_be_the_preferences_of_the_account(self, stack: cdk.Stack) -> None:
        SessionAccess(stack, "Sessions", account_preferences=True)
        assert document(stack)["Name"] == "SSM-SessionManagerRunShell"

    def test_times_user_bucket_and_key(self, stack: cdk.Stack) -> None:
        SessionAccess(
            stack,
            "Sessions",
            idle_timeout=cdk.Duration.minutes(5),
            max_duration=cdk.Duration.hours(8),
            run_as="operator",
            log_bucket=s3.Bucket.from_bucket_name(stack, "Bucket", "session-logs"),
            encryption_key=kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111111111111:key/abc"),
        )
        found = inputs(stack)
        assert (found["idleSessionTimeout"], found["maxSessionDuration"]) == ("5", "480")
        assert (found["runAsEnabled"], found["runAsDefaultUser"]) == (True, "operator")
        assert (found["s3BucketName"], found["s3KeyPrefix"]) == ("session-logs", "sessions")
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)

    def test_a_user_who_may_become_root_leaves_a_warning(self, stack: cdk.Stack) -> None:
        SessionAccess(stack, "Sessions", run_as="ssm-user")
        assert ["pavedroad:session-root" in text for text in warnings(stack)] == [True]
        assert inputs(stack)["runAsEnabled"] is False


class TestGrantStartSession:
    def test_reaches_tagged_instances_with_this_document_and_ones_own_sessions(
        self, stack: cdk.Stack, role: ManagedPolicyRole, pack_findings: Findings
    ) -> None:
        sessions = SessionAccess(stack, "Sessions")
        assert sessions.grant_start_session(role, tags=TAGS).success
        with_document, on_instances = allowed(stack, "ssm:StartSession")
        assert {"Ref": "Sessions8896A56D"} in with_document["Resource"]["Fn::Join"][1]
        assert "instance/*" in str(on_instances["Resource"])
        assert on_instances["Condition"] == BY_TAG
        (own,) = allowed(stack, "ssm:TerminateSession")
        assert "session/${aws:userid}-*" in str(own["Resource"])
        (data_key,) = allowed(stack, "kms:GenerateDataKey")
        assert data_key["Resource"] == stack.resolve(sessions.encryption_key.key_arn)
        assert pack_findings(stack) == []

    def test_on_every_instance_is_refused(self, stack: cdk.Stack, role: ManagedPolicyRole) -> None:
        with pytest.raises(InvalidArgumentsError, match=r"tags=\{\}: must name one tag at least"):
            SessionAccess(stack, "Sessions").grant_start_session(role, tags={})


class TestGrantExecuteCommand:
    @staticmethod
    def _cluster(stack: cdk.Stack) -> ecs.ICluster:
        return ecs.Cluster.from_cluster_arn(stack, "Cluster", "arn:aws:ecs:eu-west-1:111111111111:cluster/orders")

    def test_reaches_tagged_tasks_by_ecs_exec_only(
        self, stack: cdk.Stack, role: ManagedPolicyRole, pack_findings: Findings
    ) -> None:
        sessions = SessionAccess(stack, "Sessions")
        assert sessions.grant_execute_command(role, cluster=self._cluster(stack), tags=TAGS).success
        on_cluster, on_tasks = allowed(stack, "ecs:ExecuteCommand")
        assert on_cluster["Resource"] == "arn:aws:ecs:eu-west-1:111111111111:cluster/orders"
        assert ":task/orders/*" in str(on_tasks["Resource"])
        assert on_tasks["Condition"] == BY_TAG
        assert allowed(stack, "ssm:StartSession") == []
        assert pack_findings(stack) == []

    def test_on_every_task_is_refused(self, stack: cdk.Stack, role: ManagedPolicyRole) -> None:
        with pytest.raises(InvalidArgumentsError, match=r"tags=\{\}: must name one tag at least"):
            SessionAccess(stack, "Sessions").grant_execute_command(role, cluster=self._cluster(stack), tags={})


class TestGrantRecord:
    def test_a_host_decrypts_sessions_and_writes_their_log(
        self, stack: cdk.Stack, role: ManagedPolicyRole, pack_findings: Findings
    ) -> None:
        sessions = SessionAccess(stack, "Sessions")
        assert sessions.grant_record(role).success
        (decrypt,) = allowed(stack, "kms:Decrypt")
        assert decrypt["Resource"] == stack.resolve(sessions.encryption_key.key_arn)
        (write,) = allowed(stack, "logs:PutLogEvents")
        assert ":log-stream:*" in str(write["Resource"])
        assert allowed(stack, "s3:PutObject") == []
        assert pack_findings(stack) == []

    def test_and_into_the_bucket_where_there_is_one(
        self, stack: cdk.Stack, role: ManagedPolicyRole, pack_findings: Findings
    ) -> None:
        bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "session-logs")
        SessionAccess(stack, "Sessions", log_bucket=bucket).grant_record(role)
        (write,) = allowed(stack, "s3:PutObject")
        assert "session-logs/sessions/*" in str(write["Resource"])
        (encryption,) = allowed(stack, "s3:GetEncryptionConfiguration")
        assert encryption["Resource"] == stack.resolve(bucket.bucket_arn)
        assert allowed(stack, "kms:GenerateDataKey") == []
        assert pack_findings(stack) == []

    def test_with_the_key_of_the_bucket(self, stack: cdk.Stack, role: ManagedPolicyRole) -> None:
        key = kms.Key(stack, "BucketKey")
        bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
        SessionAccess(stack, "Sessions", log_bucket=bucket).grant_record(role)
        (data_key,) = allowed(stack, "kms:GenerateDataKey")
        assert data_key["Resource"] == stack.resolve(key.key_arn)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"idle_timeout": cdk.Duration.minutes(90)}, r"idle_timeout \(minutes\)=90: must be from 1 to 60"),
        ({"max_duration": cdk.Duration.days(2)}, r"max_duration \(minutes\)=2880: must be from 1 to 1440"),
        ({"run_as": "root"}, "run_as='root': must be a user of the hosts other than root"),
        ({"run_as": "Orders Team"}, "run_as='Orders Team': must be a user of the hosts"),
    ],
)
def test_bad_arguments_are_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        SessionAccess(stack, "Sessions", **arguments)


@pytest.mark.parametrize(
    ("name", "promise"),
    [
        ("kmsKeyId", "SessionAccess encrypts sessions; the document's kmsKeyId was removed"),
        ("cloudWatchLogGroupName", "SessionAccess records sessions; the document's log group was removed"),
        ("cloudWatchEncryptionEnabled", "SessionAccess records sessions; .* or need not be encrypted"),
    ],
)
def test_cannot_be_undone(stack: cdk.Stack, name: str, promise: str) -> None:
    sessions = SessionAccess(stack, "Sessions")
    content = stack.resolve(sessions.document.content)
    del content["inputs"][name]
    sessions.document.content = content
    with pytest.raises(RuntimeError, match=promise):
        Template.from_stack(stack)


def test_works_in_a_product_with_parameters(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    minutes = cdk.CfnParameter(product, "Minutes", type="Number").value_as_number
    role = ManagedPolicyRole(product, "Role", assumed_by=iam.AccountRootPrincipal(), description="People")
    sessions = SessionAccess(
        product,
        "Sessions",
        run_as=text("User"),
        max_duration=cdk.Duration.minutes(minutes),
        encryption_key=kms.Key.from_key_arn(product, "Key", text("KeyArn")),
    )
    sessions.grant_start_session(role, tags={"application": text("Application")})
    resources = product_template()["Resources"].values()
    (found,) = [each["Properties"]["Content"]["inputs"] for each in resources if each["Type"] == "AWS::SSM::Document"]
    assert found["runAsDefaultUser"] == {"Ref": "User"}
    assert found["maxSessionDuration"] == {"Ref": "Minutes"}


def test_logical_ids_of_what_holds_data_are_a_contract(stack: cdk.Stack) -> None:
    SessionAccess(stack, "Sessions")
    resources = Template.from_stack(stack).to_json()["Resources"]
    kept = {name for name, resource in resources.items() if resource.get("DeletionPolicy") == "Retain"}
    assert kept == {"SessionsKey46625E21", "SessionsLogsBE1067F1"}
