"""The price table: what each resource type is for and what it costs, from ``prices.yaml``."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from pavedroad_platform.errors import PlatformError, Problem

FILE: Final = Path(__file__).with_name("prices.yaml")
"""The file of the table."""

HOURS_A_MONTH: Final = 730
"""The hours of an average month, as AWS's calculator has them."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FixedPrice(_Model):
    """What is paid as long as a resource stands.

    Attributes:
        unit: What it is paid for.
        hour: USD an hour. Either it or ``month``.
        month: USD a month.
        count: The property whose number, or number of items, multiplies it. Left out: once.
        when: The values that properties must have. Left out: always.
    """

    unit: str
    hour: float | None = None
    month: float | None = None
    count: str | None = None
    when: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_period(self) -> "FixedPrice":
        if (self.hour is None) == (self.month is None):
            raise ValueError("give either hour or month")
        return self

    @property
    def monthly(self) -> float:
        """USD a month."""
        return self.month if self.month is not None else (self.hour or 0) * HOURS_A_MONTH


class ResourceType(_Model):
    """What a resource type is for, and what it costs.

    Attributes:
        purpose: What it does in a product.
        fixed: What is paid as long as it stands.
        usage: What is paid by usage, in words.
        computed: Whether the fixed cost takes more than the resource itself.
        free: Whether it costs nothing by itself; said outright, so that no price is forgotten.
    """

    purpose: str = Field(alias="for")
    fixed: tuple[FixedPrice, ...] = ()
    usage: str = ""
    computed: bool = False
    free: bool = False

    @model_validator(mode="after")
    def _says_what_it_costs(self) -> "ResourceType":
        if self.free == bool(self.fixed or self.usage or self.computed):
            raise ValueError("say either free: true, or fixed, usage or computed")
        return self


class Prices(_Model):
    """The price table.

    Attributes:
        region: The region whose prices these are.
        as_of: The month that they are of.
        currency: Their currency.
        sources: Where AWS publishes them.
        rates: Prices that computations use, by name; a mapping where they depend on something.
        types: The resource types by name.
    """

    region: str
    as_of: str
    currency: str
    sources: tuple[str, ...]
    rates: Mapping[str, float | Mapping[str, float]]
    types: Mapping[str, ResourceType]

    def rate(self, name: str, of: str = "") -> float:
        """A price that a computation uses.

        Raises:
            PlatformError: The table has no price for ``of``.
        """
        rate = self.rates[name]
        if not isinstance(rate, Mapping):
            return rate
        if of not in rate:
            raise PlatformError(
                Problem(
                    cause=f"There is no price for {of}; there are {', '.join(rate)}.",
                    fix="Add it, with the list price of the region that the table names.",
                    file=FILE,
                    path=f"rates.{name}",
                )
            )
        return rate[of]

    def check(self, resource_types: set[str]) -> None:
        """Refuse types that the table does not know, all at once.

        Raises:
            PlatformError: It is not known what one of them costs.
        """
        unknown = sorted(resource_types - self.types.keys())
        if unknown:
            fix = "Add what it is for, and what it costs or free: true."
            cause = "It is not known what {} is for and what it costs."
            raise PlatformError(*(Problem(cause=cause.format(it), fix=fix, file=FILE, path="types") for it in unknown))


@cache
def prices() -> Prices:
    """The price table."""
    return Prices.model_validate(YAML(typ="safe").load(FILE))
