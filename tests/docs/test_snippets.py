"""Every fenced block of the documentation does what its page says, in the order in which a reader meets them."""

import ast
import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.client
import pytest
from botocore.validate import ParamValidator
from ruamel.yaml import YAML

from pavedroad_platform.organization import Organization, load_organization

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("docs/**/*.md"), *(ROOT / f for f in ("README.md", "CONTRIBUTING.md", "constructs/README.md"))]
)
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

# Too heavy to run once more, or of another machine: the test that exercises each.
EXERCISED_BY = {
    "make sandbox": "tests/pavedroad_platform/sandbox/test_run.py::"
    "test_every_stack_stands_in_the_account_that_it_belongs_to",
    "make sandbox-down": "tests/pavedroad_platform/sandbox/test_emulator_process.py::"
    "test_starts_is_found_again_answers_and_is_gone_after_the_stop",
    "make rehearse": "tests/pavedroad_platform/rehearsal/test_run.py::"
    "test_every_action_runs_in_its_order_on_the_commit_and_hands_its_work_on",
    "make synth": "tests/stacks/test_app.py::test_the_example_organisation_passes_all_checks",
    "make test": "tests/docs/test_snippets.py::test_every_snippet_of_the_page_works",  # this run is it
    "pip install pavedroad": "tests/repository/test_wheel.py::"
    "test_an_app_in_an_empty_environment_synthesises_a_hardened_bucket",
    "pip install pavedroad cdk-nag pytest": "tests/repository/test_wheel.py::"
    "test_an_app_in_an_empty_environment_synthesises_a_hardened_bucket",
}

# Pages whose commands or code talk to AWS: they talk to the sandbox here.
NEEDS_SANDBOX = {
    "README.md",
    "docs/architecture.md",
    "docs/before-the-first-deployment.md",
    "docs/getting-started/platform-team.md",
    "docs/getting-started/product-team.md",
}

# Calls that the emulator has no answer for; their parameters are checked against AWS's own description of the call.
NOT_EMULATED = {
    "ActivateOrganizationsAccess",
    "EnableAWSServiceAccess",
    "RegisterDelegatedAdministrator",
    "UpdateCostAllocationTagsStatus",
}

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Block:
    language: str
    text: str
    line: int


def blocks_of(page: str) -> list[Block]:
    return [
        Block(language=match[2], text=textwrap.dedent(match[3]), line=page[: match.start()].count("\n") + 2)
        for match in _FENCE.finditer(page)
    ]


def commands_of(block: Block) -> list[str]:
    """The commands of a block; a backslash at the end of a line continues it."""
    lines = block.text.replace("\\\n", " ").splitlines()
    return [" ".join(line.split()) for line in lines if line.strip() and not line.startswith("#")]


