import os
import subprocess
import sys

import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.rendering import render


@pytest.mark.parametrize("key", products.KEYS)
def test_nothing_tells_where_or_when_a_release_was_rendered(texts, key) -> None:
    for trace in ("aws:cdk:path", "aws:asset", "AWS::CDK::Metadata", "BootstrapVersion", "cdk-hnb659fds"):
        assert trace not in texts[key]


def test_a_product_renders_to_the_same_text_twice(texts) -> None:
    assert render(products.load("secure-bucket")) == texts["secure-bucket"]


def test_another_process_that_the_cdk_cli_runs_renders_the_same(texts, tmp_path) -> None:
    program = (
        "from pavedroad_platform.catalog import products; from pavedroad_platform.catalog.rendering import render;"
        "print(render(products.load('secure-bucket')), end='')"
    )
    cli = {"CDK_CONTEXT_JSON": '{"aws:cdk:enable-path-metadata":true,"aws:cdk:enable-asset-metadata":true}'}
    environment = {**os.environ, **cli, "PYTHONHASHSEED": "7", "CDK_OUTDIR": str(tmp_path / "assembly")}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == texts["secure-bucket"]
