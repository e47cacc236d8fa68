"""What a pipeline runs in CodeBuild."""

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

_SECRET_NAME = re.compile(
    r"passw(or)?d|passphrase|secret|token|credential|api_?key|access_?key|private_?key", re.IGNORECASE
)
_SECRET_VALUE = re.compile(
    r"(AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|gh[pousr]_\w{36}|glpat-\w{20}"
    r"|\{\{resolve:(secretsmanager|ssm-secure):"
)
_MINUTES = (5, 2160)  # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html

READ_IMAGE = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
WHY_LOGIN = (
    "ecr:GetAuthorizationToken knows no resource; the token gives no more than the role's rights to the named "
    "repositories."
)


@dataclass(frozen=True, kw_only=True)
class BuildStep:
    """One CodeBuild project of a pipeline.

    Attributes:
        specification_file: The build specification in the repository. Left out: ``buildspec.yml``.
        specification: A build specification given here instead. Left out: the file in the repository.
        environment: Plain environment variables. One whose name or value looks like a credential is refused.
        secrets: Environment variables that CodeBuild reads from Secrets Manager when it builds.
        pulls: Image repositories that the build pulls from. Left out: none.
        pushes: Image repositories that the build pushes to. Left out: none.
        statements: What else the build may do. Left out: nothing.
        architecture: ``x86_64`` (image ``standard:7.0``) or ``arm64`` (Amazon Linux 2023). Left out: ``x86_64``.
        compute_type: The size of the machine. Left out: small.
        privileged: Run the Docker daemon, which gives the build root on its host. Left out: not.
            ``True`` leaves the warning ``pavedroad:pipeline-privileged-build-<name>``.
        cache: ``local`` (fast, lost with the host), ``s3`` (in the artefact bucket, encrypted with the pipeline's key,
            one for each build) or ``none``. Left out: ``none``.
        cache_expiry: How long an object of the ``s3`` cache is kept, from a day on; artefacts' retention ends it as
            well. Left out: 30 days.
        timeout: From 5 minutes to 36 hours. Left out: 30 minutes.
        queued_timeout: How long a build waits for a machine, from 5 minutes to 8 hours. Left out: 1 hour.
        concurrent_builds: How many builds run at a time, 1 or more. Left out: as many as the account allows.
        retry: Run the step once more when it fails. Left out: not.
    """

    specification_file: str = "buildspec.yml"
    specification: codebuild.BuildSpec | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, secretsmanager.ISecret] = field(default_factory=dict)
    pulls: Sequence[ecr.IRepository] = ()
    pushes: Sequence[ecr.IRepository] = ()
    statements: Sequence[iam.PolicyStatement] = ()
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    compute_type: codebuild.ComputeType = codebuild.ComputeType.SMALL
    privileged: bool = False
    cache: Literal["none", "local", "s3"] = "none"
    cache_expiry: Duration = field(default_factory=lambda: Duration.days(30))
    timeout: Duration = field(default_factory=lambda: Duration.minutes(30))
    queued_timeout: Duration = field(default_factory=lambda: Duration.hours(1))
    concurrent_builds: int | None = None
    retry: bool = False

    def check(self, name: str, arguments: Arguments) -> None:
        """Refuse what CodeBuild would refuse, and credentials in clear text."""
        arguments.one_of(f"{name}.architecture", self.architecture, ("x86_64", "arm64"))
        arguments.one_of(f"{name}.cache", self.cache, ("none", "local", "s3"))
        arguments.between(f"{name}.cache_expiry (days)", self.cache_expiry.to_days(integral=False), 1, 3650)
        arguments.between(f"{name}.timeout (minutes)", self.timeout.to_minutes(), *_MINUTES)
        arguments.between(f"{name}.queued_timeout (minutes)", self.queued_timeout.to_minutes(), 5, 480)
        if self.concurrent_builds is not None and not Token.is_unresolved(self.concurrent_builds):
            arguments.between(f"{name}.concurrent_builds", self.concurrent_builds, 1, 1000)
        for variable, value in self.environment.items():
            if _SECRET_NAME.search(variable) or _SECRET_VALUE.search(_in_template(value)):
                # The value stays out of the message, which ends in logs.
                arguments.refuse(
                    f"{name}.environment", variable, "looks like a credential in clear text; give it with secrets"
                )


@dataclass(frozen=True, kw_only=True)
class BuildNetwork:
    """The network that builds run in.

    Attributes:
        vpc: The network.
        subnet_ids: The subnets; they need a way to the services and package registries that builds use.
    """

    vpc: ec2.IVpc
    subnet_ids: Sequence[str]


