"""``pavedroad catalog announce``: tell each team once what it should upgrade."""

from pathlib import Path

import click

from pavedroad_platform.cli.prove import configuration, profile, published


@click.command()
@configuration
@profile
@click.option("--check", is_flag=True, help="Tell nobody; show who would be told.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(*, directory: Path, profile: str | None, check: bool, as_json: bool) -> None:
    """Tell the owner of everything that is behind its newest version what to do until when; each one once."""
    from pavedroad_platform.cli import launching
    from pavedroad_platform.launching.client import refusals_told
    from pavedroad_platform.organization import load_organization
    from pavedroad_platform.promotion.announcement import Announcer
    from pavedroad_platform.promotion.running import collect_running
    from pavedroad_platform.promotion.upgrades import due_upgrades
    from pavedroad_platform.proving.access import Access

    organization = load_organization(directory)
    access = Access(organization=organization, profile=profile)
    with refusals_told():
        hub = access.hub
        running = collect_running(organization, profile=profile)
        upgrades = due_upgrades(organization, published(organization.catalog.products), running.products)
        announcer = Announcer(clients=hub, names=organization.names)
        told = [announcer.look(upgrade) if check else announcer.tell(upgrade) for upgrade in upgrades]
    for problem in running.unread:
        click.echo(f"warning: {problem}", err=True)
    if as_json:
        launching.print_json([each.as_json() for each in told])
        return
    if not told:
        click.echo("Nobody is behind: there is nothing to announce.")
        return
    launching.print_rows(
        ("Team", "Account", "Name", "Product", "Runs", "Newest", "Until", ""),
        [
            (
                each.upgrade.team,
                each.upgrade.account,
                each.upgrade.name,
                each.upgrade.product,
                each.upgrade.current,
                each.upgrade.target,
                each.deadline.isoformat(),
                each.state,
            )
            for each in told
        ],
    )
