from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from aws_cdk import Aws, CfnCapabilities, Duration, Stack, Tokenization
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_iam as iam
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.builds import Builds, BuildStep
from pavedroad.delivery.pipeline.conditions import StageCondition, check_conditions
from pavedroad.delivery.pipeline.ecs_action import EcsDeployByName
from pavedroad.delivery.pipeline.rights import Rights, role_with, task_definition_rights
from pavedroad.delivery.pipeline.roles import ActionRoles, as_it_is
from pavedroad.security.roles import ManagedPolicyRole
CDK_CLI_VERSION = '2.1148.1'
_BOOTSTRAP_ROLES = ('deploy', 'file-publishing', 'image-publishing', 'lookup')
ROLE_ARN = ('arn:[\\w-]+:iam::\\d{12}:role/[\\w+=,.@/-]+', 'the ARN of a role, such as arn:aws:iam::111111111111:role/x')
_STACK_NAME = ('[A-Za-z][A-Za-z0-9-]{0,127}', 'a stack name: a letter, then letters, digits and hyphens, at most 128')

@dataclass(frozen=True, kw_only=True)
class Deployment(ABC):
    name: str = 'Deploy'

    @property
    def artifact_region(self) -> str | None:
        ...

    @abstractmethod
    def check(self, stage: str, arguments: Arguments) -> None:
        ...

    @abstractmethod
    def actions(self, stage: str, builds: Builds, artifact: codepipeline.Artifact) -> list[codepipeline.IAction]:
        ...

    def rights(self, stack: Stack, stage: str) -> Rights:
        ...

@dataclass(frozen=True, kw_only=True)
class EcsDeployment(Deployment):
    cluster_name: str
    service_name: str
    task_role_arns: Sequence[str]
    image_definitions_file: str = 'imagedefinitions.json'
    timeout: Duration = field(default_factory=lambda: Duration.minutes(30))
    role_arn: str | None = None
    region: str | None = None

    @property
    def artifact_region(self) -> str | None:
        ...

    def check(self, stage: str, arguments: Arguments) -> None:
        ...

    def actions(self, stage: str, builds: Builds, artifact: codepipeline.Artifact) -> list[codepipeline.IAction]:
        ...

    def rights(self, stack: Stack, stage: str) -> Rights:
        ...

@dataclass(frozen=True, kw_only=True)
class CloudFormationDeployment(Deployment):
    stack_name: str
    template_file: str = 'template.yaml'
    configuration_file: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    permissions: Sequence[iam.PolicyStatement] = ()
    deployment_role_arn: str | None = None
    capabilities: Sequence[CfnCapabilities] = ()
    role_arn: str | None = None
    region: str | None = None

    @property
    def artifact_region(self) -> str | None:
        ...

    def check(self, stage: str, arguments: Arguments) -> None:
        ...

    def actions(self, stage: str, builds: Builds, artifact: codepipeline.Artifact) -> list[codepipeline.IAction]:
        ...

    def rights(self, stack: Stack, stage: str) -> Rights:
        ...

    def make_deployment_role(self, scope: Construct, construct_id: str, name: str) -> ManagedPolicyRole:
        ...

    def change_set_rights(self, stack: Stack, stage: str, deployment_role_arn: str) -> Rights:
        ...

@dataclass(frozen=True, kw_only=True)
class CdkDeployment(Deployment):
    account: str
    region: str
    stacks: Sequence[str] = ('--all',)
    qualifier: str = 'hnb659fds'
    build: BuildStep = field(default_factory=BuildStep)

    def check(self, stage: str, arguments: Arguments) -> None:
        ...

    def actions(self, stage: str, builds: Builds, artifact: codepipeline.Artifact) -> list[codepipeline.IAction]:
        ...

@dataclass(frozen=True, kw_only=True)
class Approval:
    comment: str | None = None
    review_link: str | None = None
    timeout: Duration = field(default_factory=lambda: Duration.days(7))

    def check(self, stage: str, arguments: Arguments) -> None:
        ...

@dataclass(frozen=True, kw_only=True)
class DeploymentStage:
    name: str
    deployments: Sequence[Deployment]
    production: bool
    approval: Approval | None = None
    unattended: bool = False
    entry: Sequence[StageCondition] = ()
    success: Sequence[StageCondition] = ()
    on_failure: Literal['rollback', 'retry', 'fail'] = 'rollback'

    @property
    def asked(self) -> Approval | None:
        ...

    def check(self, arguments: Arguments) -> None:
        ...
_CDK_COMMAND = f'(set -f; npx --yes aws-cdk@{CDK_CLI_VERSION} deploy --ci --require-approval never --app "$CODEBUILD_SRC_DIR" $STACKS)'
_CDK_DEPLOY = codebuild.BuildSpec.from_object({'version': '0.2', 'phases': {'install': {'runtime-versions': {'nodejs': '22'}}, 'build': {'commands': [_CDK_COMMAND]}}})

def own_or_given_role(deployment: Deployment, stage: str, roles: ActionRoles, role_arn: str | None) -> iam.IRole:
    ...
