"""Loads the organisation: reads every file, checks each on its own and all together, and tells all problems at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization import models
from pavedroad_platform.organization.document import Node, read
from pavedroad_platform.organization.rules import RULES
from pavedroad_platform.organization.rules.files import Files
from pavedroad_platform.organization.shape import shape_problems
from pavedroad_platform.organization.suggestions import instead_of

FILES: Final[dict[str, type[models.Model]]] = {
    "organization": models.OrganizationFile,
    "accounts": models.AccountsFile,
    "teams": models.TeamsFile,
    "access": models.AccessFile,
    "network": models.NetworkFile,
    "logging": models.LoggingFile,
    "catalog": models.CatalogFile,
    "budgets": models.BudgetsFile,
    "pipeline": models.PipelineFile,
}
"""The files by name, without ``.yaml``, and what each contains."""

_OF_ITS_OWN: Final = frozenset({"access", "logging", "catalog", "pipeline"})
"""The files whose settings stay together; the settings of the others are the organisation's own."""


def load_organization(directory: Path) -> models.Organization:
    """Load the organisation that the YAML files in ``directory`` describe.

    Needs no credentials and no network.

    Args:
        directory: Where the files are, such as ``platform/organization``.

    Raises:
        PlatformError: At least one thing is wrong; it has every problem of every file.

    Example:
        >>> load_organization(Path("platform/organization")).account_with_purpose("gateway").id
        '222222222222'
    """
    _require(directory)
    problems = list(_unexpected_files(directory))
    documents = {name: read(directory / f"{name}.yaml") for name in FILES}
    roots = {name: document.root for name, document in documents.items() if document.root}
    settings: dict[str, Any] = {}
    for name, document in documents.items():
        problems += document.problems
        if document.root:
            part = _check(document.root, FILES[name], problems)
            settings |= {name: part} if name in _OF_ITS_OWN else dict(part or {})
    problems += _broken_rules(Files(directory, roots))
    if problems:
        raise PlatformError(*problems)
    return _organization(directory, settings)


def _require(directory: Path) -> None:
    if directory.is_dir():
        return
    cause = "this is a file" if directory.exists() else "there is no such directory"
    fix = "Name the directory that organization.yaml is in, such as platform/organization."
    raise PlatformError(Problem(cause=cause, fix=fix, file=directory))


def _unexpected_files(directory: Path) -> Iterator[Problem]:
    expected = [f"{name}.yaml" for name in FILES]
    for file in sorted(directory.iterdir()):
        if file.suffix in {".yaml", ".yml"} and file.name not in expected:
            fix = f"{instead_of(file.name, expected)} Rename or remove it."
            yield Problem(cause="no file of this name is read", fix=fix, file=file)


def _check(root: Node, model: type[models.Model], problems: list[Problem]) -> models.Model | None:
    try:
        return model.model_validate(root.plain())
    except ValidationError as error:
        # What YAML itself confused is told already, and better.
        told = {(problem.line, problem.path) for problem in problems if problem.file == root.file}
        problems += [p for p in shape_problems(root, model, error) if (p.line, p.path) not in told]
        return None


def _broken_rules(files: Files) -> list[Problem]:
    return [problem for rule in RULES for problem in rule(files)]


def _organization(directory: Path, settings: dict[str, Any]) -> models.Organization:
    # The parts are checked; what is not checked again keeps its objects and takes no time.
    metadata_file = directory / settings["access"].identity_provider.metadata_file
    return models.Organization.model_construct(**settings, saml_metadata=metadata_file.read_text(encoding="utf-8"))