class Builds(Construct):
    """Makes the CodeBuild projects of a pipeline: encrypted, logged, each with a role of its own.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        roles: Makes the actions' roles.
        encryption_key: Encrypts what the projects make and cache (CB4).
        log_group: Where every build is logged, a stream prefix a project.
        network: The network that builds run in; ``None``: CodeBuild's own.

    Attributes:
        roles: As given.
        projects: Every project, by the name of its action.
        security_group: Of the builds in the network: HTTPS out, nothing in. ``None`` without a network.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        roles: ActionRoles,
        encryption_key: kms.IKey,
        log_group: logs.ILogGroup,
        network: BuildNetwork | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.roles = roles
        self._key = encryption_key
        self._log_group = log_group
        self._network = network
        self.projects: dict[str, codebuild.PipelineProject] = {}
        self.security_group = _https_only(self, network.vpc) if network else None
        self._network_access = _network_access(self, network) if network else None
        self._registry_login: iam.ManagedPolicy | None = None
        self._privileged: dict[str, bool] = {}

    def action(
        self,
        name: str,
        step: BuildStep,
        *,
        inputs: Sequence[codepipeline.Artifact],
        output: codepipeline.Artifact | None = None,
        kind: actions.CodeBuildActionType = actions.CodeBuildActionType.BUILD,
        action_name: str | None = None,
    ) -> actions.CodeBuildAction:
        """The action that runs ``step``, with its project, the project's role and the role that starts it."""
        project = self._project(name, step)
        start = iam.PolicyStatement(
            actions=["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
            resources=[project.project_arn],
        )
        return actions.CodeBuildAction(
            action_name=action_name or name,
            type=kind,
            project=project,
            input=inputs[0],
            extra_inputs=list(inputs[1:]),
            outputs=[output] if output else None,
            role=as_it_is(self.roles.make(f"{name}Start", [start])),
        )

    def is_hardened(self, name: str) -> bool:
        """Whether the finished project still is encrypted, logged and no more privileged than it was to be."""
        resource = self.projects[name].node.default_child
        assert isinstance(resource, codebuild.CfnProject)
        read = Stack.of(self).resolve
        environment, recorded = read(resource.environment), read(resource.logs_config)
        return (
            bool(resource.encryption_key)
            and (recorded or {}).get("cloudWatchLogs", {}).get("status") == "ENABLED"
            and bool(environment.get("privilegedMode")) == self._privileged[name]
        )

    def _project(self, name: str, step: BuildStep) -> codebuild.PipelineProject:
        if step.privileged:
            Annotations.of(self).add_warning_v2(
                f"pavedroad:pipeline-privileged-build-{name}",
                f"The builds of {name} run privileged: they have root on their host, which only Docker needs.",
            )
        role = self._project_role(name, step)
        project = codebuild.PipelineProject(
            self,
            name,
            role=role.without_policy_updates(),
            build_spec=step.specification or codebuild.BuildSpec.from_source_filename(step.specification_file),
            environment=codebuild.BuildEnvironment(
                build_image=_image(step), compute_type=step.compute_type, privileged=step.privileged
            ),
            environment_variables=_variables(step),
            encryption_key=self._key,
            cache=self._cache(name, step),
            timeout=step.timeout,
            queued_timeout=step.queued_timeout,
            concurrent_build_limit=step.concurrent_builds,
            grant_report_group_permissions=False,
            logging=codebuild.LoggingOptions(
                cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=self._log_group, prefix=name)
            ),
        )
        if self._network and self.security_group:
            _join(project, self._network, self.security_group)
        if role.policy:  # CodeBuild tries the role's rights when it makes the project.
            project.node.add_dependency(role.policy)
        self.projects[name] = project
        self._privileged[name] = step.privileged
        return project

    def _project_role(self, name: str, step: BuildStep) -> ManagedPolicyRole:
        role = ManagedPolicyRole(
            self.roles,
            f"{name}Project",
            assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"),
            description=f"The builds of {name}",
        )
        self.roles.by_name[name] = role
        role.add_managed_policy(self.roles.artifacts.readers)
        role.add_managed_policy(self.roles.artifacts.writers)
        if self._network_access:
            role.add_managed_policy(self._network_access)
        if step.pulls or step.pushes:
            role.add_managed_policy(self._login())
        for statement in (*_logging(self._log_group), *_secrets(step), *_images(step), *step.statements):
            role.add_to_principal_policy(statement)
        return role

    def _cache(self, name: str, step: BuildStep) -> codebuild.Cache:
        if step.cache == "s3":
            return codebuild.Cache.bucket(
                self.roles.artifacts.bucket, prefix=self.roles.artifacts.cache(name, step.cache_expiry)
            )
        if step.cache == "local":
            docker = [codebuild.LocalCacheMode.DOCKER_LAYER] if step.privileged else []
            return codebuild.Cache.local(codebuild.LocalCacheMode.SOURCE, codebuild.LocalCacheMode.CUSTOM, *docker)
        return codebuild.Cache.none()

    def _login(self) -> iam.ManagedPolicy:
        if self._registry_login is None:
            self._registry_login = iam.ManagedPolicy(
                self,
                "RegistryLogin",
                description="Login to the image registry",
                statements=[registry_login()],
            )
            acknowledge_resource(self._registry_login, "*", WHY_LOGIN)
        return self._registry_login


