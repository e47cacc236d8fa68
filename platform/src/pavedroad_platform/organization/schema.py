"""The JSON Schema of each file, for editors: completion, descriptions and checks while typing."""

import json
from pathlib import Path
from typing import Any

from pavedroad_platform.organization.loading import FILES
from pavedroad_platform.organization.models import PATTERNS, Model

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[Path, str]:
    """The text of every schema by its path beneath the directory of the YAML files."""
    return {Path("schema", f"{name}.schema.json"): _text(model) for name, model in FILES.items()}


def _text(model: type[Model]) -> str:
    schema = {"$schema": DIALECT, **_readable(model.model_json_schema())}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _readable(schema: Any) -> Any:
    """The schema in the words of the files: plain descriptions, and what to type where a pattern does not match."""
    if isinstance(schema, list):
        return [_readable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    readable = {name: _readable(item) for name, item in schema.items()}
    if isinstance(text := readable.get("description"), str):
        readable["description"] = " ".join(text.replace("``", "").split())
    if "patternProperties" in readable:
        # Keys that do not match the pattern are refused, not left unchecked.
        readable["additionalProperties"] = False
    if isinstance(pattern := readable.get("pattern"), str):
        # Editors on VS Code's language server show this instead of the pattern.
        readable["patternErrorMessage"] = f"Write {PATTERNS[pattern]}."
    return readable
