"""Loads the organisation: reads every file, checks each on its own and all together, and tells all problems at once."""

from pathlib import Path
from typing import Final

from pydantic import ValidationError

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization import models
from pavedroad_platform.organization.document import read

FILES: Final[dict[str, type[models.Model]]] = {
    "organization": models.OrganizationFile,
    "accounts": models.AccountsFile,
    "teams": models.TeamsFile,
    "access": models.AccessFile,
    "network": models.NetworkFile,
    "logging": models.LoggingFile,
    "catalog": models.CatalogFile,
    "budgets": models.BudgetsFile,
}
"""The files by name, without ``.yaml``, and what each contains."""

_OWN_FIELD: Final = ("access", "logging", "catalog")


def load_organization(directory: Path) -> models.Organization:
    """Load the organisation that the YAML files in ``directory`` describe.

    Needs no credentials and no network.

    Args:
        directory: Where the files are, such as ``platform/organization``.

    Raises:
        PlatformError: At least one thing is wrong; it has every problem of every file.
    """
    problems: list[Problem] = []
    parts: dict[str, object] = {}
    for name, model in FILES.items():
        document = read(directory / f"{name}.yaml")
        problems += document.problems
        if document.root is None:
            continue
        try:
            part = model.model_validate(document.root.plain)
        except ValidationError as error:
            for e in error.errors():
                problems.append(document.root.at(e["loc"]).problem(e["msg"], "Correct it."))
        else:
            parts |= {name: part} if name in _OWN_FIELD else {f: getattr(part, f) for f in model.model_fields}
    if problems:
        raise PlatformError(*problems)
    access = parts["access"]
    assert isinstance(access, models.AccessFile)
    return models.Organization.model_construct(
        **parts, saml_metadata=(directory / access.identity_provider.metadata_file).read_text()
    )
