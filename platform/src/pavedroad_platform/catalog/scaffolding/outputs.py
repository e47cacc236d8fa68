"""What a product hands out: the name and the ARN of what the construct mainly makes, and of its key."""

import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnResource, Stack
from constructs import Construct

from pavedroad_platform.catalog.product import Output
from pavedroad_platform.organization.names import pascal_case


@dataclass(frozen=True, kw_only=True)
class HandedOut:
    """An output, and the Python that gives its value.

    Attributes:
        output: The output.
        expression: The Python, of ``made``, the construct.
        needs: What has to be there first; empty where it always is.
    """

    output: Output
    expression: str
    needs: str = ""


def outputs_of(made: Construct) -> list[HandedOut]:
    """The outputs of a construct that stands in a product."""
    found = []
    for name, value in vars(made).items():
        if name.startswith("_") or not isinstance(value, Construct):
            continue
        is_main = value.node.id == "Resource" and value.node.scope is made
        if is_main or name == "encryption_key":
            wanted = ("_arn", "_name", "_id") if is_main else ("_arn",)
            found += list(_identifiers(name, value, wanted, is_optional=_may_be_none(type(made), name)))
    return found


def _identifiers(name: str, value: Construct, endings: tuple[str, ...], *, is_optional: bool) -> Iterator[HandedOut]:
    resource = value if isinstance(value, CfnResource) else value.node.default_child
    if not isinstance(resource, CfnResource):
        return
    words, seen = name.replace("_", " "), set()
    for attribute, ending in _attributes(value, endings):
        told = json.dumps(Stack.of(value).resolve(getattr(value, attribute)), sort_keys=True)
        # Aliases of one value, and values that are made up of parts, say nothing new.
        if told in seen or told not in _plain(resource):
            continue
        seen.add(told)
        what = {"_arn": "ARN", "_name": "name", "_id": "id"}[ending]
        yield HandedOut(
            output=Output(
                name=f"{pascal_case(name.replace('_', '-'))}{what[0].upper()}{what[1:].lower()}",
                purpose=f"The {what} of the {words}.",
            ),
            expression=f"made.{name}.{attribute}",
            needs=f"made.{name}" if is_optional else "",
        )


def _attributes(value: Construct, endings: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, CfnResource):
        yield from ((name, "_arn") for name in ("attr_arn",) if hasattr(type(value), name))
        yield "ref", "_id"
        return
    public = sorted(name for name in dir(type(value)) if not name.startswith("_"))
    for ending in endings:
        named = [name for name in public if name.endswith(ending) and _is_property(type(value), name)]
        # The shortest is the resource's own: bucket_name rather than bucket_domain_name.
        yield from ((name, ending) for name in sorted(named, key=len)[:1])


def _plain(resource: CfnResource) -> set[str]:
    stack = Stack.of(resource)
    reference: Any = stack.resolve(resource.ref)
    named = [stack.resolve(resource.get_att(name)) for name in ("Arn", "TopicArn", "QueueArn", "Id")]
    return {json.dumps(value, sort_keys=True) for value in (reference, *named)}


def _is_property(owner: type, name: str) -> bool:
    return isinstance(inspect.getattr_static(owner, name, None), property)


def _may_be_none(construct: type, attribute: str) -> bool:
    """Whether the docstring says that the attribute may be ``None``, or an argument of its name may be."""
    text = (inspect.getdoc(construct) or "").partition("\nAttributes:\n")[2].partition("\n\n")[0]
    entry = text.partition(f"    {attribute}: ")[2].partition("\n    ")[0]
    return "None" in entry
