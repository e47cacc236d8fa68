"""Where a pipeline gets what it delivers from; a change there starts it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import ArnFormat, Fn, Stack, Token
from aws_cdk import aws_codecommit as codecommit
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.roles import ActionRoles, as_it_is

_MAXIMUM_PATTERNS = 8  # https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html
_ACTION = "Source"


class Source(ABC):
    """What every source can do for the pipeline that it is given to."""

    @abstractmethod
    def check(self, arguments: Arguments) -> None:
        """Refuse what cannot work."""

    @abstractmethod
    def action(self, roles: ActionRoles, output: codepipeline.Artifact) -> actions.Action:
        """The source action, with a role that reads this source and nothing else."""

    def push_filter(self) -> codepipeline.GitPushFilter | None:
        """Which pushes start the pipeline, where CodePipeline's own trigger filters them."""
        return None

    def change(self, stack: Stack) -> events.EventPattern | None:  # noqa: ARG002
        """The event that starts the pipeline, where CodePipeline does not listen by itself."""
        return None


@dataclass(frozen=True, kw_only=True)
class ConnectionSource(Source):
    """A repository at GitHub, GitLab, Bitbucket or Azure DevOps, through CodeConnections.

    Attributes:
        connection_arn: The connection, which somebody has confirmed in the console.
        repository: Owner and name, such as ``orders/storefront``. As a parameter it has exactly one slash.
        branch: The branch that is delivered. Left out: ``main``.
        included_paths: Only a push that touches one of these glob patterns starts it, at most 8. Left out: any.
        excluded_paths: A push that touches these alone does not, at most 8. Left out: none.
        tags: Only a pushed tag that matches one of these glob patterns starts it, at most 8; not together with paths.
            Left out: every push to the branch does.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
    """

    connection_arn: str
    repository: str
    branch: str = "main"
    included_paths: Sequence[str] = ()
    excluded_paths: Sequence[str] = ()
    tags: Sequence[str] = ()

    def check(self, arguments: Arguments) -> None:
        """Refuse what CodeConnections would refuse at the first execution."""
        arguments.matches(
            "source.connection_arn",
            self.connection_arn,
            r"arn:[\w-]+:(codeconnections|codestar-connections):[\w-]+:\d{12}:connection/[\w-]+",
            "the ARN of a CodeConnections connection, such as "
            "arn:aws:codeconnections:eu-west-1:111111111111:connection/<id>",
        )
        arguments.matches("source.repository", self.repository, r"[^/\s]+(/[^/\s]+)+", "written as owner/name")
        for name in ("included_paths", "excluded_paths", "tags"):
            patterns = getattr(self, name)
            if len(patterns) > _MAXIMUM_PATTERNS:
                arguments.refuse(f"source.{name}", patterns, f"must have at most {_MAXIMUM_PATTERNS} patterns")
        if self.tags and (self.included_paths or self.excluded_paths):
            arguments.refuse("source.tags", self.tags, "cannot be combined with paths; a tag has no changed files")

    def action(self, roles: ActionRoles, output: codepipeline.Artifact) -> actions.Action:
        """A source action that may use this connection for this repository."""
        owner, name = _owner_and_name(self.repository)
        use = iam.PolicyStatement(
            actions=[f"{prefix}:UseConnection" for prefix in self._service_prefixes()],
            resources=[self.connection_arn],
        )
        role = roles.make(_ACTION, [use], writes=True)
        return actions.CodeStarConnectionsSourceAction(
            action_name=_ACTION,
            connection_arn=self.connection_arn,
            owner=owner,
            repo=name,
            branch=self.branch,
            output=output,
            trigger_on_push=not self._is_filtered,
            role=as_it_is(role),
        )

    def push_filter(self) -> codepipeline.GitPushFilter | None:
        """The tags, or the branch with its paths, where any were given."""
        if self.tags:
            return codepipeline.GitPushFilter(tags_includes=self.tags)
        if not self._is_filtered:
            return None
        return codepipeline.GitPushFilter(
            branches_includes=[self.branch],
            file_paths_includes=self.included_paths or None,
            file_paths_excludes=self.excluded_paths or None,
        )

    def _service_prefixes(self) -> list[str]:
        # Connections made before July 2024 have ARNs of the former name, and IAM matches the name in use.
        both = ["codeconnections", "codestar-connections"]
        return both if Token.is_unresolved(self.connection_arn) else [self.connection_arn.split(":")[2]]

    @property
    def _is_filtered(self) -> bool:
        return bool(self.tags or self.included_paths or self.excluded_paths)


