"""``pavedroad catalog reconcile``: every version in the state that lifecycle.yaml says."""

from pathlib import Path

import click

from pavedroad_platform.cli.prove import configuration, profile, published


@click.command()
@configuration
@profile
@click.option("--check", is_flag=True, help="Change nothing; fail where something is refused. For before a deployment.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(*, directory: Path, profile: str | None, check: bool, as_json: bool) -> None:
    """Bring every version in Service Catalog to its state: active, deprecated or retired.

    A version that may be launched has to be proved. A version that somebody runs is not retired; they are named.
    """
    from pavedroad_platform.cli import launching
    from pavedroad_platform.launching.client import refusals_told
    from pavedroad_platform.organization import load_organization
    from pavedroad_platform.promotion.reconciliation import Reconciliation
    from pavedroad_platform.promotion.running import collect_running
    from pavedroad_platform.proving.access import Access
    from pavedroad_platform.proving.proofs import read_proofs

    organization = load_organization(directory)
    access = Access(organization=organization, profile=profile)
    with refusals_told():
        reconciliation = Reconciliation(
            catalog=access.hub.catalog,
            organization=organization,
            published=published(organization.catalog.products),
            proofs=read_proofs(access.test.service("ssm"), organization.names),
            running=lambda: collect_running(organization, profile=profile),
        )
        states = reconciliation.check() if check else reconciliation.apply()
    rows = [
        {
            "product": state.product,
            "version": state.version,
            "was": str(state.now or "not published"),
            "wanted": str(state.wanted),
            "changed": state.changes and not check,
        }
        for state in states
    ]
    if as_json:
        launching.print_json(rows)
        return
    changed = "to change" if check else "changed"
    launching.print_rows(
        ("Product", "Version", "Was", "Is" if not check else "Will be", ""),
        [
            (state.product, state.version, str(state.now or "not published"), state.wanted, changed * state.changes)
            for state in states
        ],
    )
    click.echo(f"{len(states)} versions, {sum(state.changes for state in states)} {changed}.")
