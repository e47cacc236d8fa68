"""The likely causes of failures, by what AWS says, and what to do about each."""

import re
from typing import Final

_FIXES: Final = (
    (
        r"service control policy|resource control policy",
        "A guardrail of the organization forbids it: try another value or region, or ask the platform team.",
    ),
    (
        r"is not authorized to (perform|assume)|AccessDenied|access denied",
        "The product's launch role lacks a permission; your values are not to blame: give this to the platform team.",
    ),
    (r"already exists", "Something else has the name already: choose another value for what names it."),
    (r"limit ?exceeded|quota|maximum number", "A quota of the account is used up: ask the platform team to raise it."),
    (r"rate exceeded|throttl", "AWS was asked too much at once: repeat the command in some minutes."),
    (r"insufficient.*capacity|not.*available in.*zone", "AWS has no room for it now: choose another size or zone."),
    (r"did not stabilize|timed? ?out|circuit breaker", "It was made and did not become healthy: read its own logs."),
)


def likely_fix(said: str) -> str:
    """What to do about a failure."""
    for pattern, fix in _FIXES:
        if re.search(pattern, said, re.IGNORECASE):
            return fix
    return "Correct the value that it names; where none is named, give this message to the platform team."
