"""Which resources of a template refer to which."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_IN_SUB = re.compile(r"\$\{([A-Za-z0-9]+)")


def references(value: object) -> Iterator[str]:
    """The logical ids that ``value`` refers to by Ref, Fn::GetAtt, Fn::Sub or DependsOn."""
    if isinstance(value, list):
        for part in value:
            yield from references(part)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key == "Ref":
                yield str(part)
            elif key == "Fn::GetAtt":
                yield part[0] if isinstance(part, list) else part.partition(".")[0]
            elif key == "Fn::Sub":
                yield from _IN_SUB.findall(part if isinstance(part, str) else part[0])
            elif key == "DependsOn":
                # A container of a task depends on others of its own, by their names.
                yield from (name for name in ([part] if isinstance(part, str) else part) if isinstance(name, str))
            yield from references(part)


def neighbourhood(body: Mapping[str, Any], logical_id: str) -> dict[str, Any]:
    """The smallest template in which ``logical_id`` can be judged.

    It holds the resource, those that refer to it (a bucket's policy, a function's role), and what any of them needs.
    """
    resources = body["Resources"]
    wanted = {logical_id} | {name for name, resource in resources.items() if logical_id in set(references(resource))}
    open_ends = set(wanted)
    while open_ends:
        open_ends = {name for end in open_ends for name in references(resources[end])} & resources.keys() - wanted
        wanted |= open_ends
    parts = ("Parameters", "Conditions", "Mappings", "Transform")
    kept = {part: body[part] for part in parts if part in body}
    return kept | {"Resources": {name: resource for name, resource in resources.items() if name in wanted}}
