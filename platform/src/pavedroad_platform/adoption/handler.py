"""The function that makes the report every day. It has the standard library and boto3, and its scope as a file."""

import json
import os
from pathlib import Path
from typing import Any, Final

from pavedroad_platform.adoption.account_clients import account_clients
from pavedroad_platform.adoption.making import ReportMaker
from pavedroad_platform.adoption.scope import Scope

SCOPE_FILE: Final = "scope.json"
"""The file beside the code that has the scope."""


def handler(_event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Make the report, store it, write its metrics; what it answers stands in the function's log."""
    root = Path(os.environ["LAMBDA_TASK_ROOT"])
    scope = Scope.from_json(json.loads((root / SCOPE_FILE).read_text()))
    maker = ReportMaker(client=account_clients(role=scope.role, region=scope.region), scope=scope)
    report = maker.make()
    told = {
        "stored": maker.store(report),
        "metrics": maker.put_metrics(report),
        "source": report.source,
        "notes": list(report.notes),
    }
    print(json.dumps(told))  # noqa: T201 - the log of a function
    return told
