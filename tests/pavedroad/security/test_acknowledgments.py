"""Acknowledging a wildcard names the finding as cdk-nag does, references included."""

from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from pavedroad.security.acknowledgments import acknowledge_resource


def policy(stack: cdk.Stack, resource: str) -> iam.ManagedPolicy:
    statement = iam.PolicyStatement(actions=["s3:GetObject"], resources=[resource])
    return iam.ManagedPolicy(stack, "Policy", statements=[statement])


def test_a_resource_with_references_is_acknowledged(
    stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    bucket = s3.CfnBucket(stack, "Bucket")
    resource = f"{bucket.attr_arn}/{cdk.Aws.REGION}/*"
    acknowledge_resource(policy(stack, resource), resource, "The test's reason.")
    assert [finding for finding in pack_findings(stack) if "IAM5" in finding] == []


def test_another_wildcard_of_the_policy_stays_a_finding(
    stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    acknowledge_resource(policy(stack, "*"), "arn:aws:s3:::other/*", "The test's reason.")
    assert [finding for finding in pack_findings(stack) if "IAM5" in finding]


def test_a_resource_with_a_policy_variable_is_acknowledged(
    stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    resource = "arn:aws:s3:::homes/${aws:userid}/*"
    acknowledge_resource(policy(stack, resource), resource, "The test's reason.")
    assert [finding for finding in pack_findings(stack) if "IAM5" in finding] == []
