"""The hint of what a launch costs in a month: what is fixed, summed up, and what depends on usage, in words."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pavedroad_platform.costs.fixed_costs import FixedCost, Resources, fixed_costs
from pavedroad_platform.costs.prices import Prices


@dataclass(frozen=True, kw_only=True)
class CostHint:
    """What a launch costs.

    Attributes:
        fixed: What is paid as long as it stands, the dearest first.
        usage: What is paid by usage, by resource type.
    """

    fixed: tuple[FixedCost, ...]
    usage: Mapping[str, str]

    @property
    def monthly(self) -> float:
        """USD a month, without usage."""
        return sum(cost.monthly for cost in self.fixed)


def cost_hint(resources: Resources, prices: Prices) -> CostHint:
    """What ``resources`` cost, as a launch makes them.

    Raises:
        PlatformError: It is not known what a type or a size costs.
    """
    types = {resource["Type"] for resource in resources.values()}
    prices.check(types)
    counts: dict[str, float] = defaultdict(float)
    sums: dict[str, float] = defaultdict(float)
    for logical_id in resources:
        for cost in fixed_costs(logical_id, resources, prices):
            counts[cost.unit] += cost.count
            sums[cost.unit] += cost.monthly
    fixed = [FixedCost(unit, counts[unit], sums[unit]) for unit in sorted(sums, key=lambda unit: (-sums[unit], unit))]
    usage = {it: prices.types[it].usage for it in sorted(types) if prices.types[it].usage}
    return CostHint(fixed=tuple(fixed), usage=usage)
