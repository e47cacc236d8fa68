"""The Python of a drafted product, as ruff formats it."""

import json
import textwrap
from collections.abc import Iterator, Sequence

from pavedroad_platform.catalog.product import Parameter
from pavedroad_platform.catalog.scaffolding.draft import Draft

_WIDTH = 120
_TEST = '''"""What the form of {key} decides, and what must never move."""

import json

import pytest

TYPE = {type}


@pytest.fixture
def template(templates):
    return templates["{key}"]


def test_each_field_of_the_form_decides_something(template) -> None:
    resources = json.dumps(template["Resources"])
    for name in {fields}:
        assert json.dumps({{"Ref": name}}) in resources, name


def test_what_stands_keeps_its_logical_id(template) -> None:
    kept = {{name for name, resource in template["Resources"].items() if resource["Type"] == TYPE}}
    assert kept == {kept}
'''
_NETWORK_IMPORT = """from pavedroad_platform.catalog.network_parameters import (
    VPC_PARAMETER,
    chosen_vpc,
    subnets_in_vpc,
    subnets_parameter,
)
"""


def module_source(draft: Draft) -> str:
    """The module of the product."""
    what = f'"""The product {draft.key}, made of {draft.construct.__name__}."""\n\n'
    return "".join([what, *_imports(draft), *_build(draft), *_product(draft)])


def test_source(draft: Draft, kept: Sequence[str], resource_type: str) -> str:
    """The test of the product.

    Args:
        draft: The product.
        kept: The logical ids of what mainly stands in it.
        resource_type: The type of these.
    """
    form = [field.parameter.name for field in draft.fields]
    return _TEST.format(
        key=draft.key,
        fields=f"({', '.join(map(_quoted, form))}{',' * (len(form) == 1)})",
        type=_quoted(resource_type),
        kept=f"{{{', '.join(map(_quoted, kept))}}}",
    )


def _imports(draft: Draft) -> Iterator[str]:
    expressions = " ".join(field.expression for field in draft.fields)
    core = ["Duration", "Stack"] if "Duration." in expressions else ["Stack"]
    product = ["Output"] * bool(draft.outputs) + ["Parameter"] * bool(draft.fields) + ["Parameters", "Product"]
    yield "from collections.abc import Mapping\n"
    yield "from typing import cast\n" if "cast(" in expressions else ""
    yield f"\nfrom aws_cdk import {', '.join(core)}\n"
    yield f"\nfrom {draft.construct.__module__} import {draft.construct.__name__}\n"
    yield _NETWORK_IMPORT if draft.has_network else ""
    yield f"from pavedroad_platform.catalog.product import {', '.join(product)}\n"
    yield "\n" if draft.fields or draft.has_network else ""
    yield f"_SETTINGS = {_quoted(draft.title)}\n" if draft.fields else ""
    yield '_SUBNETS = "SubnetIds"\n' if draft.has_network else ""


def _build(draft: Draft) -> Iterator[str]:
    is_used = draft.fields or draft.has_network
    made, name = "made = " if draft.outputs else "", draft.construct.__name__
    yield f"\n\ndef _build(stack: Stack, {'' if is_used else '_'}parameters: Parameters) -> Mapping[str, str]:\n"
    if is_used:
        yield f'    {made}{name}(\n        stack,\n        "{name}",\n'
        if draft.has_network:
            yield "        vpc=chosen_vpc(stack, parameters, private_subnets=_SUBNETS, isolated_subnets=_SUBNETS),\n"
        yield from (f"        {field.argument}={field.expression},\n" for field in draft.fields)
        yield "    )\n"
    else:
        yield f'    {made}{name}(stack, "{name}")\n'
    yield from (f"    assert {needs}\n" for needs in dict.fromkeys(each.needs for each in draft.outputs) if needs)
    if not draft.outputs:
        yield "    return {}\n"
        return
    yield "    return {\n"
    yield from (f'        "{each.output.name}": {each.expression},\n' for each in draft.outputs)
    yield "    }\n"


def _product(draft: Draft) -> Iterator[str]:
    yield f'\n\nPRODUCT = Product(\n    key="{draft.key}",\n'
    yield from _setting("title", draft.title, 4)
    yield '    version="1.0.0",\n'
    yield from _setting("summary", draft.summary, 4)
    if draft.fields or draft.has_network:
        yield "    parameters=(\n"
        for field in draft.fields:
            yield from _parameter(field.parameter)
        if draft.has_network:
            yield "        VPC_PARAMETER,\n"
            yield '        subnets_parameter(_SUBNETS, label="Subnets", help="Two or more, in different zones."),\n'
        yield "    ),\n"
    else:
        yield "    parameters=(),\n"
    yield from _outputs(draft)
    yield "    rules=(subnets_in_vpc(_SUBNETS),),\n" if draft.has_network else ""
    yield "    build=_build,\n)\n"


def _outputs(draft: Draft) -> Iterator[str]:
    written = [
        f"Output(name={_quoted(each.output.name)}, purpose={_quoted(each.output.purpose)})," for each in draft.outputs
    ]
    if len(written) < 2:  # noqa: PLR2004 - ruff puts one into the line, and each of several into its own
        yield f"    outputs=({''.join(written)}),\n"
        return
    yield "    outputs=(\n"
    yield from (f"        {each}\n" for each in written)
    yield "    ),\n"


def _parameter(parameter: Parameter) -> Iterator[str]:
    yield "        Parameter(\n"
    yield from _setting("name", parameter.name, 12)
    yield from _setting("label", parameter.label, 12)
    yield "            group=_SETTINGS,\n"
    yield from _setting("help", parameter.help, 12)
    yield from _setting("type", parameter.type, 12) if parameter.type != "String" else ()
    for name in ("default", "example", "allowed_values", "pattern", "constraint", "minimum", "maximum"):
        value = getattr(parameter, name)
        if value not in (None, ()):
            yield from _setting(name, value, 12)
    yield "        ),\n"


def _setting(name: str, value: str | int | tuple[str, ...], indentation: int) -> Iterator[str]:
    """A keyword argument, in several lines where one does not hold it."""
    space = " " * indentation
    written = f"({', '.join(map(_quoted, value))},)" if isinstance(value, tuple) else _quoted(value)
    if isinstance(value, tuple) and len(value) > 1:
        written = written.replace(",)", ")")
    line = f"{space}{name}={written},\n"
    if len(line) <= _WIDTH + 1:
        yield line
        return
    yield f"{space}{name}=(\n"
    if isinstance(value, tuple):
        yield from (f"{space}    {_quoted(each)},\n" for each in value)
    else:
        # Four spaces more and two quotes stand beside each part.
        for part in textwrap.wrap(str(value), _WIDTH - indentation - 6, subsequent_indent=" ", break_on_hyphens=False):
            yield f"{space}    {_quoted(part)}\n"
    yield f"{space}),\n"


def _quoted(value: str | int) -> str:
    """A literal in double quotes, but where that would take backslashes and single quotes do not."""
    is_quoting = isinstance(value, str) and '"' in value and "'" not in value and "\\" not in value
    return f"'{value}'" if is_quoting else json.dumps(value, ensure_ascii=False)