def registry_login() -> iam.PolicyStatement:
    """The right to log in to the image registry."""
    return iam.PolicyStatement(actions=["ecr:GetAuthorizationToken"], resources=["*"])


def _in_template(value: str) -> str:
    """The value as a template has it, so that a dynamic reference to a secret shows."""
    return str(Stack().resolve(value)) if Token.is_unresolved(value) else value


def _variables(step: BuildStep) -> dict[str, codebuild.BuildEnvironmentVariable]:
    plain = {name: codebuild.BuildEnvironmentVariable(value=value) for name, value in step.environment.items()}
    secret = {
        name: codebuild.BuildEnvironmentVariable(
            type=codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value=secret.secret_arn
        )
        for name, secret in step.secrets.items()
    }
    return plain | secret


def _image(step: BuildStep) -> codebuild.IBuildImage:
    if step.architecture == "arm64":
        return codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0
    return codebuild.LinuxBuildImage.STANDARD_7_0


def _logging(log_group: logs.ILogGroup) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn])
    ]


def _secrets(step: BuildStep) -> list[iam.PolicyStatement]:
    statements = []
    for secret in step.secrets.values():
        statements.append(iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[secret.secret_arn]))
        if secret.encryption_key:
            statements.append(iam.PolicyStatement(actions=["kms:Decrypt"], resources=[secret.encryption_key.key_arn]))
    return statements


def _images(step: BuildStep) -> list[iam.PolicyStatement]:
    write = ["ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"]
    granted = [(repository, READ_IMAGE) for repository in step.pulls]
    granted += [(repository, READ_IMAGE + write) for repository in step.pushes]
    return [iam.PolicyStatement(actions=names, resources=[each.repository_arn]) for each, names in granted]


def _join(project: codebuild.PipelineProject, network: BuildNetwork, group: ec2.ISecurityGroup) -> None:
    # On the L1: given a network, the L2 makes an inline policy on all resources for each project.
    resource = project.node.default_child
    assert isinstance(resource, codebuild.CfnProject)
    resource.vpc_config = codebuild.CfnProject.VpcConfigProperty(
        vpc_id=network.vpc.vpc_id, subnets=list(network.subnet_ids), security_group_ids=[group.security_group_id]
    )


def _https_only(scope: Construct, vpc: ec2.IVpc) -> ec2.SecurityGroup:
    group = ec2.SecurityGroup(
        scope, "SecurityGroup", vpc=vpc, description="Builds: HTTPS out, nothing in", allow_all_outbound=False
    )
    group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "AWS services and package registries")
    return group


def _network_access(scope: Construct, network: BuildNetwork) -> iam.ManagedPolicy:
    """What CodeBuild needs to stand in a network.

    Source: https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
    """
    stack = Stack.of(scope)
    interfaces = stack.format_arn(service="ec2", resource="network-interface", resource_name="*")
    subnets = [
        stack.format_arn(service="ec2", resource="subnet", resource_name=subnet) for subnet in network.subnet_ids
    ]
    policy = iam.ManagedPolicy(
        scope,
        "NetworkAccess",
        description="Builds in the network",
        statements=[
            iam.PolicyStatement(
                actions=[
                    "ec2:CreateNetworkInterface",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DescribeDhcpOptions",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                ],
                resources=["*"],
            ),
            iam.PolicyStatement(
                actions=["ec2:CreateNetworkInterfacePermission"],
                resources=[interfaces],
                conditions={
                    "ArnEquals": {"ec2:Subnet": subnets},
                    "StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"},
                },
            ),
        ],
    )
    acknowledge_resource(
        policy,
        "*",
        "EC2 describes networks for the whole account only, and CodeBuild makes and removes a network interface of "
        "unknown id for each build.",
    )
    acknowledge_resource(
        policy,
        interfaces,
        "The interface's id is not known before the build; the conditions admit CodeBuild in these subnets alone.",
    )
    return policy
