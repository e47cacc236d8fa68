import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Match, Template

from pavedroad.observability.log_groups import encrypted_log_group


def test_encrypts_for_this_accounts_log_groups_only_and_keeps_a_year(stack: cdk.Stack, pack_findings) -> None:
    encrypted_log_group(stack, "Logs", encryption_key=kms.Key(stack, "Key", enable_key_rotation=True))
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::Logs::LogGroup", {"KmsKeyId": Match.any_value(), "RetentionInDays": 365})
    statement = Match.object_like({"Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": Match.any_value()}}})
    template.has_resource_properties("AWS::KMS::Key", {"KeyPolicy": {"Statement": Match.array_with([statement])}})
    assert pack_findings(stack) == []
