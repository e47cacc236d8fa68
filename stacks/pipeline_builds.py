"""The CodeBuild steps of the platform's pipeline: hardened, logged, each with a role of its own."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.delivery.pipeline.artifacts import ArtifactStore
from pavedroad.observability.topics import publishing
from pavedroad.security.roles import ManagedPolicyRole

_PYTHON = "3.13"
_LOG = "step.log"
_CACHE_EXPIRY = Duration.days(30)


class PipelineBuilds(Construct):
    """Makes steps that run commands in the source with its pinned tools, and tell people why when one fails.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        source: The repository.
        artifacts: The store that builds read from and write to; it has their caches as well.
        log_group: Where every build is logged, a stream prefix a step.
        topic: Who is told why a step failed.

    Attributes:
        steps: Every step that was made, by its name.
        roles: The roles that the builds run as, by the step's name; rights are added to them.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: pipelines.IFileSetProducer,
        artifacts: ArtifactStore,
        log_group: logs.ILogGroup,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._source = source
        self._artifacts = artifacts
        self._log_group = log_group
        self._topic = topic
        self.steps: dict[str, pipelines.CodeBuildStep] = {}
        self.roles: dict[str, ManagedPolicyRole] = {}

    def step(
        self,
        name: str,
        commands: Sequence[str],
        *,
        assembly: pipelines.IFileSetProducer | None = None,
        tools: str = "install",
        output: str | None = None,
        exports: Mapping[str, str] | None = None,
        compute_type: codebuild.ComputeType = codebuild.ComputeType.SMALL,
    ) -> pipelines.CodeBuildStep:
        """A step.

        Args:
            name: The action's name.
            commands: What it runs, in bash.
            assembly: What Synth made; it is in ``cdk.out``. Left out: the step is Synth itself.
            tools: The target of the Makefile that installs what it needs. Left out: the pinned packages.
            output: The folder that it hands on. Left out: none.
            exports: Variables for later actions, each as bash gets it. Left out: none.
            compute_type: The size of the machine. Left out: small.
        """
        role = self.role(name)
        for statement in publishing(self._topic):
            role.add_to_principal_policy(statement)
        step = pipelines.CodeBuildStep(
            name,
            input=self._source,
            additional_inputs={"cdk.out": assembly} if assembly else None,
            install_commands=[f"make {tools}", 'export PATH="$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH"'],
            commands=[
                *(f"set -o pipefail; {command} 2>&1 | tee -a {_LOG}" for command in commands),
                *(f"export {variable}={value}" for variable, value in (exports or {}).items()),
            ],
            primary_output_directory=output,
            env={"NOTIFICATION_TOPIC": self._topic.topic_arn},
            partial_build_spec=_specification(name),
            role=role.without_policy_updates(),
            build_environment=build_environment(compute_type),
            cache=codebuild.Cache.bucket(self._artifacts.bucket, prefix=self._artifacts.cache(name, _CACHE_EXPIRY)),
            logging=self.logging(name),
            timeout=Duration.hours(1),
        )
        self.steps[name] = step
        return step

    def role(self, name: str) -> ManagedPolicyRole:
        """A role for the builds of ``name``, which may log and use the artefacts."""
        role = ManagedPolicyRole(
            self,
            f"{name}Role",
            assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"),
            description=f"The pipeline's builds of {name}",
        )
        role.add_managed_policy(self._artifacts.readers)
        role.add_managed_policy(self._artifacts.writers)
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[self._log_group.log_group_arn]
            )
        )
        self.roles[name] = role
        return role

    def logging(self, name: str) -> codebuild.LoggingOptions:
        """Where the builds of ``name`` are logged."""
        return codebuild.LoggingOptions(
            cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=self._log_group, prefix=name)
        )


def build_environment(compute_type: codebuild.ComputeType = codebuild.ComputeType.SMALL) -> codebuild.BuildEnvironment:
    """AWS's own image, without the rights of its host."""
    return codebuild.BuildEnvironment(
        build_image=codebuild.LinuxBuildImage.STANDARD_7_0, compute_type=compute_type, privileged=False
    )


def _specification(name: str) -> codebuild.BuildSpec:
    tell = f'[ "$CODEBUILD_BUILD_SUCCEEDING" = 1 ] || pavedroad deployment failure {name} --log {_LOG}'
    return codebuild.BuildSpec.from_object(
        {
            "version": "0.2",
            # Compiling all packages takes most of a minute; a build imports few of them, once.
            "env": {"shell": "bash", "variables": {"UV_COMPILE_BYTECODE": "0"}},
            "phases": {
                "install": {"runtime-versions": {"python": _PYTHON}},
                "post_build": {"commands": [tell]},
            },
            # No paths of a cache: CodeBuild then keeps what package managers download, wherever its image has it.
            # https://docs.aws.amazon.com/codebuild/latest/userguide/caching-s3.html
        }
    )