@dataclass(frozen=True, kw_only=True)
class CodeCommitSource(Source):
    """A CodeCommit repository of the pipeline's account and region.

    Attributes:
        repository: Its name.
        branch: The branch that is delivered. Left out: ``main``.
    """

    repository: str
    branch: str = "main"

    def check(self, arguments: Arguments) -> None:
        """Refuse what is no repository name."""
        arguments.matches("source.repository", self.repository, r"[\w.-]{1,100}", "the name of a CodeCommit repository")

    def action(self, roles: ActionRoles, output: codepipeline.Artifact) -> actions.Action:
        """A source action that may archive this repository."""
        pull = iam.PolicyStatement(
            actions=[
                "codecommit:CancelUploadArchive",
                "codecommit:GetBranch",
                "codecommit:GetCommit",
                "codecommit:GetRepository",
                "codecommit:GetUploadArchiveStatus",
                "codecommit:UploadArchive",
            ],
            resources=[self._arn(Stack.of(roles))],
        )
        return actions.CodeCommitSourceAction(
            action_name=_ACTION,
            repository=codecommit.Repository.from_repository_name(roles, "Repository", self.repository),
            branch=self.branch,
            output=output,
            trigger=actions.CodeCommitTrigger.NONE,
            role=as_it_is(roles.make(_ACTION, [pull], writes=True)),
        )

    def change(self, stack: Stack) -> events.EventPattern | None:
        """A new commit on the branch."""
        return events.EventPattern(
            source=["aws.codecommit"],
            detail_type=["CodeCommit Repository State Change"],
            resources=[self._arn(stack)],
            detail={
                "event": ["referenceCreated", "referenceUpdated"],
                "referenceType": ["branch"],
                "referenceName": [self.branch],
            },
        )

    def _arn(self, stack: Stack) -> str:
        return stack.format_arn(service="codecommit", resource=self.repository)


@dataclass(frozen=True, kw_only=True)
class BucketSource(Source):
    """An object of a versioned bucket that sends its events to EventBridge, such as a zipped build.

    Attributes:
        bucket_name: The bucket, of the pipeline's account and region.
        key: The object's key; a new version of it starts the pipeline.
        encryption_key_arn: The customer-managed key that encrypts the object. Left out: none does.
    """

    bucket_name: str
    key: str
    encryption_key_arn: str | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse what is no bucket name or no single key."""
        arguments.matches("source.bucket_name", self.bucket_name, r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "a bucket name")
        arguments.matches("source.key", self.key, r"[^*]+", "the key of one object, without a wildcard")

    def action(self, roles: ActionRoles, output: codepipeline.Artifact) -> actions.Action:
        """A source action that may read this object."""
        bucket = s3.Bucket.from_bucket_name(roles, "SourceBucket", self.bucket_name)
        statements = [
            iam.PolicyStatement(
                actions=["s3:GetObject", "s3:GetObjectVersion"], resources=[bucket.arn_for_objects(self.key)]
            ),
            iam.PolicyStatement(
                actions=["s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket"],
                resources=[bucket.bucket_arn],
            ),
        ]
        if self.encryption_key_arn:
            statements.append(iam.PolicyStatement(actions=["kms:Decrypt"], resources=[self.encryption_key_arn]))
        return actions.S3SourceAction(
            action_name=_ACTION,
            bucket=bucket,
            bucket_key=self.key,
            output=output,
            trigger=actions.S3Trigger.NONE,
            role=as_it_is(roles.make(_ACTION, statements, writes=True)),
        )

    def change(self, stack: Stack) -> events.EventPattern | None:
        """A new version of the object."""
        return events.EventPattern(
            source=["aws.s3"],
            detail_type=["Object Created"],
            resources=[
                stack.format_arn(
                    service="s3",
                    account="",
                    region="",
                    resource=self.bucket_name,
                    arn_format=ArnFormat.NO_RESOURCE_NAME,
                )
            ],
            detail={"bucket": {"name": [self.bucket_name]}, "object": {"key": [self.key]}},
        )


def _owner_and_name(repository: str) -> tuple[str, str]:
    if Token.is_unresolved(repository):
        parts = Fn.split("/", repository)
        return Fn.select(0, parts), Fn.select(1, parts)
    # GitLab's groups nest: everything before the last slash owns the repository.
    owner, _, name = repository.rpartition("/")
    return owner, name
