"""The library as product teams get it: built, installed into an empty environment, used by an app of theirs."""

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import pavedroad

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.prefix) / "bin" / "uv"

APP = """
import aws_cdk as cdk
from pavedroad import SecureBucket

app = cdk.App(outdir="out")
stack = cdk.Stack(app, "Orders")
documents = SecureBucket(stack, "Documents")
cdk.CfnOutput(stack, "Name", value=documents.bucket.bucket_name)
app.synth()
"""


EXAMPLES = """
import aws_cdk as cdk
import pavedroad
from pavedroad_platform.library.examples import run_example, source_of

for name in pavedroad.__all__:
    construct = getattr(pavedroad, name)
    app = cdk.App()
    run_example(source_of(construct), cdk.Stack(app, name), construct.__module__)
    app.synth()
    print(name)
"""


def cdk_version(project: str, pattern: str) -> str:
    dependencies = tomllib.loads((ROOT / project).read_text())["project"]["dependencies"]
    [version] = [found[1] for it in dependencies if (found := re.fullmatch(f"aws-cdk-lib{pattern}", it))]
    return str(version)


FLOOR = cdk_version("constructs/pyproject.toml", r">=([\d.]+),<3")
LATEST = cdk_version("pyproject.toml", r"==([\d.]+)")


def run(*command: object, folder: Path, **variables: str) -> str:
    # An empty environment must not find what ours has.
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    environment |= variables
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = ("build", ROOT / "constructs", "--out-dir", folder, "--no-build-isolation", "--python", sys.executable)
    run(UV, *build, "--quiet", folder=ROOT)
    return folder


def test_wheel_and_sdist_hold_the_library_its_types_and_its_papers_and_nothing_else(distributions: Path) -> None:
    [wheel] = distributions.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"pavedroad/__init__.py", "pavedroad/py.typed", "pavedroad/storage/s3/secure_bucket.py"} <= set(names)
    assert {name.split("/")[0] for name in names} == {
        "pavedroad",
        wheel.name.replace("-py3-none-any.whl", ".dist-info"),
    }
    [sdist] = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        kept = {Path(*Path(name).parts[1:]).as_posix() for name in archive.getnames()}
    assert {"README.md", "CHANGELOG.md", "pyproject.toml", "src/pavedroad/py.typed"} <= kept


def install(wheel: Path, folder: Path, cdk: str) -> Path:
    """An empty environment with the wheel, and the CDK of that version; returns its Python."""
    run(UV, "venv", "--quiet", "--python", sys.executable, "empty", folder=folder)
    python = folder / "empty" / "bin" / "python"
    pins = folder / "pins.txt"
    pins.write_text(f"aws-cdk-lib=={cdk}\n")
    run(UV, "pip", "install", "--quiet", "--python", python, "--constraint", pins, wheel, folder=folder)
    return python


def test_an_app_in_an_empty_environment_synthesises_a_hardened_bucket(distributions: Path, tmp_path: Path) -> None:
    [wheel] = distributions.glob("*.whl")
    python = install(wheel, tmp_path, LATEST)
    installed = {
        row["name"]
        for row in json.loads(run(UV, "pip", "list", "--format", "json", "--python", python, folder=tmp_path))
    }
    assert "pavedroad" in installed
    assert not installed & {"pavedroad-platform", "cdk-nag", "pydantic", "boto3"}
    (tmp_path / "app.py").write_text(APP)
    run(python, "app.py", folder=tmp_path)
    resources = json.loads((tmp_path / "out" / "Orders.template.json").read_text())["Resources"].values()
    assert {"AWS::KMS::Key", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"} <= {resource["Type"] for resource in resources}


def test_every_example_synthesises_with_the_oldest_cdk_that_the_library_declares(
    distributions: Path, tmp_path: Path
) -> None:
    assert [int(part) for part in FLOOR.split(".")] <= [int(part) for part in LATEST.split(".")]
    [wheel] = distributions.glob("*.whl")
    python = install(wheel, tmp_path, FLOOR)
    (tmp_path / "examples.py").write_text(EXAMPLES)
    done = run(python, "examples.py", folder=tmp_path, PYTHONPATH=str(ROOT / "platform" / "src"))
    assert done.split() == pavedroad.__all__
