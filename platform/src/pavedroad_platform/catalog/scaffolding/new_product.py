"""``pavedroad catalog new``: writes a product, its test and its place in the configuration, or nothing of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

import pavedroad
from pavedroad_platform.catalog.product import KEY_PATTERN
from pavedroad_platform.catalog.scaffolding.arguments import Argument, arguments_of
from pavedroad_platform.catalog.scaffolding.draft import Draft
from pavedroad_platform.catalog.scaffolding.fields import field_of
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization.suggestions import instead_of

_PRODUCTS: Final = Path("platform/src/pavedroad_platform/catalog/products")
_ACCEPTANCE: Final = Path("platform/src/pavedroad_platform/catalog/acceptance")
_TESTS: Final = Path("tests/pavedroad_platform/catalog/products")
_RELEASES: Final = Path("platform/catalog")
_CATALOG: Final = Path("platform/organization/catalog.yaml")
_NETWORK: Final = "vpc"


@dataclass(frozen=True, kw_only=True)
class NewProduct:
    """What was written.

    Attributes:
        files: The files, the configuration included.
        fields: The fields of the form.
        left_out: The arguments of the construct that are decided in the module, and why no field sets them.
    """

    files: tuple[Path, ...]
    fields: tuple[str, ...]
    left_out: Mapping[str, str]


def new_product(
    key: str, construct: str, *, title: str | None = None, portfolio: str | None = None, root: Path = Path()
) -> NewProduct:
    """Write a product that is made of one construct.

    Args:
        key: The product's key.
        construct: The name of a construct that the library exports.
        title: The name as people say it. Left out: the key's words.
        portfolio: The key of the portfolio that offers it. Left out: none does yet.
        root: The checkout.

    Raises:
        PlatformError: The key or the construct cannot be used; all that is wrong is named, and nothing is written.
    """
    file = root / _CATALOG
    if not file.is_file():
        fix = "Run it at the top of the platform's checkout."
        raise PlatformError(Problem(cause="there is no configuration of a catalogue", fix=fix, file=file))
    yaml, content = _read(file)
    problems = [
        *_key_problems(key, root, content),
        *_construct_problems(construct),
        *_portfolio_problems(portfolio, content, file),
    ]
    if problems:
        raise PlatformError(*problems)
    # Only now: they import the CDK, which takes seconds.
    from pavedroad_platform.catalog.scaffolding.source import module_source, test_source
    from pavedroad_platform.catalog.scaffolding.trial import tried

    title = title or key.replace("-", " ").capitalize()
    made: type = getattr(pavedroad, construct)
    arguments = arguments_of(made)
    found = [(argument, field_of(argument, title)) for argument in arguments]
    draft = Draft(
        key=key,
        title=title,
        construct=made,
        fields=tuple(field for argument, field in found if field and argument.is_required),
        has_network=any(argument.name == _NETWORK and argument.is_required for argument in arguments),
    )
    trial = tried(draft, [field for argument, field in found if field and not argument.is_required])
    draft = trial.draft
    _offer(content, key, portfolio)
    texts = {
        root / _PRODUCTS / f"{draft.module}.py": module_source(draft),
        root / _TESTS / f"test_{draft.module}.py": test_source(draft, trial.kept, trial.resource_type),
        file: _written(yaml, content),
    }
    _write(texts)
    taken = {field.argument for field in draft.fields}
    left_out = {each.name: _why_not(each) for each in arguments if each.name not in taken | {_NETWORK}}
    fields = tuple(field.parameter.name for field in draft.fields)
    return NewProduct(files=tuple(texts), fields=fields, left_out=left_out)


def next_steps(key: str, made: NewProduct, portfolio: str | None) -> list[str]:
    """What is left to people."""
    module, test, catalog = made.files
    offer = [] if portfolio else [f"Add {key} to the products of a portfolio in {catalog}, then: pavedroad validate"]
    return [
        f"Read and edit {module}: its texts, limits and outputs, and {test} with it.",
        f"Check it: pavedroad check --templates-only --only product-{key}",
        f"Write what its launch is held to: {_ACCEPTANCE / module.name}",
        "Freeze it when it is right, for a release never changes: pavedroad catalog freeze",
        *offer,
        "Write its page: pavedroad reference",
        f"Later, before each further release: pavedroad catalog diff {key}",
    ]


def _key_problems(key: str, root: Path, content: Mapping[str, Any]) -> Iterator[Problem]:
    if not re.fullmatch(KEY_PATTERN, key):
        cause = f"{key!r} is no key of a product: it is not lower-case words with hyphens between them"
        yield Problem(path="KEY", cause=cause, fix="Write it like order-archive.")
        return
    module = key.replace("-", "_")
    places = (root / _PRODUCTS / f"{module}.py", root / _TESTS / f"test_{module}.py", root / _RELEASES / key)
    for place in places:
        if place.exists():
            yield Problem(path="KEY", cause=f"there is a product {key} already", fix="Choose another key.", file=place)
    if key in content["products"] and not places[0].exists():
        cause = f"a product {key} is offered already"
        yield Problem(path=f"products.{key}", cause=cause, fix="Choose another key.", file=root / _CATALOG)


def _construct_problems(name: str) -> Iterator[Problem]:
    if name not in pavedroad.__all__:
        cause = f"the library has no construct {name}"
        yield Problem(path="--construct", cause=cause, fix=instead_of(name, pavedroad.__all__))
        return
    for argument in arguments_of(getattr(pavedroad, name)):
        if argument.is_required and argument.name != _NETWORK and field_of(argument, name) is None:
            cause = f"{name} needs {argument.name} ({argument.annotation}), which no form can ask for"
            fix = "Choose another construct, or write the module by hand: catalog/products/database.py shows how."
            yield Problem(path="--construct", cause=cause, fix=fix)


def _portfolio_problems(portfolio: str | None, content: Mapping[str, Any], file: Path) -> Iterator[Problem]:
    if portfolio is not None and portfolio not in content["portfolios"]:
        cause = f"there is no portfolio {portfolio}"
        yield Problem(path="--portfolio", cause=cause, fix=instead_of(portfolio, content["portfolios"]), file=file)


def _why_not(argument: Argument) -> str:
    if argument.annotation.startswith("bool"):
        return "it is decided while the template is made"
    if argument.annotation in ("str | None", "int | None", "float | None", "Duration | None"):
        return "left out it means something that no value of a form means"
    return f"no parameter can be a {argument.annotation}"


def _read(file: Path) -> tuple[YAML, CommentedMap]:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml, yaml.load(file.read_text())


def _offer(content: CommentedMap, key: str, portfolio: str | None) -> None:
    products = content["products"]
    last = next(reversed(products))
    entry = CommentedMap()
    entry.fa.set_flow_style()
    products[key] = entry
    # The empty line and the comments after the last product stay behind the products.
    if last in products.ca.items:
        products.ca.items[key] = products.ca.items.pop(last)
    if portfolio is not None:
        content["portfolios"][portfolio]["products"].append(key)


def _written(yaml: YAML, content: CommentedMap) -> str:
    stream = StringIO()
    yaml.dump(content, stream)
    return stream.getvalue()


def _write(texts: Mapping[Path, str]) -> None:
    """Write all files; where one cannot be written, put back what was there."""
    before = {path: path.read_text() if path.exists() else None for path in texts}
    try:
        for path, text in texts.items():
            path.write_text(text)
    except OSError as error:
        for path, earlier in before.items():
            if earlier is None:
                path.unlink(missing_ok=True)
            elif path.read_text() != earlier:
                path.write_text(earlier)
        cause = f"it cannot be written: {error.strerror}"
        fix = "Make it writable, then run the command again; nothing was changed."
        raise PlatformError(Problem(cause=cause, fix=fix, file=Path(str(error.filename)))) from error
