"""What every test may use: an app with the project's feature flags, and the cdk-nag packs."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from pavedroad_platform.bundled_node import use_bundled_node

use_bundled_node()  # before the CDK is imported

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_servicecatalog as servicecatalog  # noqa: E402
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks  # noqa: E402

from pavedroad_platform.organization import Organization, load_organization  # noqa: E402
from stacks.landing_zone import compose  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def feature_flags() -> dict[str, Any]:
    """The context of cdk.json: a template under test must be the one that is deployed."""
    context: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return context


@pytest.fixture(scope="session")
def organization() -> Organization:
    """The example organisation."""
    return load_organization(ROOT / "platform" / "organization")


@pytest.fixture(scope="session")
def landing_zone(
    organization: Organization, feature_flags: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, cdk.Stack]:
    """The stacks by name, after synthesis."""
    app = cdk.App(
        context=feature_flags,
        builtin_cloud_formation_validation=False,
        analytics_reporting=False,
        outdir=str(tmp_path_factory.mktemp("assembly")),
    )
    stacks = compose(app, organization)
    app.synth()
    return {stack.stack_name: stack for stack in stacks}


@pytest.fixture(scope="session")
def assembly(landing_zone: Mapping[str, cdk.Stack]) -> Path:
    """The folder of the cloud assembly."""
    app = next(iter(landing_zone.values())).node.root
    assert isinstance(app, cdk.App)
    return Path(app.outdir)


@dataclass(frozen=True, kw_only=True)
class RunningSandbox:
    """The sandbox of the session: everything is deployed to it, and one product is launched.

    Attributes:
        directory: Its folder, for ``pavedroad sandbox --directory``.
        endpoint: The emulator's URL.
        report: What the run printed as JSON.
        progress: What it showed meanwhile.
        assembly: What was synthesised and deployed: a copy, for a further run writes its own anew.
    """

    directory: Path
    endpoint: str
    report: dict[str, Any]
    progress: str
    assembly: Path


_PAVEDROAD = Path(sys.executable).with_name("pavedroad")


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> RunningSandbox:
    """Deployed once, as ``make sandbox`` does it, by the first of the parallel workers that needs it."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    directory, told, assembly = shared / "sandbox", shared / "sandbox.json", shared / "assembly"
    with FileLock(shared / "sandbox.lock"):
        if not told.exists():
            command = [_PAVEDROAD, "sandbox", "--directory", directory, "up", "--json"]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr + done.stdout
            shutil.copytree(directory / "cdk.out", assembly, ignore=shutil.ignore_patterns("*.lock"))
            told.write_text(json.dumps({"report": json.loads(done.stdout), "progress": done.stderr}))
    run = json.loads(told.read_text())
    return RunningSandbox(directory=directory, endpoint=run["report"]["endpoint"], assembly=assembly, **run)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start what takes long first, so that no parallel worker waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the sandbox when all workers are done."""
    is_worker = hasattr(session.config, "workerinput")
    directory = session.config._tmp_path_factory.getbasetemp() / "sandbox"
    if not is_worker and directory.exists():
        subprocess.run([_PAVEDROAD, "sandbox", "--directory", directory, "down"], cwd=ROOT, check=True)


@pytest.fixture
def app(feature_flags: dict[str, Any]) -> cdk.App:
    # CDK's own validation takes seconds to start; the checks of the finished app run it.
    return cdk.App(context=feature_flags, builtin_cloud_formation_validation=False, analytics_reporting=False)


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "Stack")


@pytest.fixture
def product(stack: cdk.Stack) -> servicecatalog.ProductStack:
    return servicecatalog.ProductStack(stack, "Product")


@pytest.fixture
def product_template(app: cdk.App, product: servicecatalog.ProductStack) -> Callable[[], dict[str, Any]]:
    """The product's finished template, which ``assertions.Template`` cannot read; it must need no asset."""

    def template() -> dict[str, Any]:
        files = Path(app.synth().directory)
        assets = json.loads((files / "Stack.assets.json").read_text())["files"].values()
        assert [asset for asset in assets if "template.json" not in asset["source"]["path"]] == []
        finished: dict[str, Any] = json.loads((files / product.template_file).read_text())
        return finished

    return template


@pytest.fixture
def pack_findings() -> Callable[[cdk.Stack], list[str]]:
    """Every unacknowledged finding of both packs, as 'rule: path'."""

    def findings(stack: cdk.Stack) -> list[str]:
        found = []
        for pack in (AwsSolutionsChecks, NIST80053R5Checks):
            for violation in pack().validate_scope(stack).violations:
                paths = [r.construct_path or r.resource_logical_id for r in violation.violating_resources]
                found += [f"{violation.rule_name}: {path}" for path in paths]
        return sorted(found)

    return findings
