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
_MAXIMUM_PATTERNS = 8
_ACTION = 'Source'

class Source(ABC):

    @abstractmethod
    def check(self, arguments: Arguments) -> None:
        ...

    @abstractmethod
    def action(self, roles: ActionRoles, output: codepipeline.Artifact) -> actions.Action:
        ...

    def push_filter(self) -> codepipeline.GitPushFilter | None:
        ...

    def change(self, stack: Stack) -> events.EventPattern | None:
        ...

@dataclass(frozen=True, kw_only=True)
class ConnectionSource(Source):
    connection_arn: str
    repository: str
    branch: str = 'main'
    included_paths: Sequence[str] = ()
    excluded_paths: Sequence[str] = ()
    tags: Sequence[str] = ()

    def check(self, arguments: Arguments) -> None:
        ...

    def action(self, roles: ActionRoles, output: codepipeline.Artifact) -> actions.Action:
        ...

    def push_filter(self) -> codepipeline.GitPushFilter | None:
        ...

@dataclass(frozen=True, kw_only=True)
class CodeCommitSource(Source):
    repository: str
    branch: str = 'main'

    def check(self, arguments: Arguments) -> None:
        ...

    def action(self, roles: ActionRoles, output: codepipeline.Artifact) -> actions.Action:
        ...

    def change(self, stack: Stack) -> events.EventPattern | None:
        ...

@dataclass(frozen=True, kw_only=True)
class BucketSource(Source):
    bucket_name: str
    key: str
    encryption_key_arn: str | None = None

    def check(self, arguments: Arguments) -> None:
        ...

    def action(self, roles: ActionRoles, output: codepipeline.Artifact) -> actions.Action:
        ...

    def change(self, stack: Stack) -> events.EventPattern | None:
        ...
