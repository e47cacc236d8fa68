import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from aws_cdk import Annotations, Duration, Stack, Token
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.roles import ActionRoles, as_it_is
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole
_SECRET_NAME = re.compile('passw(or)?d|passphrase|secret|token|credential|api_?key|access_?key|private_?key', re.IGNORECASE)
_SECRET_VALUE = re.compile('(AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|gh[pousr]_\\w{36}|glpat-\\w{20}|\\{\\{resolve:(secretsmanager|ssm-secure):')
_MINUTES = (5, 2160)
READ_IMAGE = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
WHY_LOGIN = "ecr:GetAuthorizationToken knows no resource; the token gives no more than the role's rights to the named repositories."

@dataclass(frozen=True, kw_only=True)
class BuildStep:
    specification_file: str = 'buildspec.yml'
    specification: codebuild.BuildSpec | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, secretsmanager.ISecret] = field(default_factory=dict)
    pulls: Sequence[ecr.IRepository] = ()
    pushes: Sequence[ecr.IRepository] = ()
    statements: Sequence[iam.PolicyStatement] = ()
    architecture: Literal['x86_64', 'arm64'] = 'x86_64'
    compute_type: codebuild.ComputeType = codebuild.ComputeType.SMALL
    privileged: bool = False
    cache: Literal['none', 'local', 's3'] = 'none'
    cache_expiry: Duration = field(default_factory=lambda: Duration.days(30))
    timeout: Duration = field(default_factory=lambda: Duration.minutes(30))
    queued_timeout: Duration = field(default_factory=lambda: Duration.hours(1))
    concurrent_builds: int | None = None
    retry: bool = False

    def check(self, name: str, arguments: Arguments) -> None:
        ...

@dataclass(frozen=True, kw_only=True)
class BuildNetwork:
    vpc: ec2.IVpc
    subnet_ids: Sequence[str]

class Builds(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, roles: ActionRoles, encryption_key: kms.IKey, log_group: logs.ILogGroup, network: BuildNetwork | None) -> None:
        self.projects = ...
        self.roles = ...
        self.security_group = ...

    def action(self, name: str, step: BuildStep, *, inputs: Sequence[codepipeline.Artifact], output: codepipeline.Artifact | None=None, kind: actions.CodeBuildActionType=actions.CodeBuildActionType.BUILD, action_name: str | None=None) -> actions.CodeBuildAction:
        ...

    def is_hardened(self, name: str) -> bool:
        ...

def registry_login() -> iam.PolicyStatement:
    ...
