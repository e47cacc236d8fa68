"""``pavedroad sandbox``: the platform on an embedded AWS on this machine."""

import json
import os
import time
from pathlib import Path

import click

from pavedroad_platform.sandbox import emulator_process
from pavedroad_platform.sandbox.directory import SandboxDirectory
from pavedroad_platform.sandbox.loopback import refuse_foreign_endpoints


@click.group(name="sandbox")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".sandbox"),
    show_default=True,
    help="Where it keeps its state; another one is another sandbox.",
)
@click.pass_context
def command(context: click.Context, directory: Path) -> None:
    """Run the platform on an embedded AWS on this machine."""
    context.obj = SandboxDirectory(checkout=Path.cwd(), path=directory.resolve())


@command.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port on 127.0.0.1. Left out: a free one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; the progress goes to standard error.")
@click.pass_obj
def up(directory: SandboxDirectory, port: int | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by keyword
    """Start the embedded AWS, bootstrap and deploy everything to it, and launch a product as a product team."""
    from rich.console import Console

    from pavedroad_platform.organization import load_organization
    from pavedroad_platform.sandbox import report, run

    refuse_foreign_endpoints(os.environ)
    began = time.monotonic()
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = 140  # a log has no edge
    try:
        sandbox = run.bring_up(directory, console, port=port)
    except KeyboardInterrupt:
        console.print("\nInterrupted. What this run started is stopped; make sandbox starts over.")
        raise SystemExit(130) from None
    seconds = time.monotonic() - began
    if as_json:
        click.echo(json.dumps(report.as_json(sandbox, seconds=seconds), indent=2))
    else:
        organization = load_organization(directory.checkout / "platform" / "organization")
        report.print_report(console, organization, sandbox, seconds=seconds)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def down(directory: SandboxDirectory, as_json: bool) -> None:  # noqa: FBT001
    """Stop the embedded AWS; what was deployed to it is gone."""
    stopped = emulator_process.stop(directory)
    if as_json:
        click.echo(json.dumps({"stopped": stopped}))
    else:
        click.echo("The sandbox is stopped." if stopped else "No sandbox is running.")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:  # noqa: FBT001
    """Tell whether the embedded AWS is running, and where; exits with 1 where it is not."""
    emulator = emulator_process.find(context.obj)
    if as_json:
        click.echo(json.dumps({"endpoint": emulator.endpoint if emulator else None}))
    else:
        click.echo(f"The sandbox runs on {emulator.endpoint}." if emulator else "No sandbox is running.")
    context.exit(0 if emulator else 1)


@command.command()
@click.argument("account")
@click.option("--person", default="robin@example.com", show_default=True, help="Who signs in.")
@click.option("--role", default="developer", show_default=True, help="As what: a role of access.yaml.")
@click.pass_obj
def credentials(directory: SandboxDirectory, account: str, person: str, role: str) -> None:
    """Sign a person in to ACCOUNT, a key of accounts.yaml, through the gateway: for credential_process of a profile."""
    from pavedroad_platform.errors import PlatformError, Problem
    from pavedroad_platform.organization import load_organization
    from pavedroad_platform.organization.suggestions import instead_of
    from pavedroad_platform.sandbox.sign_in import sign_in

    organization = load_organization(directory.checkout / "platform" / "organization")
    emulator = emulator_process.find(directory)
    if emulator is None:
        raise PlatformError(Problem(path="sandbox", cause="no sandbox is running", fix="Start it with: make sandbox"))
    if account not in organization.accounts:
        cause, fix = f"there is no account {account}", instead_of(account, organization.accounts)
        raise PlatformError(Problem(path="ACCOUNT", cause=cause, fix=fix))
    chosen = organization.accounts[account]
    signed_in = sign_in(
        emulator.endpoint, organization, person=person, team=str(chosen.team), role_key=role, account=chosen
    )
    # Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html
    told = {
        "AccessKeyId": signed_in["aws_access_key_id"],
        "SecretAccessKey": signed_in["aws_secret_access_key"],
        "SessionToken": signed_in["aws_session_token"],
    }
    click.echo(json.dumps({"Version": 1, **told}))
