import json
import subprocess
import sys

import pytest

import pavedroad

SERVICES = ("aws_cdk.aws_rds", "aws_cdk.aws_ecs", "aws_cdk.aws_eks", "aws_cdk.aws_eks_v2", "aws_cdk.aws_codepipeline")


def modules_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after the statement."""
    program = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(finished.stdout.splitlines()[-1]))


def test_the_package_alone_loads_no_cdk() -> None:
    loaded = modules_after("import pavedroad")
    assert "pavedroad" in loaded
    assert "aws_cdk" not in loaded


def test_a_bucket_loads_s3_and_neither_databases_nor_containers() -> None:
    loaded = modules_after("from pavedroad import SecureBucket")
    assert {"aws_cdk.aws_s3", "aws_cdk.aws_kms"} <= loaded
    assert loaded.isdisjoint({*SERVICES, "pavedroad.network.secure_vpc"})


def test_what_is_exported_is_listed_and_nothing_else_is_found() -> None:
    assert dir(pavedroad) == sorted(pavedroad.__all__)
    with pytest.raises(AttributeError, match=r"module 'pavedroad' has no attribute 'Buckt'; it exports .*Database, "):
        _ = pavedroad.Buckt
    with pytest.raises(ImportError, match="cannot import name 'Buckt'"):
        from pavedroad import Buckt  # noqa: F401
