"""Ready steps of a pipeline's security check: dependencies, images, source and bills of materials."""

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

_NAME = (r"[A-Za-z0-9_-]{1,64}", "1 to 64 letters, digits, _ and -")
_LANGUAGES = ("node", "others", "python")
_SEVERITIES = ("critical", "high", "medium")
_WHY_SCAN = (
    "inspector-scan:ScanSbom knows no resource (service authorization reference): it tells which vulnerabilities are "
    "known of a list that the caller brings."
)


@dataclass(frozen=True, kw_only=True)
class ScanInputs:
    """What scans work on.

    Attributes:
        builds: Makes the CodeBuild projects, and the roles of actions.
        checked: The artefacts: the source, and what was built where something is.
        build: The action that built it; ``None`` where nothing is built.
        pushed: The image repositories that it pushed to.
        log_group: Where CodePipeline logs its own scans.
    """

    builds: Builds
    checked: Sequence[codepipeline.Artifact]
    build: actions.CodeBuildAction | None
    pushed: Sequence[ecr.IRepository]
    log_group: logs.ILogGroup | None


@dataclass(frozen=True, kw_only=True)
class Scan(ABC):
    """One step of the security check; those of a pipeline run side by side, and a finding in any ends the execution.

    Attributes:
        name: The action's name, unique in the stage.
    """

    name: str

    @property
    def makes_bill(self) -> bool:
        """Whether its output is a software bill of materials, which is kept."""
        return False

    @property
    def finds(self) -> bool:
        """Whether a finding in it ends the execution."""
        return True

    @property
    def by_inspector(self) -> bool:
        """Whether Amazon Inspector does it, in CodePipeline's own compute."""
        return False

    def check(self, arguments: Arguments, *, builds: bool) -> None:  # noqa: ARG002
        """Refuse what cannot work; ``builds``: whether the pipeline builds something."""
        arguments.matches("scans.name", self.name, *_NAME)

    @abstractmethod
    def action(self, inputs: ScanInputs, output: codepipeline.Artifact) -> codepipeline.IAction:
        """The action, with a role of no more than it needs; a bill of materials goes to ``output``."""


@dataclass(frozen=True, kw_only=True)
class DependencyAudit(Scan):
    """Looks for known vulnerabilities in the dependencies that the source locks.

    Attributes:
        name: The action's and the project's name. Left out: ``DependencyAudit``.
        languages: ``python`` (pip-audit on every ``requirements*.txt``), ``node`` (npm audit on every
            ``package-lock.json``) and ``others`` (Trivy on the lock files of Java, Go, .NET, Ruby, PHP, Rust and more).
            Left out: all three.
        severity: From which severity on a finding ends the execution: ``medium``, ``high`` or ``critical``. pip-audit
            knows no severities and ends it on any. Left out: ``high``.
        build: Size, timeout and network of the build; its specification is not used. Left out: as ``BuildStep`` is.

    Source: https://github.com/pypa/pip-audit, https://docs.npmjs.com/cli/commands/npm-audit, https://trivy.dev
    """

    name: str = "DependencyAudit"
    languages: Sequence[Literal["python", "node", "others"]] = ("python", "node", "others")
    severity: Literal["medium", "high", "critical"] = "high"
    build: BuildStep = field(default_factory=BuildStep)

    def check(self, arguments: Arguments, *, builds: bool) -> None:
        """Refuse unknown languages and severities."""
        super().check(arguments, builds=builds)
        where = f"scans.{self.name}"
        if not self.languages:
            arguments.refuse(f"{where}.languages", list(self.languages), "must name at least one language")
        for language in self.languages:
            arguments.one_of(f"{where}.languages", language, _LANGUAGES)
        arguments.one_of(f"{where}.severity", self.severity, _SEVERITIES)
        self.build.check(f"{where}.build", arguments)

    def action(self, inputs: ScanInputs, output: codepipeline.Artifact) -> codepipeline.IAction:  # noqa: ARG002
        """The CodeBuild action that audits the source."""
        step = replace(self.build, specification=audit_specification(self.languages, self.severity))
        return inputs.builds.action(self.name, step, inputs=inputs.checked[:1], kind=actions.CodeBuildActionType.TEST)


@dataclass(frozen=True, kw_only=True)
class SoftwareBillOfMaterials(Scan):
    """Lists what the source, what was built and the images in ``imagedefinitions.json`` are made of, by Trivy.

    Attributes:
        name: The action's and the project's name. Left out: ``BillOfMaterials``.
        bill_format: ``cyclonedx`` or ``spdx-json``. Left out: ``cyclonedx``.
        build: Size, timeout and ``pulls`` of the build, which may pull what the pipeline's build pushes anyway; its
            specification is not used. Left out: as ``BuildStep`` is.

    Source: https://trivy.dev, https://cyclonedx.org, https://spdx.dev
    """

    name: str = "BillOfMaterials"
    bill_format: Literal["cyclonedx", "spdx-json"] = "cyclonedx"
    build: BuildStep = field(default_factory=BuildStep)

    @property
    def makes_bill(self) -> bool:
        """It does."""
        return True

    @property
    def finds(self) -> bool:
        """It lists, and judges nothing."""
        return False

    def check(self, arguments: Arguments, *, builds: bool) -> None:
        """Refuse an unknown format."""
        super().check(arguments, builds=builds)
        arguments.one_of(f"scans.{self.name}.bill_format", self.bill_format, ("cyclonedx", "spdx-json"))
        self.build.check(f"scans.{self.name}.build", arguments)

    def action(self, inputs: ScanInputs, output: codepipeline.Artifact) -> codepipeline.IAction:
        """The CodeBuild action that writes the bills."""
        pulls = [*self.build.pulls, *inputs.pushed]
        step = replace(self.build, specification=bill_specification(self.bill_format), pulls=pulls)
        return inputs.builds.action(
            self.name, step, inputs=inputs.checked, output=output, kind=actions.CodeBuildActionType.TEST
        )


