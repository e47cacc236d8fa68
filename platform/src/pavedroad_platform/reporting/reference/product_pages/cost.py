"""The monthly cost of a launch, as a hint."""

from pavedroad_platform.costs.prices import prices
from pavedroad_platform.reporting.reference.markdown import table
from pavedroad_platform.reporting.reference.product_pages.release import Release

_FEW = 10


def in_short(release: Release) -> str:
    """The fixed cost of a month in US dollars, rounded as a hint is."""
    return f"about {_rounded(release.cost.monthly)}"


def cost_section(release: Release) -> str:
    """What is fixed, and what depends on usage."""
    table_of_prices, cost = prices(), release.cost
    rows = [(each.unit, f"{each.count:g}", f"{each.monthly:.2f}") for each in cost.fixed]
    usage = [(f"`{kind}`", text) for kind, text in cost.usage.items()]
    file = f"{release.root}/platform/src/pavedroad_platform/costs/prices.yaml"
    parts = [
        "## Monthly cost\n",
        (
            f"A hint, not a quote: list prices of {table_of_prices.region} on demand, [written down in"
            f" {table_of_prices.as_of}]({file}),\nwithout taxes, free tiers and discounts, for a launch with the form's"
            " defaults. What was launched stands the whole month.\n"
        ),
        f"**Fixed: about {_rounded(cost.monthly)} {table_of_prices.currency} a month.**\n",
        table(("for", "number", f"{table_of_prices.currency} a month"), rows) if rows else "",
        "What depends on usage comes on top:\n" if usage else "",
        table(("type", "costs"), usage) if usage else "",
    ]
    return "\n".join(part for part in parts if part)


def _rounded(amount: float) -> str:
    return f"{amount:.2f}" if amount < _FEW else f"{amount:.0f}"
