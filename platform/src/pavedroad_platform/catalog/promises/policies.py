"""What resource policies refuse."""

import json
from typing import Any


def denies_plain_http(policy: str, action: str) -> bool:
    """Whether a policy refuses an action to whoever calls without TLS."""
    return any(_denies(statement, action) for statement in json.loads(policy)["Statement"])


def _denies(statement: dict[str, Any], action: str) -> bool:
    told = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
    everybody = statement.get("Principal") in ("*", {"AWS": "*"})
    return (
        everybody
        and statement["Effect"] == "Deny"
        and str(told).lower() == "false"
        and statement["Action"] in (action, [action])
    )
