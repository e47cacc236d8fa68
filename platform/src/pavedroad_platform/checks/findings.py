"""What a check found, and the acknowledgment that may answer it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

# CDK's Validations.acknowledge puts this before an id whose check it does not know.
_UNQUALIFIED = "Annotation::"


@dataclass(frozen=True, kw_only=True)
class Acknowledgment:
    """A finding that does not apply, with the reason.

    Attributes:
        finding: The finding's id, such as ``AwsSolutions-S1`` or ``checkov::CKV_AWS_18``.
        reason: Why it does not apply.
        path: The construct on which it is acknowledged; it holds for everything beneath.
    """

    finding: str
    reason: str
    path: str


@dataclass(frozen=True, kw_only=True)
class FinishedTemplate:
    """A template as CloudFormation would get it.

    Attributes:
        name: The stack's or product's name.
        body: The template.
        paths: The construct path of each logical id, where it is known.
        acknowledgments: Every acknowledgment made in the stack's tree.
    """

    name: str
    body: Mapping[str, Any]
    paths: Mapping[str, str] = field(default_factory=dict)
    acknowledgments: Sequence[Acknowledgment] = ()

    @property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        """The template's resources by logical id."""
        resources: Mapping[str, Mapping[str, Any]] = self.body.get("Resources", {})
        return resources

    def answer_to(self, finding: "Finding") -> Acknowledgment | None:
        """The acknowledgment of ``finding`` on its resource or on a construct that holds it, or ``None``."""
        path = self.paths.get(finding.resource or "", "")
        for acknowledgment in self.acknowledgments:
            is_above = path == acknowledgment.path or path.startswith(acknowledgment.path + "/")
            if is_above and acknowledgment.finding == finding.rule:
                return acknowledgment
        return None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that a check objects to.

    Attributes:
        check: The check's name.
        rule: The rule's id; this is what is acknowledged.
        template: The name of the template.
        resource: The logical id, or ``None`` where the finding is about the template as a whole.
        message: What the rule says.
    """

    check: str
    rule: str
    template: str
    resource: str | None
    message: str


class Check(Protocol):
    """A check of finished templates."""

    name: str

    def run(self, templates: Sequence[FinishedTemplate]) -> list[Finding]:
        """Everything that it objects to, acknowledged or not."""
        ...


def acknowledgments_in(metadata: Iterable[tuple[str, str, Any]]) -> tuple[dict[str, str], list[Acknowledgment]]:
    """Read construct metadata, given as (path, type, data).

    Returns:
        The path of each logical id, and the acknowledgments.
    """
    paths: dict[str, str] = {}
    acknowledgments: list[Acknowledgment] = []
    for path, kind, data in metadata:
        if kind == "aws:cdk:logicalId":
            paths[data] = path
        elif kind == "aws:cdk:acknowledged-rules":
            acknowledgments += [
                Acknowledgment(finding=finding.removeprefix(_UNQUALIFIED), reason=reason, path=path)
                for finding, reason in data.items()
            ]
    return paths, acknowledgments
