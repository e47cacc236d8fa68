"""The five tags that everything has: what it belongs to, who owns it, who pays, how sensitive it is."""

from dataclasses import dataclass
from typing import Final

import jsii
from aws_cdk import CfnResource, NestedStack, Stack, TagManager, Tags, Token
from constructs import Construct, IValidation

from pavedroad.arguments import Arguments

TAG_KEYS: Final = {
    "application": "application",
    "team": "team",
    "environment": "environment",
    "cost_centre": "cost-centre",
    "data_classification": "data-classification",
}
"""The key of each tag by the name of its attribute in ``MandatoryTags``."""

_VALUE: Final = r"[\w .:/=+\-@]{1,256}"


@dataclass(frozen=True, kw_only=True)
class MandatoryTags:
    """The mandatory tags. A value may be a token, such as a parameter of a product.

    Attributes:
        application: What the resource belongs to: the tag ``application``.
        team: Who owns it: the tag ``team``.
        environment: Where it stands, such as ``production``: the tag ``environment``.
        cost_centre: Who pays: the tag ``cost-centre``.
        data_classification: How sensitive its data is, such as ``confidential``: the tag ``data-classification``.

    Source: AWS whitepaper "Best Practices for Tagging AWS Resources".

    Example:
        >>> tags = MandatoryTags(
        ...     application="order-service",
        ...     team="orders",
        ...     environment="production",
        ...     cost_centre="2000",
        ...     data_classification="confidential",
        ... )
        >>> tags.apply(stack)
    """

    application: str
    team: str
    environment: str
    cost_centre: str
    data_classification: str

    @property
    def by_key(self) -> dict[str, str]:
        """The values by the keys that the tags have in AWS."""
        return {key: getattr(self, attribute) for attribute, key in TAG_KEYS.items()}

    def apply(self, scope: Construct) -> None:
        """Tag everything beneath ``scope``, and fail the synthesis where a taggable resource lacks a tag in the end.

        A stack is tagged itself too, so that CloudFormation passes the tags on to what a template cannot tag. Tags that
        a construct beneath sets for itself stay.

        Args:
            scope: A stack, or any construct.

        Raises:
            InvalidArgumentsError: A value is empty, too long, or has characters that AWS refuses in tags.
        """
        self._check(scope)
        tags = Tags.of(scope)
        for key, value in self.by_key.items():
            tags.add(key, value)
            # A stack's tags are given to CloudFormation beside the template, where no token has a value.
            if isinstance(scope, Stack) and not isinstance(scope, NestedStack) and _is_written_out(value):
                scope.add_stack_tag(key, value)
        scope.node.add_validation(_EverythingIsTagged(scope))

    def _check(self, scope: Construct) -> None:
        arguments = Arguments(scope)
        meaning = "1 to 256 letters, digits, spaces or _ . : / = + - @"
        for attribute in TAG_KEYS:
            arguments.matches(attribute, getattr(self, attribute), _VALUE, meaning)
        arguments.check()


def _is_written_out(value: str) -> bool:
    # Only what may be a token is asked about: every question to the CDK crosses a process.
    return "$" not in value or not Token.is_unresolved(value)


@jsii.implements(IValidation)
class _EverythingIsTagged:
    """Reads the tags after all aspects ran: ``Tags.remove`` or an exclusion cannot undo the mandatory ones unseen."""

    def __init__(self, scope: Construct) -> None:
        self._scope = scope

    def validate(self) -> list[str]:
        resources = [child for child in self._scope.node.find_all() if isinstance(child, CfnResource)]
        return [text for text in map(_missing, resources) if text]


def _missing(resource: CfnResource) -> str | None:
    manager = TagManager.of(resource)
    if manager is None:
        return None
    # Asked for once: every question to the CDK crosses a process.
    present = manager.tag_values()
    missing = [key for key in TAG_KEYS.values() if key not in present]
    if not missing:
        return None
    what = f"{resource.node.path} ({resource.cfn_resource_type})"
    return f"{what} lacks the mandatory tags {', '.join(missing)}; leave out what removes or excludes them there"
