"""A product before it is written: its names, its fields and what it hands out."""

from dataclasses import dataclass

from pavedroad_platform.catalog.scaffolding.fields import Field
from pavedroad_platform.catalog.scaffolding.outputs import HandedOut


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft.

    Attributes:
        key: The product's key.
        title: Its name as people say it.
        construct: The construct that it is made of.
        fields: The fields of its form.
        has_network: Whether the form asks for a network, which the construct stands in.
        outputs: What it hands out.
    """

    key: str
    title: str
    construct: type
    fields: tuple[Field, ...] = ()
    has_network: bool = False
    outputs: tuple[HandedOut, ...] = ()

    @property
    def module(self) -> str:
        """The name of its module."""
        return self.key.replace("-", "_")

    @property
    def summary(self) -> str:
        """What a team gets, as the construct says it."""
        return (self.construct.__doc__ or "").strip().partition("\n")[0].replace("``", "")
