"""An app that synthesises the same text at every time and place, whoever runs it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import App

_CDK_JSON = Path(__file__).resolve().parents[3] / "cdk.json"

# What the CDK CLI asks of an app that it runs must not reach what is rendered.
_WITHOUT_TRACES = {"aws:cdk:enable-path-metadata": False, "aws:cdk:enable-asset-metadata": False}


def clean_app(directory: str) -> App:
    """An app with the project's feature flags that writes its assembly to ``directory``."""
    return App(
        outdir=directory,
        context=_feature_flags(),
        post_cli_context=_WITHOUT_TRACES,
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
    )


@cache
def _feature_flags() -> dict[str, Any]:
    context: dict[str, Any] = json.loads(_CDK_JSON.read_text())["context"]
    return context