@dataclass(frozen=True, kw_only=True)
class _InspectorScan(Scan):
    """A scan by Amazon Inspector in CodePipeline itself; its output is a bill of materials with the vulnerabilities.

    Attributes:
        critical: How many findings of critical severity are let through. Left out: none is.
        high: As ``critical``. Left out: none is.
        medium: As ``critical``. Left out: any number.
        low: As ``critical``. Left out: any number.
    """

    critical: int = 0
    high: int = 0
    medium: int | None = None
    low: int | None = None

    @property
    def makes_bill(self) -> bool:
        """It does: CycloneDX, with the findings."""
        return True

    @property
    def by_inspector(self) -> bool:
        """It is."""
        return True

    def check(self, arguments: Arguments, *, builds: bool) -> None:
        """Refuse thresholds below zero."""
        super().check(arguments, builds=builds)
        for severity in ("critical", "high", "medium", "low"):
            arguments.between(f"scans.{self.name}.{severity}", getattr(self, severity), 0, 100000)

    def _role(self, inputs: ScanInputs, statements: Sequence[iam.PolicyStatement]) -> iam.IRole:
        assert inputs.log_group is not None
        roles = inputs.builds.roles
        role = roles.make(
            self.name,
            [
                iam.PolicyStatement(actions=["inspector-scan:ScanSbom"], resources=["*"]),
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[inputs.log_group.log_group_arn],
                ),
                *statements,
            ],
            reads=True,
            writes=True,
        )
        assert role.policy is not None
        acknowledge_resource(role.policy, "*", f"{_WHY_SCAN} {WHY_LOGIN}")
        return as_it_is(role)


@dataclass(frozen=True, kw_only=True)
class ImageScan(_InspectorScan):
    """Inspector's scan of the image that the build pushed: the stage waits for it and fails above a threshold.

    Attributes:
        name: The action's name. Left out: ``ImageScan``.
        repository: The image repository, of the pipeline's account and region.
        image_tag: The image's tag. Left out: the variable that the build exports as ``IMAGE_TAG``
            (``exported-variables`` of its specification).

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-InspectorScan.html
    """

    name: str = "ImageScan"
    repository: ecr.IRepository
    image_tag: str | None = None

    def check(self, arguments: Arguments, *, builds: bool) -> None:
        """Refuse a missing tag where nothing is built that could export it."""
        super().check(arguments, builds=builds)
        where = f"scans.{self.name}.image_tag"
        arguments.matches(where, self.image_tag, r"[\w.-]{1,128}", "an image's tag")
        if self.image_tag is None and not builds:
            arguments.refuse(where, None, "must name the tag: there is no build that exports IMAGE_TAG")

    def action(self, inputs: ScanInputs, output: codepipeline.Artifact) -> codepipeline.IAction:
        """The action that scans the image, which it may pull from this repository alone."""
        tag = self.image_tag
        if tag is None:
            assert inputs.build is not None
            tag = inputs.build.variable("IMAGE_TAG")
        pull = iam.PolicyStatement(actions=READ_IMAGE, resources=[self.repository.repository_arn])
        return actions.InspectorEcrImageScanAction(
            action_name=self.name,
            repository=self.repository,
            image_tag=tag,
            output=output,
            critical_threshold=self.critical,
            high_threshold=self.high,
            medium_threshold=self.medium,
            low_threshold=self.low,
            role=self._role(inputs, [pull, registry_login()]),
        )


@dataclass(frozen=True, kw_only=True)
class SourceCodeScan(_InspectorScan):
    """Inspector's scan of the source: the dependencies that it locks, in all languages that Inspector knows.

    Attributes:
        name: The action's name. Left out: ``SourceCodeScan``.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-InspectorScan.html
    """

    name: str = "SourceCodeScan"

    def action(self, inputs: ScanInputs, output: codepipeline.Artifact) -> codepipeline.IAction:
        """The action that scans the source."""
        return actions.InspectorSourceCodeScanAction(
            action_name=self.name,
            input=inputs.checked[0],
            output=output,
            critical_threshold=self.critical,
            high_threshold=self.high,
            medium_threshold=self.medium,
            low_threshold=self.low,
            role=self._role(inputs, []),
        )


def thresholds(scan: Scan) -> Mapping[str, int]:
    """What the finished action of ``scan`` has to say about findings."""
    if not isinstance(scan, _InspectorScan):
        return {}
    named = {
        "CriticalThreshold": scan.critical,
        "HighThreshold": scan.high,
        "MediumThreshold": scan.medium,
        "LowThreshold": scan.low,
    }
    return {name: value for name, value in named.items() if value is not None}