@dataclass(kw_only=True)
class Reader:
    """Somebody who follows a page from its top in a checkout of their own.

    Attributes:
        page: The page, for messages.
        checkout: The checkout, in which the configuration may be edited.
        environment: What commands and code see.
        names: What the page's Python has defined so far.
    """

    page: str
    checkout: Path
    environment: Mapping[str, str]
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "page"})

    def follow(self, block: Block) -> None:
        follow: dict[str, Callable[[Block], None]] = {
            "python": self._python,
            "yaml": self._yaml,
            "sh": self._sh,
            "ini": self._ini,
            "text": lambda _: None,
        }
        assert block.language in follow, f"{self.page}:{block.line}: a block is one of {', '.join(follow)}"
        follow[block.language](block)

    def _python(self, block: Block) -> None:
        # Empty lines before the code: a traceback then names the line of the page.
        exec(compile("\n" * (block.line - 1) + block.text, self.page, "exec"), self.names)
        for name in [name for name in self.names if name.startswith("test_")]:
            self.names.pop(name)()

    def _yaml(self, block: Block) -> None:
        named = re.match(r"# (platform/organization/\w+\.yaml)\n", block.text)
        assert named, f"{self.page}:{block.line}: the first line names the file, such as # platform/organization/x.yaml"
        file, yaml = self.checkout / named[1], YAML()
        content = yaml.load(file.read_text())
        merge(content, yaml.load(block.text))
        with file.open("w") as opened:
            yaml.dump(content, opened)

    def _sh(self, block: Block) -> None:
        for command in commands_of(block):
            if command in EXERCISED_BY:
                continue
            done = subprocess.run(
                ["bash", "-euc", command],
                cwd=self.checkout,
                env=self.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{self.page}:{block.line}: {command}\n{done.stdout}{done.stderr}"

    def _ini(self, block: Block) -> None:
        profiles = configparser.ConfigParser()
        profiles.read_string(block.text)
        organization = load_organization(ROOT / "platform" / "organization")
        for name in profiles.sections():
            account = organization.accounts[name.removeprefix("profile ")]
            roles = [organization.names.role(role.key) for role in organization.roles_in(account)]
            assert profiles[name]["role_arn"] in [f"arn:aws:iam::{account.id}:role/{role}" for role in roles]


def merge(content: Any, addition: Any) -> None:
    """Write the settings of ``addition`` into ``content`` as a person would type them in."""
    for key, value in addition.items():
        if isinstance(value, dict) and isinstance(content.get(key), dict):
            merge(content[key], value)
        else:
            content[key] = value


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose configuration may be edited; everything else is this one's."""
    own = tmp_path / "checkout"
    (own / "platform").mkdir(parents=True)
    shutil.copytree(ROOT / "platform" / "organization", own / "platform" / "organization")
    for folder in (ROOT, ROOT / "platform"):
        for path in folder.iterdir():
            target = own / path.relative_to(ROOT)
            if not target.exists() and path.name not in {".git", ".sandbox", "cdk.out"}:
                target.symlink_to(path)
    return own


@pytest.fixture
def environment(
    request: pytest.FixtureRequest,
    page: str,
    checkout: Path,
    organization: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> Mapping[str, str]:
    """The environment of the page's reader: on AWS they have profiles, and here these lead to the sandbox."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(checkout)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("CDK_CONTEXT_JSON", json.dumps(json.loads((ROOT / "cdk.json").read_text())["context"]))
    if page in NEEDS_SANDBOX:
        sandbox = request.getfixturevalue("sandbox")
        (checkout / ".sandbox").symlink_to(sandbox.directory)
        (checkout / "cdk.out").symlink_to(sandbox.assembly)
        accounts = {key: account.id for key, account in organization.accounts.items()}
        profiles = accounts | {"platform": accounts["shared-services"]}
        config = checkout.parent / "config"
        config.write_text(
            "".join(
                f"[profile {name}]\nregion = {organization.home_region}\n"
                f"aws_access_key_id = {account}\naws_secret_access_key = sandbox\n"
                for name, account in profiles.items()
            )
        )
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        monkeypatch.setenv("AWS_ENDPOINT_URL", sandbox.endpoint)
        # What the sandbox synthesised and deployed already; the CLI's caches stay in the sandbox too.
        monkeypatch.setenv("CDK_APP", str(sandbox.assembly))
        monkeypatch.setenv("HOME", str(sandbox.directory / "home"))
        monkeypatch.setenv("CI", "true")
    return dict(os.environ)


@pytest.fixture
def _answers_for_what_is_not_emulated(monkeypatch: pytest.MonkeyPatch) -> None:
    make_api_call = botocore.client.BaseClient._make_api_call

    def answer(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if operation not in NOT_EMULATED:
            return make_api_call(client, operation, parameters)
        shape = client.meta.service_model.operation_model(operation).input_shape
        report = ParamValidator().validate(parameters, shape)
        assert not report.has_errors(), report.generate_report()
        return {}

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)


@pytest.mark.usefixtures("_answers_for_what_is_not_emulated")
@pytest.mark.parametrize("page", NAMES)
def test_every_snippet_of_the_page_works(page: str, checkout: Path, environment: Mapping[str, str]) -> None:
    reader = Reader(page=page, checkout=checkout, environment=environment)
    for block in blocks_of((ROOT / page).read_text()):
        reader.follow(block)
    load_organization(checkout / "platform" / "organization")


def all_commands() -> Iterator[str]:
    for page in PAGES:
        for block in blocks_of(page.read_text()):
            if block.language == "sh":
                yield from commands_of(block)


@pytest.mark.parametrize("command", EXERCISED_BY)
def test_a_command_that_is_not_run_here_stands_on_a_page_and_is_exercised_elsewhere(command: str) -> None:
    assert command in set(all_commands())
    file, _, name = EXERCISED_BY[command].partition("::")
    tests = [node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)]
    assert name in tests


def test_a_snippet_that_fails_is_told_with_its_page_and_line(checkout: Path) -> None:
    page = '# Page\n\n```sh\npavedroad sing\n```\n\n```python\nassert 1 == 2, "one is not two"\n```\n\n```rust\n```\n'
    reader = Reader(page="page.md", checkout=checkout, environment=dict(os.environ))
    command, code, unknown = blocks_of(page)
    with pytest.raises(AssertionError, match=r"page\.md:4: pavedroad sing\n"):
        reader.follow(command)
    with pytest.raises(AssertionError, match="one is not two") as failure:
        reader.follow(code)
    assert (Path(failure.traceback[-1].path).name, failure.traceback[-1].lineno + 1) == ("page.md", 8)
    with pytest.raises(AssertionError, match=r"page\.md:12: a block is one of python, yaml, sh"):
        reader.follow(unknown)


def test_a_setting_that_there_is_not_is_noticed(checkout: Path) -> None:
    reader = Reader(page="page.md", checkout=checkout, environment=dict(os.environ))
    (block,) = blocks_of(
        "```yaml\n# platform/organization/network.yaml\nnetworks: {orders-production: {vpn: true}}\n```\n"
    )
    reader.follow(block)
    with pytest.raises(Exception, match=r"networks\.orders-production\.vpn"):
        load_organization(checkout / "platform" / "organization")
