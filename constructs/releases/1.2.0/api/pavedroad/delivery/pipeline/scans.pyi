from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.builds import READ_IMAGE, WHY_LOGIN, Builds, BuildStep, registry_login
from pavedroad.delivery.pipeline.roles import as_it_is
from pavedroad.delivery.pipeline.scan_specifications import audit_specification, bill_specification
from pavedroad.security.acknowledgments import acknowledge_resource
_NAME = ('[A-Za-z0-9_-]{1,64}', '1 to 64 letters, digits, _ and -')
_LANGUAGES = ('node', 'others', 'python')
_SEVERITIES = ('critical', 'high', 'medium')
_WHY_SCAN = 'inspector-scan:ScanSbom knows no resource (service authorization reference): it tells which vulnerabilities are known of a list that the caller brings.'

@dataclass(frozen=True, kw_only=True)
class ScanInputs:
    builds: Builds
    checked: Sequence[codepipeline.Artifact]
    build: actions.CodeBuildAction | None
    pushed: Sequence[ecr.IRepository]
    log_group: logs.ILogGroup | None

@dataclass(frozen=True, kw_only=True)
class Scan(ABC):
    name: str

    @property
    def makes_bill(self) -> bool:
        ...

    @property
    def finds(self) -> bool:
        ...

    @property
    def by_inspector(self) -> bool:
        ...

    def check(self, arguments: Arguments, *, builds: bool) -> None:
        ...

    @abstractmethod
    def action(self, inputs: ScanInputs, output: codepipeline.Artifact) -> codepipeline.IAction:
        ...

@dataclass(frozen=True, kw_only=True)
class DependencyAudit(Scan):
    name: str = 'DependencyAudit'
    languages: Sequence[Literal['python', 'node', 'others']] = ('python', 'node', 'others')
    severity: Literal['medium', 'high', 'critical'] = 'high'
    build: BuildStep = field(default_factory=BuildStep)

    def check(self, arguments: Arguments, *, builds: bool) -> None:
        ...

    def action(self, inputs: ScanInputs, output: codepipeline.Artifact) -> codepipeline.IAction:
        ...

@dataclass(frozen=True, kw_only=True)
class SoftwareBillOfMaterials(Scan):
    name: str = 'BillOfMaterials'
    bill_format: Literal['cyclonedx', 'spdx-json'] = 'cyclonedx'
    build: BuildStep = field(default_factory=BuildStep)

    @property
    def makes_bill(self) -> bool:
        ...

    @property
    def finds(self) -> bool:
        ...

    def check(self, arguments: Arguments, *, builds: bool) -> None:
        ...

    def action(self, inputs: ScanInputs, output: codepipeline.Artifact) -> codepipeline.IAction:
        ...

@dataclass(frozen=True, kw_only=True)
class ImageScan(_InspectorScan):
    name: str = 'ImageScan'
    repository: ecr.IRepository
    image_tag: str | None = None

    def check(self, arguments: Arguments, *, builds: bool) -> None:
        ...

    def action(self, inputs: ScanInputs, output: codepipeline.Artifact) -> codepipeline.IAction:
        ...

@dataclass(frozen=True, kw_only=True)
class SourceCodeScan(_InspectorScan):
    name: str = 'SourceCodeScan'

    def action(self, inputs: ScanInputs, output: codepipeline.Artifact) -> codepipeline.IAction:
        ...

def thresholds(scan: Scan) -> Mapping[str, int]:
    ...
