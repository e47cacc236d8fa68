"""How a pipeline brings what it built to an environment."""

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

CDK_CLI_VERSION = "2.1148.1"
_BOOTSTRAP_ROLES = ("deploy", "file-publishing", "image-publishing", "lookup")
ROLE_ARN = (r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+", "the ARN of a role, such as arn:aws:iam::111111111111:role/x")
_STACK_NAME = (r"[A-Za-z][A-Za-z0-9-]{0,127}", "a stack name: a letter, then letters, digits and hyphens, at most 128")


@dataclass(frozen=True, kw_only=True)
class Deployment(ABC):
    """One deployment of a stage; those of a stage run side by side.

    Attributes:
        name: The action's name, unique in its stage. Left out: ``Deploy``.
    """

    name: str = "Deploy"

    @property
    def artifact_region(self) -> str | None:
        """The region that CodePipeline brings the artefact to; ``None``: its own."""
        return None

    @abstractmethod
    def check(self, stage: str, arguments: Arguments) -> None:
        """Refuse what cannot work."""

    @abstractmethod
    def actions(self, stage: str, builds: Builds, artifact: codepipeline.Artifact) -> list[codepipeline.IAction]:
        """The deployment's actions, each with a role of no more than it needs."""

    def rights(self, stack: Stack, stage: str) -> Rights:
        """What the role needs beside reading artefacts, in the account and region of ``stack``.

        Raises:
            TypeError: The deployment needs no role there.
        """
        raise TypeError(f"{type(self).__name__} of {stage} in {stack.node.path} needs no role of that account")


@dataclass(frozen=True, kw_only=True)
class EcsDeployment(Deployment):
    """A deployment of an ECS service, from the ``imagedefinitions.json`` that the build wrote.

    Rolling, or by ECS's own blue/green, linear or canary strategy: the service says which, and ECS shifts the traffic
    and rolls back on its alarms. The pipeline needs nothing for it but a ``timeout`` that covers the bake time. A
    service whose deployments CodeDeploy controls takes a ``CodeDeployEcsDeployment``.

    Attributes:
        cluster_name: The service's cluster.
        service_name: The service.
        task_role_arns: The service's task and execution roles, which the deployment hands to the tasks and no others.
        image_definitions_file: The file in the build's output. Left out: ``imagedefinitions.json``.
        timeout: How long the tasks may take to become stable, up to 60 minutes. Left out: 30 minutes.
        role_arn: The role of another account that deploys there and trusts the pipeline's role, as a
            ``DeploymentTargetRole`` is. Left out: a role of this account is made.
        region: The service's region. Left out: the pipeline's.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECS.html
    """

    cluster_name: str
    service_name: str
    task_role_arns: Sequence[str]
    image_definitions_file: str = "imagedefinitions.json"
    timeout: Duration = field(default_factory=lambda: Duration.minutes(30))
    role_arn: str | None = None
    region: str | None = None

    @property
    def artifact_region(self) -> str | None:
        """The region of the action."""
        return self.region

    def check(self, stage: str, arguments: Arguments) -> None:
        """Refuse missing roles and a timeout that CodePipeline would refuse."""
        where = f"stages.{stage}.{self.name}"
        arguments.between(f"{where}.timeout (minutes)", self.timeout.to_minutes(), 1, 60)
        arguments.matches(f"{where}.role_arn", self.role_arn, *ROLE_ARN)
        for arn in self.task_role_arns:
            arguments.matches(f"{where}.task_role_arns", arn, *ROLE_ARN)
        if not self.task_role_arns and self.role_arn is None:
            arguments.refuse(
                f"{where}.task_role_arns", self.task_role_arns, "must name the service's task and execution roles"
            )

    def actions(self, stage: str, builds: Builds, artifact: codepipeline.Artifact) -> list[codepipeline.IAction]:
        """The deployment action."""
        role = own_or_given_role(self, stage, builds.roles, self.role_arn)
        return [
            EcsDeployByName(
                action_name=self.name,
                configuration={
                    "ClusterName": self.cluster_name,
                    "ServiceName": self.service_name,
                    "FileName": self.image_definitions_file,
                    "DeploymentTimeout": Tokenization.stringify_number(self.timeout.to_minutes()),
                },
                artifact=artifact,
                region=self.region,
                role=as_it_is(role),
            )
        ]

    def rights(self, stack: Stack, stage: str) -> Rights:  # noqa: ARG002
        """Updating the one service with a new task definition that has the named roles."""
        service = stack.format_arn(
            service="ecs",
            region=self.region or stack.region,
            resource="service",
            resource_name=f"{self.cluster_name}/{self.service_name}",
        )
        registration = task_definition_rights(stack, self.region, self.task_role_arns)
        return Rights(
            statements=[
                iam.PolicyStatement(actions=["ecs:DescribeServices", "ecs:UpdateService"], resources=[service]),
                iam.PolicyStatement(actions=["ecs:DescribeTaskDefinition"], resources=["*"]),
                *registration.statements,
            ],
            reasons={
                "*": "ecs:DescribeTaskDefinition only reads and supports no resource (service authorization "
                "reference): the role sees every task definition of the account, environment variables included. "
                "FargateService refuses variables that look like credentials; secrets stand there as references, which "
                "the role cannot follow. Task definitions made otherwise have to keep to the same (ECS.8). The "
                "pipeline alone assumes the role.",
                **registration.reasons,
            },
        )


@dataclass(frozen=True, kw_only=True)
class CloudFormationDeployment(Deployment):
    """A stack by change set: one action makes it, the next executes it.

    Attributes:
        stack_name: The stack; it is made when there is none.
        template_file: The template in the build's output. Left out: ``template.yaml``.
        configuration_file: A file of parameters and tags in the build's output. Left out: none.
        parameters: Values for the template's parameters, over those of the file. Left out: none.
        permissions: What CloudFormation may do for this stack; a role with just that is made. ``*`` as an action is
            refused. Left out: ``deployment_role_arn`` is needed.
        deployment_role_arn: An existing role that CloudFormation acts as. Left out: made of ``permissions``.
        capabilities: What the template may contain, such as IAM resources. Left out: none of it.
        role_arn: The role of another account that makes and executes the change set there, trusts the pipeline's role
            and may pass ``deployment_role_arn``, as a ``DeploymentTargetRole`` is. Left out: a role is made here.
        region: The stack's region. Left out: the pipeline's.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
    """

    stack_name: str
    template_file: str = "template.yaml"
    configuration_file: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    permissions: Sequence[iam.PolicyStatement] = ()
    deployment_role_arn: str | None = None
    capabilities: Sequence[CfnCapabilities] = ()
    role_arn: str | None = None
    region: str | None = None

    @property
    def artifact_region(self) -> str | None:
        """The region of the action."""
        return self.region

    def check(self, stage: str, arguments: Arguments) -> None:
        """Refuse a missing, a doubled and an unbounded deployment role."""
        where = f"stages.{stage}.{self.name}"
        arguments.matches(f"{where}.stack_name", self.stack_name, *_STACK_NAME)
        arguments.matches(f"{where}.role_arn", self.role_arn, *ROLE_ARN)
        arguments.matches(f"{where}.deployment_role_arn", self.deployment_role_arn, *ROLE_ARN)
        if self.role_arn and not self.deployment_role_arn:
            arguments.refuse(
                f"{where}.deployment_role_arn", None, "must name CloudFormation's role in the other account"
            )
        elif bool(self.permissions) == bool(self.deployment_role_arn):
            arguments.refuse(
                f"{where}.permissions",
                len(self.permissions),
                "give what CloudFormation may do either as permissions or as deployment_role_arn",
            )
        if any("*" in statement.actions for statement in self.permissions):
            arguments.refuse(f"{where}.permissions", "*", "must name actions; a deployment is no administrator")

    def actions(self, stage: str, builds: Builds, artifact: codepipeline.Artifact) -> list[codepipeline.IAction]:
        """The two change-set actions, in order."""
        name = f"{stage}{self.name}"
        change_set = self._change_set(stage)
        roles = builds.roles
        deployment_role = self._deployment_role(name, roles)
        role = as_it_is(
            roles.take(name, self.role_arn)
            if self.role_arn
            else role_with(roles, name, self.change_set_rights(Stack.of(roles), stage, deployment_role.role_arn))
        )
        prepare = actions.CloudFormationCreateReplaceChangeSetAction(
            action_name=f"{self.name}Prepare",
            stack_name=self.stack_name,
            change_set_name=change_set,
            template_path=artifact.at_path(self.template_file),
            template_configuration=artifact.at_path(self.configuration_file) if self.configuration_file else None,
            parameter_overrides=dict(self.parameters) or None,
            cfn_capabilities=list(self.capabilities) or None,
            admin_permissions=False,
            deployment_role=as_it_is(deployment_role),
            region=self.region,
            role=role,
            run_order=1,
        )
        execute = actions.CloudFormationExecuteChangeSetAction(
            action_name=self.name,
            stack_name=self.stack_name,
            change_set_name=change_set,
            region=self.region,
            role=role,
            run_order=2,
        )
        return [prepare, execute]

    def rights(self, stack: Stack, stage: str) -> Rights:
        """Making and executing the one change set, as the existing ``deployment_role_arn``."""
        assert self.deployment_role_arn is not None
        return self.change_set_rights(stack, stage, self.deployment_role_arn)

    def make_deployment_role(self, scope: Construct, construct_id: str, name: str) -> ManagedPolicyRole:
        """The role that CloudFormation acts as, with ``permissions`` and nothing else."""
        role = ManagedPolicyRole(
            scope,
            construct_id,
            assumed_by=iam.ServicePrincipal("cloudformation.amazonaws.com"),
            description=f"CloudFormation for the deployment {name}",
        )
        for statement in self.permissions:
            role.add_to_principal_policy(statement)
        return role

    def _change_set(self, stage: str) -> str:
        return f"{stage}{self.name}ChangeSet"

    def _deployment_role(self, name: str, roles: ActionRoles) -> iam.IRole:
        construct_id = f"{name}CloudFormation"
        if self.deployment_role_arn:
            return iam.Role.from_role_arn(roles, construct_id, self.deployment_role_arn, mutable=False)
        role = self.make_deployment_role(roles, construct_id, name)
        roles.by_name[construct_id] = role
        return role

    def change_set_rights(self, stack: Stack, stage: str, deployment_role_arn: str) -> Rights:
        """Making and executing the one change set, as ``deployment_role_arn``."""
        target = stack.format_arn(
            service="cloudformation",
            region=self.region or stack.region,
            resource="stack",
            resource_name=f"{self.stack_name}/*",
        )
        return Rights(
            statements=[
                iam.PolicyStatement(
                    actions=[
                        "cloudformation:CreateChangeSet",
                        "cloudformation:DeleteChangeSet",
                        "cloudformation:DescribeChangeSet",
                        "cloudformation:ExecuteChangeSet",
                    ],
                    resources=[target],
                    conditions={"StringEqualsIfExists": {"cloudformation:ChangeSetName": self._change_set(stage)}},
                ),
                iam.PolicyStatement(
                    actions=["cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks"],
                    resources=[target],
                ),
                iam.PolicyStatement(
                    actions=["iam:PassRole"],
                    resources=[deployment_role_arn],
                    conditions={"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
                ),
            ],
            reasons={
                target: "CloudFormation ends a stack's ARN with an id of its own making; the stack is named in full.",
            },
        )


@dataclass(frozen=True, kw_only=True)
class CdkDeployment(Deployment):
    """Stacks of a synthesised CDK app, by the CDK CLI in CodeBuild, which may assume the bootstrap roles and no other.

    It reaches any account and region that is bootstrapped with trust in the pipeline's account, without a copy of the
    artefacts and a ``DeploymentTargetRole`` there. The build's output is the cloud assembly (``cdk.out``).

    Attributes:
        account: The account that is deployed to.
        region: The region that is deployed to.
        stacks: The stacks, by their ids or patterns. Left out: all.
        qualifier: Of the bootstrap stack. Left out: ``hnb659fds``, the CDK's own.
        build: Size, timeout and privileges of the build; its specification is not used. Left out: as ``BuildStep`` is.

    Source: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
    """

    account: str
    region: str
    stacks: Sequence[str] = ("--all",)
    qualifier: str = "hnb659fds"
    build: BuildStep = field(default_factory=BuildStep)

    def check(self, stage: str, arguments: Arguments) -> None:
        """Refuse what is no account, no region or no stack pattern."""
        where = f"stages.{stage}.{self.name}"
        arguments.matches(f"{where}.account", self.account, r"\d{12}", "an account id of 12 digits")
        arguments.matches(f"{where}.region", self.region, r"[a-z]{2}(-[a-z]+)+-\d", "a region, such as eu-west-1")
        arguments.matches(f"{where}.qualifier", self.qualifier, r"[a-z0-9]{1,10}", "1 to 10 letters and digits")
        for pattern in self.stacks:
            if pattern != "--all":
                arguments.matches(f"{where}.stacks", pattern, r"[\w*/?-]+", "a stack id or pattern")
        self.build.check(f"{where}.build", arguments)

    def actions(self, stage: str, builds: Builds, artifact: codepipeline.Artifact) -> list[codepipeline.IAction]:
        """The CodeBuild action that runs ``cdk deploy``."""
        assume = iam.PolicyStatement(
            actions=["sts:AssumeRole"],
            resources=[
                f"arn:{Aws.PARTITION}:iam::{self.account}:role/"
                f"cdk-{self.qualifier}-{kind}-role-{self.account}-{self.region}"
                for kind in _BOOTSTRAP_ROLES
            ],
        )
        step = replace(
            self.build,
            specification=_CDK_DEPLOY,
            environment={**self.build.environment, "STACKS": " ".join(self.stacks)},
            statements=[assume, *self.build.statements],
        )
        return [builds.action(f"{stage}{self.name}", step, inputs=[artifact], action_name=self.name)]


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What the person who approves is told.

    Attributes:
        comment: What to look at before approving. Left out: that production is next.
        review_link: A page with it, such as the change record. Left out: none.
        timeout: After it the approval counts as refused, from 5 minutes to 60 days. Left out: 7 days.
    """

    comment: str | None = None
    review_link: str | None = None
    timeout: Duration = field(default_factory=lambda: Duration.days(7))

    def check(self, stage: str, arguments: Arguments) -> None:
        """Refuse a link that nobody can follow and a timeout that CodePipeline would refuse."""
        where = f"stages.{stage}.approval"
        arguments.matches(f"{where}.review_link", self.review_link, r"https://\S+", "a link that begins with https://")
        arguments.between(f"{where}.timeout (minutes)", self.timeout.to_minutes(), 5, 86400)


@dataclass(frozen=True, kw_only=True)
class DeploymentStage:
    """The deployments to one environment.

    Attributes:
        name: The stage's name, such as ``Development``.
        deployments: What is deployed there, side by side.
        production: Whether people depend on it: then somebody approves before, in a stage of its own.
        approval: What they are told; also asks for approval where ``production`` is ``False``. Left out: an approval
            without a link before production, none elsewhere.
        unattended: Go to production without approval. Left out: not. ``True`` leaves the warning
            ``pavedroad:pipeline-unattended-production``.
        entry: Conditions for the deployment to begin, at most 5; it fails where one does not hold. Left out: none.
        success: Conditions for it to have succeeded, at most 5, such as alarms that stay silent. Where one does not
            hold, ``rollback`` deploys what last succeeded, and otherwise the stage fails. Left out: none.
        on_failure: ``rollback`` (deploy what last succeeded here once more), ``retry`` (the failed actions once) or
            ``fail``. Left out: ``rollback``.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
    """

    name: str
    deployments: Sequence[Deployment]
    production: bool
    approval: Approval | None = None
    unattended: bool = False
    entry: Sequence[StageCondition] = ()
    success: Sequence[StageCondition] = ()
    on_failure: Literal["rollback", "retry", "fail"] = "rollback"

    @property
    def asked(self) -> Approval | None:
        """The approval before this stage, or ``None``."""
        if self.production and not self.unattended:
            return self.approval or Approval()
        return self.approval

    def check(self, arguments: Arguments) -> None:
        """Refuse names that CodePipeline would refuse, an empty stage and a contradiction."""
        where = f"stages.{self.name}"
        arguments.matches("stages.name", self.name, r"[A-Za-z0-9_-]{1,90}", "1 to 90 letters, digits, _ and -")
        arguments.one_of(f"{where}.on_failure", self.on_failure, ("rollback", "retry", "fail"))
        if not self.deployments:
            arguments.refuse(f"{where}.deployments", list(self.deployments), "must have at least one deployment")
        names = [deployment.name for deployment in self.deployments]
        if len(set(names)) != len(names):
            arguments.refuse(f"{where}.deployments", names, "must have names that differ")
        if self.unattended and (self.approval or not self.production):
            arguments.refuse(
                f"{where}.unattended", self.unattended, "is for production alone, and contradicts an approval"
            )
        if self.approval:
            self.approval.check(self.name, arguments)
        check_conditions(f"{where}.entry", self.entry, arguments)
        check_conditions(f"{where}.success", self.success, arguments)
        for deployment in self.deployments:
            deployment.check(self.name, arguments)


_CDK_COMMAND = (
    f"(set -f; npx --yes aws-cdk@{CDK_CLI_VERSION} deploy --ci --require-approval never "
    '--app "$CODEBUILD_SRC_DIR" $STACKS)'
)
# In a shell without globbing: a stack pattern is the CLI's to expand.
_CDK_DEPLOY = codebuild.BuildSpec.from_object(
    {
        "version": "0.2",
        "phases": {
            "install": {"runtime-versions": {"nodejs": "22"}},
            "build": {
                "commands": [_CDK_COMMAND],
            },
        },
    }
)


def own_or_given_role(deployment: Deployment, stage: str, roles: ActionRoles, role_arn: str | None) -> iam.IRole:
    """The role of the deployment's action: ``role_arn`` of another account, or one made here."""
    name = f"{stage}{deployment.name}"
    if role_arn:
        return roles.take(name, role_arn)
    return role_with(roles, name, deployment.rights(Stack.of(roles), stage))
