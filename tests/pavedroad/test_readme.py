"""The library's README and CHANGELOG, which PyPI shows, say what is true."""

import re
import tomllib
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

import pavedroad

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "constructs/README.md").read_text()
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "constructs/pyproject.toml").read_text())["project"]


def test_the_example_synthesises(app: cdk.App) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    namespace: dict[str, Any] = {"__name__": "readme"}
    exec(compile(example, "constructs/README.md", "exec"), namespace)
    stack = namespace["OrdersStack"](app, "Orders")
    resources = Template.from_stack(stack).to_json()["Resources"].values()
    types = {resource["Type"] for resource in resources}
    assert {"AWS::EC2::VPC", "AWS::S3::Bucket", "AWS::CloudWatch::Alarm", "AWS::EC2::SecurityGroup"} <= types


def test_the_table_names_every_construct() -> None:
    assert sorted(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)) == sorted(pavedroad.__all__)


def test_the_latest_change_is_of_this_version_and_this_cdk() -> None:
    changes = (ROOT / "constructs/CHANGELOG.md").read_text()
    version, cdk_version = re.findall(r"^## (\S+)\n\nBuilt on aws-cdk-lib (\S+)\.$", changes, re.MULTILINE)[0]
    assert version == PROJECT["version"]
    assert (
        f"aws-cdk-lib=={cdk_version}" in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    )


def test_it_says_which_cdk_is_the_oldest() -> None:
    (floor,) = (it for it in PROJECT["dependencies"] if it.startswith("aws-cdk-lib"))
    assert floor == f"aws-cdk-lib>={re.findall(r'aws-cdk-lib ([0-9.]+) or newer', README)[0]},<3"
