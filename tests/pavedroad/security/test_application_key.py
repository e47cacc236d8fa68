from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad import ApplicationKey, SecureBucket
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.security.application_key import DATA_SERVICES
from pavedroad.security.key_policy import ADMINISTRATION, USE
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]
days = cdk.Duration.days
ROOT = {"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]]}}
OPERATOR = "arn:aws:iam::111111111111:role/operator"


def properties(stack: cdk.Stack) -> dict[str, Any]:
    (found,) = Template.from_stack(stack).find_resources("AWS::KMS::Key").values()
    result: dict[str, Any] = found["Properties"]
    return result


def statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = properties(stack)["KeyPolicy"]["Statement"]
    return found


def via(*services: str) -> dict[str, Any]:
    names: list[Any] = [
        {"Fn::Join": ["", [f"{service}.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]} for service in services
    ]
    return {
        "kms:CallerAccount": {"Ref": "AWS::AccountId"},
        "kms:ViaService": names,
    }


@pytest.fixture
def role(stack: cdk.Stack) -> ManagedPolicyRole:
    service = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
    return ManagedPolicyRole(stack, "Role", assumed_by=service, description="Orders")


class TestDefaultShape:
    def test_is_rotated_every_year_and_kept(self, stack: cdk.Stack) -> None:
        ApplicationKey(stack, "Key")
        found = properties(stack)
        assert (found["EnableKeyRotation"], found["RotationPeriodInDays"]) == (True, 365)
        assert found["PendingWindowInDays"] == 30
        assert found["Description"] == "Data of Stack/Key"
        assert "MultiRegion" not in found
        Template.from_stack(stack).all_resources("AWS::KMS::Key", {"DeletionPolicy": "Retain"})

    def test_who_administers_does_not_use(self, stack: cdk.Stack) -> None:
        ApplicationKey(stack, "Key")
        administration = statements(stack)[0]
        assert (administration["Sid"], administration["Principal"]) == ("AccountAdministers", ROOT)
        assert administration["Action"] == list(ADMINISTRATION)
        assert not ({*USE, "kms:CreateGrant", "kms:*"} - {"kms:DescribeKey"}) & set(ADMINISTRATION)

    def test_identities_of_the_account_use_it_through_services_only(self, stack: cdk.Stack) -> None:
        ApplicationKey(stack, "Key")
        _, use, grants = statements(stack)
        assert (use["Principal"], use["Action"]) == (ROOT, list(USE))
        assert use["Condition"] == {"StringEquals": via(*DATA_SERVICES)}
        assert (grants["Principal"], grants["Action"]) == (ROOT, "kms:CreateGrant")
        assert grants["Condition"] == {
            "StringEquals": via(*DATA_SERVICES),
            "Bool": {"kms:GrantIsForAWSResource": "true"},
        }

    def test_has_no_alias(self, stack: cdk.Stack) -> None:
        ApplicationKey(stack, "Key")
        Template.from_stack(stack).resource_count_is("AWS::KMS::Alias", 0)

    def test_packs_find_nothing(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        ApplicationKey(stack, "Key")
        assert pack_findings(stack) == []


class TestOptions:
    def test_named_administrators_and_the_root_user_alone_administer(self, stack: cdk.Stack) -> None:
        ApplicationKey(stack, "Key", administrators=[iam.ArnPrincipal(OPERATOR)])
        root, named = statements(stack)[:2]
        assert root["Condition"] == {"StringEquals": {"aws:PrincipalType": "Account"}}
        assert (named["Sid"], named["Principal"]) == ("Administrators", {"AWS": OPERATOR})
        assert root["Action"] == named["Action"] == list(ADMINISTRATION)

    def test_alias_periods_and_regions(self, stack: cdk.Stack) -> None:
        ApplicationKey(
            stack,
            "Key",
            description="Orders",
            alias="orders",
            multi_region=True,
            rotation_period=days(90),
            pending_window=days(7),
        )
        found = properties(stack)
        assert (found["RotationPeriodInDays"], found["PendingWindowInDays"]) == (90, 7)
        assert (found["MultiRegion"], found["Description"]) == (True, "Orders")
        Template.from_stack(stack).has_resource_properties("AWS::KMS::Alias", {"AliasName": "alias/orders"})

    def test_no_service_leaves_administration_only(self, stack: cdk.Stack) -> None:
        ApplicationKey(stack, "Key", services=())
        assert len(statements(stack)) == 1

    def test_logs_use_it_for_log_groups_of_this_account_and_region(self, stack: cdk.Stack) -> None:
        ApplicationKey(stack, "Key", services=("logs",))
        (_, logs) = statements(stack)
        assert logs["Sid"] == "CloudWatchLogs"
        assert list(logs["Condition"]["ArnLike"]) == ["kms:EncryptionContext:aws:logs:arn"]

    def test_alarms_use_it_for_topics_of_this_account_only(self, stack: cdk.Stack) -> None:
        ApplicationKey(stack, "Key", services=()).allow_service("cloudwatch")
        (_, own) = statements(stack)
        assert own["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert own["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}

    def test_a_further_service_is_admitted_later(self, stack: cdk.Stack) -> None:
        ApplicationKey(stack, "Key", services=()).allow_service("kinesis")
        (_, use, grants) = statements(stack)
        assert use["Condition"]["StringEquals"]["kms:ViaService"] == via("kinesis")["kms:ViaService"]
        assert grants["Action"] == "kms:CreateGrant"

    def test_encrypts_what_other_constructs_make(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        key = ApplicationKey(stack, "Key").key
        bucket = SecureBucket(stack, "Bucket", encryption_key=key)
        assert bucket.encryption_key is key
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 1)
        assert pack_findings(stack) == []


class TestGrants:
    @pytest.mark.parametrize(
        ("method", "actions"),
        [("grant_encrypt_decrypt", list(USE)), ("grant_decrypt", ["kms:Decrypt", "kms:DescribeKey"])],
    )
    def test_stand_in_the_keys_policy_and_the_roles(
        self, stack: cdk.Stack, role: ManagedPolicyRole, method: str, actions: list[str]
    ) -> None:
        key = ApplicationKey(stack, "Key", services=())
        getattr(key, method)(role)
        assert statements(stack)[1] == {
            "Effect": "Allow",
            "Principal": {"AWS": stack.resolve(role.role_arn)},
            "Action": actions,
            "Resource": "*",
        }
        (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        (granted,) = policy["Properties"]["PolicyDocument"]["Statement"]
        assert (granted["Action"], granted["Resource"]) == (actions, stack.resolve(key.key.key_arn))


class TestAlarms:
    def test_tell_when_the_key_is_disabled_or_about_to_be_deleted(self, stack: cdk.Stack) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:on-call")
        key = ApplicationKey(stack, "Key")
        assert key.add_alarms(topic) == key.rules
        (rule,) = Template.from_stack(stack).find_resources("AWS::Events::Rule").values()
        assert rule["Properties"]["EventPattern"] == {
            "source": ["aws.kms"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {
                "eventSource": ["kms.amazonaws.com"],
                "eventName": ["DisableKey", "DisableKeyRotation", "ScheduleKeyDeletion"],
                "requestParameters": {"keyId": [stack.resolve(key.key.key_id), stack.resolve(key.key.key_arn)]},
            },
        }
        assert rule["Properties"]["Targets"][0]["Arn"] == topic.topic_arn


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"alias": "aws/orders"}, "alias='aws/orders': must be letters, digits"),
            ({"alias": "my orders"}, "alias='my orders': must be letters, digits"),
            ({"rotation_period": days(30)}, "rotation_period=30: must be from 90 to 2560"),
            ({"pending_window": days(31)}, "pending_window=31: must be from 7 to 30"),
            ({"services": ["s3", "events"]}, "services='events': cannot be admitted to a key under a condition"),
            ({"services": ["s3.amazonaws.com"]}, "services='s3.amazonaws.com': must be a service's name without"),
        ],
    )
    def test_are_refused(self, stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            ApplicationKey(stack, "Key", **arguments)

    def test_of_a_service_that_is_admitted_later(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError, match="service='S3': must be a service's name without"):
            ApplicationKey(stack, "Key").allow_service("S3")

    def test_of_eventbridge_that_is_admitted_later(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError, match="service='events': cannot be admitted to a key"):
            ApplicationKey(stack, "Key").allow_service("events")

    def test_are_told_at_once(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError) as refused:
            ApplicationKey(stack, "Key", alias="aws/x", pending_window=days(1))
        assert all(name in str(refused.value) for name in ("alias=", "pending_window="))


class TestCannotBeUndone:
    def test_rotation(self, stack: cdk.Stack) -> None:
        _resource(ApplicationKey(stack, "Key")).enable_key_rotation = False
        with pytest.raises(RuntimeError, match="ApplicationKey is rotated; its EnableKeyRotation was removed"):
            Template.from_stack(stack)

    @pytest.mark.parametrize(
        "statement",
        [
            iam.PolicyStatement(actions=["kms:*"], resources=["*"], principals=[iam.AccountRootPrincipal()]),
            iam.PolicyStatement(actions=["kms:Decrypt"], resources=["*"], principals=[iam.AnyPrincipal()]),
        ],
    )
    def test_named_use(self, stack: cdk.Stack, statement: iam.PolicyStatement) -> None:
        ApplicationKey(stack, "Key").key.add_to_resource_policy(statement)
        with pytest.raises(RuntimeError, match="ApplicationKey names who uses it; its KeyPolicy allows every action"):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    period = cdk.CfnParameter(product, "Days", type="Number").value_as_number
    ApplicationKey(
        product,
        "Key",
        description=text("Description"),
        administrators=[iam.ArnPrincipal(text("Administrator"))],
        alias=text("Alias"),
        rotation_period=days(period),
        pending_window=days(period),
    )
    found = product_template()["Resources"]
    (key,) = [it["Properties"] for it in found.values() if it["Type"] == "AWS::KMS::Key"]
    assert (key["RotationPeriodInDays"], key["PendingWindowInDays"]) == ({"Ref": "Days"}, {"Ref": "Days"})
    (alias,) = [it["Properties"] for it in found.values() if it["Type"] == "AWS::KMS::Alias"]
    assert "Alias" in str(alias["AliasName"])
    assert not any(it["Type"].startswith(("Custom::", "AWS::Lambda")) for it in found.values())


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    ApplicationKey(stack, "Key", alias="orders")
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {"KeyE447D366", "KeyAlias85DCBF1E"}


def _resource(key: ApplicationKey) -> kms.CfnKey:
    resource = key.key.node.default_child
    assert isinstance(resource, kms.CfnKey)
    return resource
