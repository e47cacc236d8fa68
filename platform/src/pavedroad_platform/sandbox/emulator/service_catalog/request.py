"""One call of the API."""

from dataclasses import dataclass
from typing import Any

from pavedroad_platform.sandbox.emulator.service_catalog.state import invalid

Answer = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A call.

    Attributes:
        input: The operation's input.
        caller: The ARN of who calls.
    """

    input: dict[str, Any]
    caller: str

    def text(self, name: str) -> str:
        """A field of the input; empty where it is not given."""
        return str(self.input.get(name) or "")

    def required(self, *names: str) -> list[str]:
        """Fields that must be given."""
        missing = [name for name in names if not self.input.get(name)]
        if missing:
            raise invalid(f"Missing required parameters: {', '.join(missing)}")
        return [str(self.input[name]) for name in names]


def changed_tags(tags: list[dict[str, str]], request: Request) -> list[dict[str, str]]:
    """The tags after an update's ``AddTags`` and ``RemoveTags``."""
    added = list(request.input.get("AddTags", []))
    gone = {*request.input.get("RemoveTags", []), *(tag["Key"] for tag in added)}
    return [tag for tag in tags if tag["Key"] not in gone] + added
