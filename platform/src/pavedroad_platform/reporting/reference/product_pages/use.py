"""How a product is launched, upgraded and ended, in a terminal and in the console."""

import shlex

from pavedroad_platform.catalog.comparison.templates import compare
from pavedroad_platform.catalog.releases import Status
from pavedroad_platform.reporting.reference.product_pages.form import labels
from pavedroad_platform.reporting.reference.product_pages.release import Release
from pavedroad_platform.versions import Step

_STEPS = {Step.PATCH: "patch", Step.MINOR: "minor", Step.MAJOR: "major"}


def launch_section(release: Release) -> str:
    """The command with values that work, and the steps in the console."""
    key, examples = release.product.key, release.examples
    portfolios = " or ".join(f"**{each.name}**" for each in release.portfolios) or "no portfolio yet"
    tags = sorted({name for each in release.portfolios for name in each.tag_options})
    required = ", ".join(f"**{label}**" for label in labels(release.template, examples))
    fill = f"Fill in {required}; all else has a default." if required else "Every field has a default."
    choose = f" Choose the tag {_code(tags)}." if tags else ""
    lines = [
        "## Launch\n",
        f"With the command, under a name of your choice, here `my-{key}`; it asks before it launches. Put values of",
        "your own in the place of these:\n",
        f"```text\n{_command(release)}\n```\n",
        "In the console:\n",
        "1. Sign in at your company's portal and switch to a role that may launch, in the account that it is for.",
        f"2. Open Service Catalog, Products. Choose **{key}** of the portfolio {portfolios}, and launch it.",
        f"3. Choose the version **{release.version}** and a name.",
        f"4. {fill}{choose}",
        "5. Launch it. The outputs stand under Provisioned products when it is done.\n",
        f"[Launch a product]({release.root}/docs/getting-started/product-team.md) tells the rest.\n",
    ]
    return "\n".join(lines)


def upgrade_section(release: Release) -> str:
    """The command, and what each earlier release that is offered has to know."""
    before = [
        version
        for version, status in release.releases.lifecycle.items()
        if status is not Status.RETIRED and version != release.version
    ]
    parts = [
        "## Upgrade\n",
        (
            "A launch keeps its version until its team upgrades it. The command shows first what would be created,"
            " changed, replaced and\ndeleted, keeps the values that you do not set, and replaces what holds data with"
            " `--allow-replacement` only:\n"
        ),
        f"```text\npavedroad upgrade my-{release.product.key} --version {release.version}\n```\n",
        "In the console: Provisioned products, the launch, Actions, Update; then the version.\n",
        *(_from(version, release) for version in reversed(before)),
    ]
    if not before:
        parts.append(f"{release.version} is the only release that is offered: there is nothing to upgrade from yet.\n")
    return "\n".join(parts)


def _from(version: str, release: Release) -> str:
    changes = compare(release.releases.template(version), release.template)
    step = max((change.step for change in changes), default=Step.PATCH)
    lines = [f"- {change.what[0].upper()}{change.what[1:]}. {change.advice}".rstrip() for change in changes]
    told = "\n".join(lines) or "Nothing that a team notices changed."
    return f"### From {version}: {_STEPS[step]}\n\n{told}\n"


def _command(release: Release) -> str:
    key = release.product.key
    tags = {name: values[0] for each in release.portfolios for name, values in each.tag_options.items()}
    words = [
        f"pavedroad launch {key} my-{key} --version {release.version}",
        *(f"--set {shlex.quote(f'{name}={value}')}" for name, value in release.examples.items()),
        *(f"--tag {shlex.quote(f'{name}={value}')}" for name, value in tags.items()),
        *([f"--portfolio {shlex.quote(release.portfolios[0].name)}"] if len(release.portfolios) > 1 else []),
    ]
    return " \\\n  ".join(words)


def _code(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
