"""What is done to an image, and how it is tested: components of AWS and own ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aws_cdk import Stack, Token
from aws_cdk import aws_imagebuilder as imagebuilder
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.arguments import Arguments

_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{1,60}"
_NAME_IN_WORDS = "2 to 61 letters, digits, '_' and '-'"
_MOST_TEXT = 16_000
# A change makes the next patch version of its own.
NEXT_VERSION = "1.0.x"


@dataclass(frozen=True, kw_only=True)
class ImageComponent:
    """A component of one's own.

    Attributes:
        name: The name, unique in the pipeline; it cannot be changed without a new component.
        document: The component document, as YAML or JSON text of 16,000 characters at most: phases ``build`` and
            ``validate`` for a build component, ``test`` alone for a test component.
    """

    name: str
    document: str


def check_components(arguments: Arguments, argument: str, components: Sequence[ImageComponent], *, tests: bool) -> None:
    """Refuse names and documents that Image Builder would refuse, and a test where nothing is tested."""
    names = [component.name for component in components]
    for component in components:
        arguments.matches(f"{argument}.name", component.name, _NAME, _NAME_IN_WORDS)
        text = component.document
        if Token.is_unresolved(text):
            continue
        if not 1 <= len(text) <= _MOST_TEXT:
            arguments.refuse(f"{argument}.document", len(text), f"must be from 1 to {_MOST_TEXT} characters")
        if tests and "test" not in text:
            arguments.refuse(f"{argument}.document", component.name, "must have the phase test, and no other")
    if len(set(names)) != len(names):
        arguments.refuse(f"{argument}.name", names, "must be unique")


def managed_component(scope: Construct, name: str) -> str:
    """The ARN of the newest version of a component of AWS."""
    return Stack.of(scope).format_arn(
        service="imagebuilder", account="aws", resource="component", resource_name=f"{name}/x.x.x"
    )


def own_components(
    scope: Construct, components: Iterable[ImageComponent], *, prefix: str, encryption_key: kms.IKey
) -> list[imagebuilder.CfnComponent]:
    """The components as resources, encrypted with ``encryption_key``."""
    return [
        imagebuilder.CfnComponent(
            scope,
            f"Component{component.name}",
            name=f"{prefix}-{component.name}",
            version=NEXT_VERSION,
            platform="Linux",
            data=component.document,
            kms_key_id=encryption_key.key_arn,
        )
        for component in components
    ]
