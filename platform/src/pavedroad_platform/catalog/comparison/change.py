"""A change of a product: what it raises, and what it asks of a team."""

from dataclasses import dataclass

from pavedroad_platform.versions import Change, Step


@dataclass(frozen=True, kw_only=True)
class ProductChange(Change):
    """One difference between two releases of a product.

    Attributes:
        step: The part of the version that it raises.
        what: What changed, such as ``parameter InstanceClass lost the value t3.micro``.
        advice: What a team that upgrades has to do or to know, as a sentence. Empty: nothing.
    """

    advice: str = ""


def major(what: str, advice: str) -> ProductChange:
    """A change that may break what a team has launched."""
    return ProductChange(step=Step.MAJOR, what=what, advice=advice)


def minor(what: str, advice: str = "") -> ProductChange:
    """A change that gives more and breaks nothing."""
    return ProductChange(step=Step.MINOR, what=what, advice=advice)


def patch(what: str) -> ProductChange:
    """A change that asks nothing of anybody."""
    return ProductChange(step=Step.PATCH, what=what)


def listed(names: list[str]) -> str:
    """Names as a sentence has them: ``a, b and c``."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
