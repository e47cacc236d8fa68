"""How much a role may do, in numbers that two roles can be compared by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pavedroad_platform.catalog import iam_actions
from pavedroad_platform.catalog.launch_policies import Statement


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A statement that allows.

    Attributes:
        actions: The actions, wildcards included.
        resources: The resources.
        has_condition: Whether a condition confines it.
    """

    actions: Sequence[str]
    resources: Sequence[str]
    has_condition: bool = False

    @property
    def is_for_everything(self) -> bool:
        """Whether it allows its actions on whatever there is."""
        return "*" in self.resources and not self.has_condition


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What a role may do.

    Attributes:
        actions: How many actions it allows, wildcards expanded.
        wildcards: How many of the actions that it names are wildcards.
        whole_services: The services that it may do everything in.
        statements_for_everything: Statements on ``*`` that no condition confines.
        unconfined: Actions on ``*`` that IAM would let one confine to resources.
        may_raise_itself: Whether it may give any role any policy and hand it to any service, which makes whoever uses
            it an administrator.
    """

    actions: int
    wildcards: int
    whole_services: tuple[str, ...]
    statements_for_everything: int
    unconfined: int
    may_raise_itself: bool


def measures(grants: Iterable[Grant]) -> Measures:
    """Measure what ``grants`` allow together."""
    grants = list(grants)
    named = {action for grant in grants for action in grant.actions}
    everywhere = {action for grant in grants if grant.is_for_everything for action in _expanded(grant)}
    gives_policies = {"iam:attachrolepolicy", "iam:putrolepolicy"} & everywhere
    return Measures(
        actions=len({action for grant in grants for action in _expanded(grant)}),
        wildcards=sum("*" in action for action in named),
        whole_services=tuple(sorted(action.removesuffix(":*") for action in named if action.endswith(":*"))),
        statements_for_everything=sum(grant.is_for_everything for grant in grants),
        unconfined=sum(bool(iam_actions.resource_kinds(action)) for action in everywhere),
        may_raise_itself=bool(gives_policies) and "iam:passrole" in everywhere,
    )


def grants_of(statements: Iterable[Statement]) -> list[Grant]:
    """The statements of one of our launch roles."""
    return [
        Grant(actions=statement.actions, resources=statement.resources, has_condition=bool(statement.condition))
        for statement in statements
    ]


def _expanded(grant: Grant) -> set[str]:
    return {action for pattern in grant.actions for action in iam_actions.matching(pattern)}
