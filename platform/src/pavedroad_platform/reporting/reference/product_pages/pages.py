"""Every page of ``docs/products``, by its path."""

import re
from collections.abc import Iterable
from pathlib import Path

from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.organization import Organization
from pavedroad_platform.reporting.reference.markdown import GENERATED, table
from pavedroad_platform.reporting.reference.product_pages.contents import permissions_section, resources_section
from pavedroad_platform.reporting.reference.product_pages.controls import controls_section
from pavedroad_platform.reporting.reference.product_pages.cost import cost_section, in_short
from pavedroad_platform.reporting.reference.product_pages.form import outputs_section, parameters_section
from pavedroad_platform.reporting.reference.product_pages.release import Release
from pavedroad_platform.reporting.reference.product_pages.use import launch_section, upgrade_section


def product_pages(catalog: Iterable[tuple[Product, Releases]], organization: Organization) -> dict[Path, str]:
    """The pages by their path beneath ``docs/products``: an index, and one for each release of each product.

    Raises:
        PlatformError: A release holds a type of which it is not known what it is for and what it costs.
    """
    releases = [
        Release(product, version, releases, organization)
        for product, releases in catalog
        for version in reversed(releases.digests)
    ]
    newest = [release for release in releases if release.is_newest]
    return {Path("README.md"): _index(newest), **{Path(release.page): _page(release) for release in releases}}


def _index(releases: list[Release]) -> str:
    rows = [
        (
            f"[{release.product.title}]({release.page})",
            f"`{release.product.key}`",
            release.summary,
            release.version,
            in_short(release),
            release.owner.name,
        )
        for release in releases
    ]
    return "\n".join(
        [
            GENERATED,
            "# Products\n",
            (
                "What the catalogue offers, in its newest release. Each page tells the form, the resources, the"
                " permissions, the\ncontrols, the cost, and how to launch and upgrade.\n"
            ),
            table(("product", "key", "what a team gets", "release", "USD a month", "owner"), rows),
            "The cost is a hint: what is fixed, for a launch with the form's defaults. Usage comes on top.\n",
        ]
    )


def _page(release: Release) -> str:
    sections = [
        launch_section(release),
        parameters_section(release.template),
        outputs_section(release.template),
        resources_section(release),
        permissions_section(release),
        *([controls_section(release.product.key)] if release.is_newest else []),
        cost_section(release),
        *([upgrade_section(release), _changelog(release)] if release.is_newest else []),
    ]
    parts = [GENERATED, f"# {release.product.title} {release.version}\n", f"{release.summary}\n", _facts(release)]
    return "\n".join([*parts, *(section for section in sections if section)])


def _facts(release: Release) -> str:
    key, owner = release.product.key, release.owner
    template = release.releases.path(release.version).name
    facts = [
        ("product", f"`{key}`, {release.releases.lifecycle[release.version]}"),
        ("releases", _other_releases(release)),
        ("offered", "; ".join(_offer(each.name, each.principals) for each in release.portfolios) or "not yet"),
        ("owner and support", f"{owner.name}, [{owner.email}](mailto:{owner.email})"),
        ("costs", f"{in_short(release)} USD a month, and what depends on usage: [what for](#monthly-cost)"),
        ("template", f"[{template}]({release.root}/platform/catalog/{key}/{template})"),
    ]
    return table(("", ""), facts)


def _offer(name: str, principals: Iterable[str]) -> str:
    return f"portfolio {name} to {', '.join(f'`{principal}`' for principal in principals)}"


def _other_releases(release: Release) -> str:
    told = []
    for version, status in reversed(release.releases.lifecycle.items()):
        other = Release(release.product, version, release.releases, release.organization)
        where = other.page if release.is_newest else f"../{other.page}"
        told.append(f"**{version}** (this page)" if version == release.version else f"[{version}]({where}) ({status})")
    return ", ".join(told)


def _changelog(release: Release) -> str:
    """The changelog without its heading, its own headings one level deeper."""
    entries = release.releases.changelog.read_text().partition("\n## ")[2]
    return "## Changelog\n\n" + re.sub(r"^(#+ )", r"#\1", f"## {entries}", flags=re.MULTILINE)
