from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Match, Template

from pavedroad.database.rds.database import Database

MakeDatabase = Callable[..., Database]
READ = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]


def test_a_proxy_takes_tls_and_iam_only(stack: cdk.Stack, make: MakeDatabase) -> None:
    make(instance_identifier="orders").add_proxy()
    template = Template.from_stack(stack)
    secret = {"Fn::GetAtt": ["Orders2A43276C", "MasterUserSecret.SecretArn"]}
    template.has_resource_properties(
        "AWS::RDS::DBProxy",
        {
            "Auth": [{"AuthScheme": "SECRETS", "IAMAuth": "REQUIRED", "SecretArn": secret}],
            "DBProxyName": "orders-proxy",
            "EngineFamily": "POSTGRESQL",
            "RequireTLS": True,
        },
    )
    template.has_resource_properties(
        "AWS::RDS::DBProxyTargetGroup", {"DBInstanceIdentifiers": [{"Ref": "Orders2A43276C"}]}
    )
    for kind in ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"):
        template.has_resource_properties(kind, {"FromPort": 15432, "ToPort": 15432})


def test_a_proxy_reads_its_secrets_and_no_others(stack: cdk.Stack, make: MakeDatabase) -> None:
    secret = secretsmanager.Secret(stack, "Service")
    make().add_proxy(secrets=[secret])
    template = Template.from_stack(stack)
    statement = {"Action": READ, "Effect": "Allow", "Resource": stack.resolve(secret.secret_arn)}
    template.has_resource_properties("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [statement]}})
    template.resource_count_is("AWS::IAM::Policy", 0)


def test_the_administrators_secret_comes_with_its_key(stack: cdk.Stack, make: MakeDatabase) -> None:
    database = make()
    database.add_proxy()
    key = stack.resolve(database.encryption_key.key_arn)
    decrypt = {"Action": "kms:Decrypt", "Effect": "Allow", "Resource": key}
    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [Match.object_like({"Action": READ}), decrypt]}}
    )


def test_tls_cannot_be_switched_off(stack: cdk.Stack, make: MakeDatabase) -> None:
    resource = make().add_proxy().node.find_child("Resource")
    assert isinstance(resource, rds.CfnDBProxy)
    resource.require_tls = False
    with pytest.raises(RuntimeError, match="RequireTLS of Stack/Orders/Proxy/Resource was changed"):
        Template.from_stack(stack)
