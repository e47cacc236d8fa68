"""Tries which fields a construct takes: only what reaches the template becomes part of the form."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aws_cdk import CfnResource
from constructs import Construct

from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.rendering import render_stack
from pavedroad_platform.catalog.scaffolding.draft import Draft
from pavedroad_platform.catalog.scaffolding.fields import Field
from pavedroad_platform.catalog.scaffolding.outputs import outputs_of
from pavedroad_platform.catalog.scaffolding.source import module_source
from pavedroad_platform.errors import PlatformError, Problem


@dataclass(frozen=True)
class Trial:
    """What a trial showed.

    Attributes:
        draft: The draft with what it hands out and with the fields that decide something.
        resource_type: The type of what the construct mainly makes.
        kept: The logical ids of all resources of that type.
    """

    draft: Draft
    resource_type: str
    kept: list[str]


def tried(draft: Draft, optional: Sequence[Field]) -> Trial:
    """Try a draft, and each of the optional fields.

    Raises:
        PlatformError: The construct cannot be built from a form.
    """
    source = module_source(draft)
    try:
        made, template = _rendered(draft, source)
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise PlatformError(
            Problem(
                path="--construct",
                cause=f"{draft.construct.__name__} cannot be built from a form alone: {reason}",
                fix="Choose another construct, or write the module by hand: catalog/products/database.py shows how.",
            )
        ) from error
    draft = replace(draft, outputs=tuple(outputs_of(made)))
    whole = replace(draft, fields=(*draft.fields, *optional))
    if optional and _decide_something(whole, optional):
        draft = whole
    else:
        for field in optional:
            longer = replace(draft, fields=(*draft.fields, field))
            draft = longer if _decide_something(longer, [field]) else draft
    return Trial(draft, *_what_stands(made, template["Resources"]))


def _what_stands(made: Construct, resources: Mapping[str, Any]) -> tuple[str, list[str]]:
    main = made.node.default_child
    while main is not None and not isinstance(main, CfnResource):
        main = main.node.default_child
    resource_type = main.cfn_resource_type if main else next(iter(resources.values()))["Type"]
    return resource_type, sorted(name for name, it in resources.items() if it["Type"] == resource_type)


def _decide_something(draft: Draft, fields: Sequence[Field]) -> bool:
    source = module_source(draft)
    try:
        _, template = _rendered(draft, source)
    except Exception:  # noqa: BLE001 - whatever it raises, the argument takes no parameter
        return False
    resources = json.dumps(template["Resources"])
    return all(json.dumps({"Ref": field.parameter.name}) in resources for field in fields)


def _rendered(draft: Draft, source: str) -> tuple[Construct, dict[str, Any]]:
    """The construct and the template of ``source``, the very module that would be written."""
    names: dict[str, Any] = {"__name__": draft.module}
    exec(compile(source, f"<product {draft.key}>", "exec"), names)  # noqa: S102 - written by us
    product: Product = names["PRODUCT"]
    stack, text = render_stack(product)
    made = next(node for node in stack.node.find_all() if isinstance(node, draft.construct))
    assert isinstance(made, Construct)
    return made, json.loads(text)
