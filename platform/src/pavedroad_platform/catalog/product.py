"""A product: what a team may launch, described once.

The template's parameters, the console's form, the rules, the outputs, the launch role and the documentation page are
all derived from this one description and from what its builder builds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pavedroad_platform.versions import is_version

if TYPE_CHECKING:
    from aws_cdk import CfnParameter, ICfnRuleConditionExpression, Stack

KEY_PATTERN = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
"""What the key of a product looks like."""

_LOGICAL_ID = r"[A-Z][A-Za-z0-9]*"

CANARY_NAME: Final = "{name}"
"""Stands for the name of a canary in what it is launched with: two canaries of a product stand at once."""


@dataclass(frozen=True, kw_only=True)
class ProductOutput:
    """What another product hands out, where a value is taken from.

    Attributes:
        product: The key of the other product.
        output: The name of its output.
    """

    product: str
    output: str


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One field of the form that a team fills in to launch a product.

    Attributes:
        name: The parameter's logical id in the template; it stays for as long as the product lives.
        label: What the console shows beside the field.
        group: The heading that the field stands under.
        help: What the value does and when to change it.
        type: The CloudFormation type; ``AWS::EC2::VPC::Id`` and its like give the form a list to choose from.
        default: The value when the team changes nothing. ``None``: the team must fill it in.
        example: A value that works, for forms without a default: documentation and tests use it.
        canary: What a canary is launched with: a value, or an output of another product. ``None``: the default, or the
            example. Say it where a value must stand in the account, and where the default keeps a canary from ending.
            ``{name}`` in it becomes the canary's name, for what AWS takes only once.
        allowed_values: The only values that are taken. Empty: any.
        pattern: The regular expression that the value must match. ``None``: any.
        constraint: What the console says when a value is refused.
        minimum: The smallest number, or the shortest text. ``None``: no limit.
        maximum: The largest number, or the longest text. ``None``: no limit.
    """

    name: str
    label: str
    group: str
    help: str
    type: str = "String"
    default: str | int | None = None
    example: str | None = None
    canary: str | ProductOutput | None = None
    allowed_values: tuple[str, ...] = ()
    pattern: str | None = None
    constraint: str | None = None
    minimum: int | None = None
    maximum: int | None = None

    @property
    def launch_value(self) -> str:
        """The default, or the example where the form has none."""
        return str(self.example if self.default is None else self.default)

    def problems(self) -> list[str]:
        """What is wrong with the parameter itself, each as a sentence."""
        found = []
        if not re.fullmatch(_LOGICAL_ID, self.name):
            found.append(f"parameter {self.name!r} is no logical id: write it like 'RetentionDays'")
        if self.default is None and self.example is None:
            found.append(f"parameter {self.name} has neither a default nor an example")
            return found
        for value in {self.launch_value, self.canary} - {None}:
            if isinstance(value, str):
                found += self._refused(value.replace(CANARY_NAME, "canary"))
        return found

    def _refused(self, value: str) -> list[str]:
        found = []
        if self.allowed_values and value not in self.allowed_values:
            found.append(f"parameter {self.name}: {value!r} is not among its allowed values")
        if self.pattern and not re.fullmatch(self.pattern, value):
            found.append(f"parameter {self.name}: {value!r} does not match its pattern {self.pattern}")
        if (self.pattern or self.allowed_values) and not self.constraint:
            found.append(f"parameter {self.name} refuses values but has no constraint text that says which")
        size = int(value) if self.type == "Number" else len(value)
        if not (self.minimum or 0) <= size <= (size if self.maximum is None else self.maximum):
            found.append(f"parameter {self.name}: {value!r} is not from {self.minimum} to {self.maximum}")
        return found


Parameters = Mapping[str, "CfnParameter"]
"""The template's parameters by name, as builders and rules get them."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What must hold between parameters; CloudFormation refuses the launch before anything is made.

    Attributes:
        name: The rule's logical id.
        description: What the team reads when the rule is broken: what to choose instead.
        assertion: What must be true.
        condition: When the rule counts. ``None``: always.
    """

    name: str
    description: str
    assertion: Callable[[Parameters], "ICfnRuleConditionExpression"]
    condition: Callable[[Parameters], "ICfnRuleConditionExpression"] | None = None


@dataclass(frozen=True, kw_only=True)
class Output:
    """One thing that a launched product hands to its team.

    Attributes:
        name: The output's logical id.
        purpose: What the team does with the value.
    """

    name: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product of the catalogue.

    Attributes:
        key: The name in Service Catalog, in the configuration and of the directory of its releases.
        title: The name as people say it.
        version: The semantic version that the description stands for; raise it with every change, then freeze.
        summary: What a team gets, in one or two sentences.
        parameters: The form, in the order that it is shown; the fields of ownership follow by themselves.
        outputs: What the launched product hands out.
        build: Builds the resources into a stack and returns the value of each output by its name.
        rules: What must hold between parameters. Left out: nothing.
        owner: The key of the team that answers for it, in ``teams.yaml``; its address is where other teams ask for
            help. Left out: ``platform``.

    Raises:
        ValueError: The description contradicts itself; everything that is wrong is named.

    Example:
        >>> Product(key="secure-bucket", version="1.0.0", ..., build=build)
    """

    key: str
    title: str
    version: str
    summary: str
    parameters: tuple[Parameter, ...]
    outputs: tuple[Output, ...]
    build: Callable[["Stack", Parameters], Mapping[str, str]]
    rules: tuple[Rule, ...] = ()
    owner: str = "platform"

    @property
    def documentation(self) -> str:
        """The page of the documentation that is about the product."""
        return f"docs/products/{self.key}.md"

    def __post_init__(self) -> None:
        problems = [problem for parameter in self.parameters for problem in parameter.problems()]
        if not re.fullmatch(KEY_PATTERN, self.key):
            problems.append(f"key {self.key!r} is not lower-case words with hyphens between them")
        if not is_version(self.version):
            problems.append(f"version {self.version!r} is not a semantic version like '1.0.0'")
        names = [item.name for items in (self.parameters, self.rules, self.outputs) for item in items]
        problems += [f"{name} is used twice" for name in sorted({n for n in names if names.count(n) > 1})]
        if problems:
            raise ValueError(f"product {self.key}: " + "; ".join(problems))
