"""``pavedroad rehearse``: what the pipeline would do, against the sandbox."""

import json
from pathlib import Path

import click


@click.command(name="rehearse")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".sandbox"),
    show_default=True,
    help="The folder of the running sandbox; all of the rehearsal is kept in it.",
)
@click.option("--commit", default="HEAD", show_default=True, help="What is delivered: a commit, a branch or a tag.")
@click.option("--from", "begin_at", metavar="STAGE[/ACTION]", help="Go on from here with what the last one made.")
@click.option("--only", metavar="STAGE[/ACTION]", help="Run this alone, with what the last one made.")
@click.option("--roll-back", "back", metavar="STAGE", help="Run a stage with what the execution before the last made.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; the progress goes to standard error.")
@click.pass_context
def command(
    context: click.Context,
    *,
    directory: Path,
    commit: str,
    begin_at: str | None,
    only: str | None,
    back: str | None,
    as_json: bool,
) -> None:
    """Run each action of the deployed pipeline, with its own build specification, on a clean copy of a commit.

    CodePipeline and CodeBuild do not run in the sandbox. What they would do is done here, in their order, with the
    roles that they would have. An approval is given and told; nothing else is left out.
    """
    from rich.console import Console

    from pavedroad_platform.errors import PlatformError, Problem
    from pavedroad_platform.organization import load_organization
    from pavedroad_platform.rehearsal import report, run
    from pavedroad_platform.rehearsal.directory import RehearsalDirectory
    from pavedroad_platform.rehearsal.sandbox_pipeline import sandbox_pipeline
    from pavedroad_platform.rehearsal.showing import shown
    from pavedroad_platform.rehearsal.source import commit_of, uncommitted
    from pavedroad_platform.sandbox import emulator_process
    from pavedroad_platform.sandbox.directory import SandboxDirectory

    if sum(option is not None for option in (begin_at, only, back)) > 1:
        raise click.UsageError("--from, --only and --roll-back exclude each other.")
    sandbox = SandboxDirectory(checkout=Path.cwd(), path=directory.resolve())
    organization = load_organization(sandbox.checkout / "platform" / "organization")
    emulator = emulator_process.find(sandbox)
    if emulator is None:
        raise PlatformError(Problem(path="sandbox", cause="no sandbox is running", fix="Start it with: make sandbox"))
    delivered = commit_of(sandbox.checkout, commit)
    console = Console(stderr=as_json, highlight=False)
    if not console.is_terminal:
        console.width = 160  # a log has no edge
    if changed := uncommitted(sandbox.checkout):
        console.print(f"[yellow]{len(changed)} uncommitted changes are no part of it.[/]")
    pipeline = sandbox_pipeline(sandbox, emulator, organization)
    try:
        with shown(console) as show:
            if back:
                ran = run.roll_back(pipeline, name=back, show=show)
            else:
                ran = run.rehearse(pipeline, commit=delivered, show=show, begin_at=begin_at, only=only)
    except KeyboardInterrupt:
        console.print("\nInterrupted; nothing of it goes on. Go on with --from, or begin anew.")
        raise SystemExit(130) from None
    if begin_at or only:
        delivered = RehearsalDirectory(sandbox.path / "rehearsal").executions()[-1].commit
    if as_json:
        click.echo(json.dumps(report.as_json(ran, delivered), indent=2))
    else:
        report.print_report(console, ran, delivered)
    context.exit(0 if report.passed(ran) else 1)
