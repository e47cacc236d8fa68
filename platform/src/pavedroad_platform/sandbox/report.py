"""The closing table of a run: what stands where, and what kind of evidence it is."""

from typing import Any

from rich.console import Console
from rich.table import Table

from pavedroad_platform.organization import Organization
from pavedroad_platform.sandbox.run import Sandbox


def print_report(console: Console, organization: Organization, sandbox: Sandbox, *, seconds: float) -> None:
    """Print the table of stacks, the launch, and what to do next."""
    names = {account.id: key for key, account in organization.accounts.items()}
    table = Table(title="What stands in the sandbox")
    for heading in ("Account", "", "Stack"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Resources", "Emulated", "Schema-checked", "Time"):
        table.add_column(heading, justify="right")
    for row in sandbox.stacks:
        took = "unchanged" if row.seconds is None else f"{row.seconds:.1f} s"
        counts = (str(row.resources), str(row.native), str(row.schema_checked))
        table.add_row(names.get(row.stack.account, ""), row.stack.account, row.stack.name, *counts, took)
    table.add_section()
    total = sum(row.resources for row in sandbox.stacks)
    native = sum(row.native for row in sandbox.stacks)
    counts = (str(total), str(native), str(total - native))
    table.add_row("all", "", f"{len(sandbox.stacks)} stacks", *counts, f"{seconds:.1f} s")
    console.print(table)
    console.print(
        "Emulated: the service answers its API. Schema-checked: the properties were checked against the registry\n"
        "schema of CloudFormation, and the resource is a record. Neither is evidence about AWS itself.\n",
        style="dim",
        highlight=False,
        soft_wrap=True,
    )
    launch = sandbox.launch
    console.print(f"[green]✔[/] {launch.product} {launch.version} is launched as {launch.name} by the product team")
    for name, value in launch.outputs.items():
        console.print(f"    {name}: {value}", highlight=False, soft_wrap=True)
    console.print("[green]✔[/] the same person may not make a bucket by hand:")
    console.print(f"    {launch.refused}\n", highlight=False, soft_wrap=True, style="dim")
    console.print(
        f"It runs on {sandbox.emulator.endpoint}; an account's id is its administrator's access key:\n"
        f"  AWS_ENDPOINT_URL={sandbox.emulator.endpoint} AWS_ACCESS_KEY_ID={sandbox.stacks[0].stack.account}"
        f" AWS_SECRET_ACCESS_KEY=sandbox AWS_REGION={organization.home_region} aws cloudformation list-stacks\n"
        "make sandbox updates it; make sandbox-down stops it.",
        highlight=False,
        soft_wrap=True,
    )


def as_json(sandbox: Sandbox, *, seconds: float) -> dict[str, Any]:
    """The same for machines."""
    return {
        "endpoint": sandbox.emulator.endpoint,
        "seconds": round(seconds, 1),
        "stacks": [
            {
                "account": row.stack.account,
                "region": row.stack.region,
                "name": row.stack.name,
                "resources": row.resources,
                "native": row.native,
                "schema_checked": row.schema_checked,
                "seconds": row.seconds,
            }
            for row in sandbox.stacks
        ],
        "launch": vars(sandbox.launch) | {"outputs": dict(sandbox.launch.outputs)},
    }
