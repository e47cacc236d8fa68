"""The whole run: from a checkout to a deployed landing zone with a launched product."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import URLError

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization import Organization, load_organization
from pavedroad_platform.organization.models import Purpose
from pavedroad_platform.sandbox import emulator_process
from pavedroad_platform.sandbox.bootstrap import bootstrap
from pavedroad_platform.sandbox.deployment import DeployedStack, deploy, inspect, synthesise
from pavedroad_platform.sandbox.directory import SandboxDirectory
from pavedroad_platform.sandbox.emulator_process import Emulator
from pavedroad_platform.sandbox.launch import Launch, launch_as_product_team
from pavedroad_platform.sandbox.progress import Progress, Step
from pavedroad_platform.sandbox.sign_in import sign_in

# What the example product team launches, and who does it.
_PRODUCT = "secure-bucket"
_PROVISIONED = "order-documents"
_ROLE = "developer"


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """What stands after a run.

    Attributes:
        emulator: Where it runs.
        stacks: Every stack and what it holds.
        launch: The product that the product team launched.
    """

    emulator: Emulator
    stacks: Sequence[DeployedStack]
    launch: Launch


def bring_up(directory: SandboxDirectory, console: Console, *, port: int | None = None) -> Sandbox:
    """Start the emulator or find it, bootstrap, deploy, launch.

    Args:
        directory: The sandbox's folder, and the checkout that is deployed.
        console: Where the progress is shown.
        port: The emulator's port. Left out: a free one, or that of the running emulator.

    Raises:
        PlatformError: A step failed; the message says which, why and what to do.
    """
    organization = load_organization(directory.checkout / "platform" / "organization")
    region = organization.home_region
    deployer = organization.account_with_purpose(Purpose.SHARED_SERVICES).id
    accounts = [account.id for account in organization.accounts.values()]
    with _emulator(directory, console, port) as emulator, _calls_told(directory), Progress(console) as progress:
        endpoint = emulator.endpoint
        emulator.establish(organization)
        synthesis = progress.step("Synthesise with all checks")
        bootstrapping = progress.step("Bootstrap the accounts", total=len(accounts))
        with ThreadPoolExecutor(1) as beside:
            synthesised = beside.submit(synthesise, directory, endpoint, account=deployer, region=region)
            bootstrap(directory, endpoint, accounts=accounts, region=region, trusted=deployer, step=bootstrapping)
            bootstrapping.done()
            stacks = synthesised.result()
        synthesis.done(f"{len(stacks)} stacks")
        deployment = progress.step("Deploy the landing zone", total=len(stacks))
        seconds = deploy(directory, endpoint, account=deployer, region=region, step=deployment)
        deployment.done()
        launching = progress.step("Launch a product as the product team", total=2)
        launch = _launch(endpoint, organization, launching)
        launching.done()
        deployed = inspect(endpoint, stacks, emulator.resource_types(), seconds)
    return Sandbox(emulator=emulator, stacks=deployed, launch=launch)


@contextmanager
def _calls_told(directory: SandboxDirectory) -> Iterator[None]:
    """Tell a refused or unanswered call as a problem: the emulator may have died under the run."""
    try:
        yield
    except (BotoCoreError, ClientError, URLError) as error:
        alive = emulator_process.find(directory) is not None
        said = (
            ""
            if alive
            else f"; the emulator is dead, and its last words were:\n{emulator_process.last_words(directory)}"
        )
        raise PlatformError(
            Problem(path="sandbox", cause=f"{error}{said}", fix=f"see {directory.log}, then run make sandbox again")
        ) from error


def _launch(endpoint: str, organization: Organization, step: Step) -> Launch:
    account = organization.workload_accounts[0]
    credentials = sign_in(
        endpoint, organization, person="alex@example.com", team=str(account.team), role_key=_ROLE, account=account
    )
    return launch_as_product_team(
        endpoint,
        credentials=credentials,
        region=organization.home_region,
        product=_PRODUCT,
        name=_PROVISIONED,
        step=step,
    )


@contextmanager
def _emulator(directory: SandboxDirectory, console: Console, port: int | None) -> Iterator[Emulator]:
    """The running emulator; one that this run started is stopped again when the run does not come to its end."""
    found = emulator_process.find(directory)
    if found and port not in (None, found.port):
        raise PlatformError(
            Problem(
                path="--port",
                cause=f"the sandbox is running on port {found.port} already",
                fix="leave --port out, or stop it first with: make sandbox-down",
            )
        )
    emulator = found or emulator_process.start(directory, port=port)
    console.print(f"Embedded AWS {'found' if found else 'started'} on {emulator.endpoint}", highlight=False)
    try:
        yield emulator
    except BaseException:
        if not found:
            emulator_process.stop(directory)
        raise
