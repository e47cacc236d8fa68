from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from pavedroad import ApplicationSecret
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]
days = cdk.Duration.days
MANAGED = "The partner changes the key and puts each new one into the secret."
FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111111111111:function:rotate"


def one(stack: cdk.Stack, resource_type: str) -> dict[str, Any]:
    (found,) = Template.from_stack(stack).find_resources(resource_type).values()
    result: dict[str, Any] = found["Properties"]
    return result


def policy(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    found = one(stack, "AWS::SecretsManager::ResourcePolicy")["ResourcePolicy"]["Statement"]
    return {statement["Sid"]: statement for statement in found}


def make_role(stack: cdk.Stack, construct_id: str = "Role") -> ManagedPolicyRole:
    service = iam.ServicePrincipal("lambda.amazonaws.com")
    return ManagedPolicyRole(stack, construct_id, assumed_by=service, description="Rotates")


def make_function(stack: cdk.Stack) -> lambda_.IFunction:
    return lambda_.Function.from_function_attributes(
        stack, "Function", function_arn=FUNCTION_ARN, role=make_role(stack), same_environment=True
    )


class TestDefaultShape:
    def test_generates_32_characters_under_its_own_rotated_key_and_is_kept(self, stack: cdk.Stack) -> None:
        secret = ApplicationSecret(stack, "Secret", no_rotation_reason=MANAGED)
        found = one(stack, "AWS::SecretsManager::Secret")
        generated = found["GenerateSecretString"]
        assert (generated["PasswordLength"], generated["RequireEachIncludedType"]) == (32, True)
        assert set("'\"\\@/ ") <= set(generated["ExcludeCharacters"])
        assert found["KmsKeyId"] == stack.resolve(secret.encryption_key.key_arn)
        assert one(stack, "AWS::KMS::Key")["EnableKeyRotation"] is True
        for kept in ("AWS::KMS::Key", "AWS::SecretsManager::Secret"):
            Template.from_stack(stack).all_resources(kept, {"DeletionPolicy": "Retain"})

    def test_refuses_plain_text_and_other_accounts(self, stack: cdk.Stack) -> None:
        ApplicationSecret(stack, "Secret", no_rotation_reason=MANAGED)
        found = policy(stack)
        assert {sid: (it["Effect"], it["Action"], it["Principal"], it["Condition"]) for sid, it in found.items()} == {
            "SecureTransport": (
                "Deny",
                "secretsmanager:*",
                {"AWS": "*"},
                {"Bool": {"aws:SecureTransport": "false"}},
            ),
            "OtherAccounts": (
                "Deny",
                "secretsmanager:*",
                {"AWS": "*"},
                {
                    "StringNotEquals": {"aws:PrincipalAccount": [{"Ref": "AWS::AccountId"}]},
                    "Bool": {"aws:PrincipalIsAWSService": "false"},
                },
            ),
        }
        assert one(stack, "AWS::SecretsManager::ResourcePolicy")["BlockPublicPolicy"] is True

    def test_packs_find_nothing_with_a_rotation_function(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        ApplicationSecret(stack, "Secret", rotation_function=make_function(stack))
        assert pack_findings(stack) == []

    def test_packs_find_nothing_where_a_reason_says_why_it_is_not_rotated(
        self, stack: cdk.Stack, pack_findings: Findings
    ) -> None:
        secret = ApplicationSecret(stack, "Secret", no_rotation_reason=MANAGED)
        assert secret.rotation is None
        assert pack_findings(stack) == []


class TestRotation:
    def test_every_30_days_with_the_given_function(self, stack: cdk.Stack) -> None:
        secret = ApplicationSecret(stack, "Secret", rotation_function=make_function(stack))
        assert secret.rotation is not None
        assert one(stack, "AWS::SecretsManager::RotationSchedule") == {
            "SecretId": stack.resolve(secret.secret.secret_arn),
            "RotationLambdaARN": FUNCTION_ARN,
            "RotationRules": {"AutomaticallyAfterDays": 30},
        }

    def test_as_often_as_asked(self, stack: cdk.Stack) -> None:
        ApplicationSecret(stack, "Secret", rotation_function=make_function(stack), rotate_after=days(7))
        rules = one(stack, "AWS::SecretsManager::RotationSchedule")["RotationRules"]
        assert rules == {"AutomaticallyAfterDays": 7}

    def test_secrets_manager_calls_the_function_for_this_secret_of_this_account_only(self, stack: cdk.Stack) -> None:
        secret = ApplicationSecret(stack, "Secret", rotation_function=make_function(stack))
        assert one(stack, "AWS::Lambda::Permission") == {
            "Action": "lambda:InvokeFunction",
            "FunctionName": FUNCTION_ARN,
            "Principal": "secretsmanager.amazonaws.com",
            "SourceAccount": {"Ref": "AWS::AccountId"},
            "SourceArn": stack.resolve(secret.secret.secret_arn),
        }

    def test_the_function_may_change_this_secret_and_use_its_key(self, stack: cdk.Stack) -> None:
        secret = ApplicationSecret(stack, "Secret", rotation_function=make_function(stack))
        granted = {
            str(it["Resource"]): it["Action"]
            for it in one(stack, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
        }
        assert granted[str(stack.resolve(secret.secret.secret_arn))] == [
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
        ]
        assert granted[str(stack.resolve(secret.encryption_key.key_arn))] == ["kms:Decrypt", "kms:GenerateDataKey"]
        assert len(granted) == 2

    def test_waits_for_the_permission_and_the_rights(self, stack: cdk.Stack) -> None:
        ApplicationSecret(stack, "Secret", rotation_function=make_function(stack))
        (schedule,) = Template.from_stack(stack).find_resources("AWS::SecretsManager::RotationSchedule").values()
        assert any(name.startswith("SecretRotationPermission") for name in schedule["DependsOn"])
        assert any(name.startswith("RolePolicy") for name in schedule["DependsOn"])


class TestOptions:
    def test_name_description_key_and_rules_of_the_value(self, stack: cdk.Stack) -> None:
        key = kms.Key.from_key_arn(stack, "Shared", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        ApplicationSecret(
            stack,
            "Secret",
            no_rotation_reason=MANAGED,
            secret_name="orders/api",
            description="Opens the API",
            encryption_key=key,
            generate=secretsmanager.SecretStringGenerator(
                password_length=48, secret_string_template='{"user": "orders"}', generate_string_key="password"
            ),
        )
        found = one(stack, "AWS::SecretsManager::Secret")
        assert (found["Name"], found["Description"], found["KmsKeyId"]) == (
            "orders/api",
            "Opens the API",
            key.key_arn,
        )
        assert found["GenerateSecretString"] == {
            "PasswordLength": 48,
            "SecretStringTemplate": '{"user": "orders"}',
            "GenerateStringKey": "password",
        }
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)

    def test_named_accounts_read_and_all_others_stay_out(self, stack: cdk.Stack) -> None:
        ApplicationSecret(stack, "Secret", no_rotation_reason=MANAGED, reader_accounts=["222222222222"])
        found = policy(stack)
        admitted = found["ReaderAccounts"]
        assert admitted["Action"] == ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
        assert "222222222222" in str(admitted["Principal"])
        accounts = found["OtherAccounts"]["Condition"]["StringNotEquals"]["aws:PrincipalAccount"]
        assert accounts == [{"Ref": "AWS::AccountId"}, "222222222222"]
        decrypting = [
            it for it in one(stack, "AWS::KMS::Key")["KeyPolicy"]["Statement"] if "222222222222" in str(it["Principal"])
        ]
        assert [(it["Action"], list(it["Condition"]["StringEquals"])) for it in decrypting] == [
            ("kms:Decrypt", ["kms:ViaService"])
        ]

    def test_replicas_have_a_key_of_their_region(self, stack: cdk.Stack) -> None:
        there = kms.Key.from_key_arn(stack, "There", "arn:aws:kms:eu-central-1:111111111111:key/def")
        replica = secretsmanager.ReplicaRegion(region="eu-central-1", encryption_key=there)
        ApplicationSecret(stack, "Secret", no_rotation_reason=MANAGED, replicas=[replica])
        assert one(stack, "AWS::SecretsManager::Secret")["ReplicaRegions"] == [
            {"Region": "eu-central-1", "KmsKeyId": there.key_arn}
        ]


class TestGrants:
    @pytest.mark.parametrize(
        ("method", "actions"),
        [
            ("grant_read", {"secretsmanager:GetSecretValue", "kms:Decrypt"}),
            ("grant_write", {"secretsmanager:PutSecretValue", "kms:GenerateDataKey*"}),
        ],
    )
    def test_include_the_key(self, stack: cdk.Stack, method: str, actions: set[str]) -> None:
        secret = ApplicationSecret(stack, "Secret", no_rotation_reason=MANAGED)
        getattr(secret, method)(make_role(stack))
        statements = one(stack, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
        key_statements = one(stack, "AWS::KMS::Key")["KeyPolicy"]["Statement"]
        granted: set[str] = set()
        for statement in [*statements, *key_statements]:
            action = statement["Action"]
            granted |= {action} if isinstance(action, str) else set(action)
        assert actions <= granted


def test_alarms_tell_of_failed_rotations_and_of_deletion(stack: cdk.Stack) -> None:
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:on-call")
    secret = ApplicationSecret(stack, "Secret", rotation_function=make_function(stack))
    assert secret.add_alarms(topic) == secret.rules
    found = Template.from_stack(stack).find_resources("AWS::Events::Rule").values()
    arn = stack.resolve(secret.secret.secret_arn)
    by_type = {it["Properties"]["EventPattern"]["detail-type"][0]: it["Properties"] for it in found}
    assert by_type["AWS Service Event via CloudTrail"]["EventPattern"]["detail"] == {
        "eventName": ["RotationFailed", "RotationAbandoned"],
        "additionalEventData": {"SecretId": [arn]},
    }
    deletion = by_type["AWS API Call via CloudTrail"]["EventPattern"]["detail"]
    assert deletion["eventName"] == ["DeleteSecret"]
    assert deletion["requestParameters"]["secretId"][0] == arn
    assert all(it["Targets"][0]["Arn"] == topic.topic_arn for it in by_type.values())


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"no_rotation_reason": "n/a"}, "no_rotation_reason='n/a': must be a reason that an auditor can weigh"),
            ({"secret_name": "my secret"}, r"secret_name='my secret': must be letters, digits and /_\+=.@-"),
            ({"rotate_after": days(91)}, "rotate_after=91: must be from 1 to 90"),
            (
                {"generate": secretsmanager.SecretStringGenerator(password_length=8)},
                "generate.password_length=8: must be from 16 to 4096",
            ),
            ({"reader_accounts": ["prod"]}, "reader_accounts='prod': must be an account id of 12 digits"),
            (
                {"replicas": [secretsmanager.ReplicaRegion(region="eu-central-1")]},
                "replicas='eu-central-1': needs an encryption_key of that region",
            ),
        ],
    )
    def test_are_refused(self, stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            ApplicationSecret(stack, "Secret", **{"no_rotation_reason": MANAGED, **arguments})

    def test_neither_rotation_nor_a_reason(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError, match="no_rotation_reason=None: give either it or rotation_function"):
            ApplicationSecret(stack, "Secret")

    def test_both_rotation_and_a_reason(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError, match="give either it or rotation_function, and not both"):
            ApplicationSecret(stack, "Secret", rotation_function=make_function(stack), no_rotation_reason=MANAGED)


class TestCannotBeUndone:
    def test_encryption(self, stack: cdk.Stack) -> None:
        secret = ApplicationSecret(stack, "Secret", no_rotation_reason=MANAGED)
        resource = secret.secret.node.default_child
        assert isinstance(resource, secretsmanager.CfnSecret)
        resource.kms_key_id = None
        with pytest.raises(RuntimeError, match="ApplicationSecret is encrypted with a named key; its KmsKeyId was"):
            Template.from_stack(stack)

    def test_denials(self, stack: cdk.Stack) -> None:
        secret = ApplicationSecret(stack, "Secret", no_rotation_reason=MANAGED)
        resource = secret.secret.node.find_child("Policy").node.default_child
        assert isinstance(resource, secretsmanager.CfnResourcePolicy)
        resource.resource_policy = {"Version": "2012-10-17", "Statement": []}
        with pytest.raises(RuntimeError, match="ApplicationSecret refuses plain text and other accounts; its resource"):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    number = cdk.CfnParameter(product, "Days", type="Number").value_as_number
    length = cdk.CfnParameter(product, "Length", type="Number").value_as_number
    ApplicationSecret(
        product,
        "Secret",
        rotation_function=lambda_.Function.from_function_arn(product, "Function", text("FunctionArn")),
        rotate_after=days(number),
        secret_name=text("Name"),
        description=text("Description"),
        encryption_key=kms.Key.from_key_arn(product, "Key", text("KeyArn")),
        generate=secretsmanager.SecretStringGenerator(password_length=length),
        reader_accounts=[text("Reader")],
    )
    found = product_template()["Resources"]
    (schedule,) = [it for it in found.values() if it["Type"] == "AWS::SecretsManager::RotationSchedule"]
    assert schedule["Properties"]["RotationRules"] == {"AutomaticallyAfterDays": {"Ref": "Days"}}
    assert not any(it["Type"].startswith(("Custom::", "AWS::Lambda::Function")) for it in found.values())


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    ApplicationSecret(stack, "Secret", no_rotation_reason=MANAGED)
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {
        "SecretFDB41899",
        "SecretKeyBCA64351",
        "SecretPolicy989AE521",
    }
