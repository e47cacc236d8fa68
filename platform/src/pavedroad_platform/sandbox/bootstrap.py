"""Bootstraps every account of the organisation with the real CDK CLI, as an administrator of each would."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from pavedroad_platform.sandbox.cdk_cli import run_cdk
from pavedroad_platform.sandbox.directory import SandboxDirectory
from pavedroad_platform.sandbox.loopback import administrator, client
from pavedroad_platform.sandbox.progress import Step

_VERSION_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
# More than one at a time hides the CLI's start; more than the usual two cores gain nothing.
_AT_ONCE = 2


def bootstrap(
    directory: SandboxDirectory, endpoint: str, *, accounts: Sequence[str], region: str, trusted: str, step: Step
) -> None:
    """Make the CDK's bootstrap stack in each account that lacks it, deployable from the account ``trusted``."""

    def one(account: str) -> None:
        if _is_bootstrapped(endpoint, account, region):
            step.advance(f"{account} has it already")
            return
        arguments = ["bootstrap", f"aws://{account}/{region}", "--trust", trusted]
        arguments += ["--cloudformation-execution-policies", "arn:aws:iam::aws:policy/AdministratorAccess"]
        run_cdk(
            directory,
            arguments,
            endpoint=endpoint,
            account=account,
            region=region,
            what=f"bootstrap of {account}",
            folder=directory.home,  # beside an app's cdk.json the CLI would synthesise it first
        )
        step.advance(account)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for future in [pool.submit(one, account) for account in accounts]:
            future.result()


def _is_bootstrapped(endpoint: str, account: str, region: str) -> bool:
    ssm = client("ssm", endpoint, region=region, credentials=administrator(account))
    try:
        ssm.get_parameter(Name=_VERSION_PARAMETER)
    except ssm.exceptions.ParameterNotFound:
        return False
    return True
