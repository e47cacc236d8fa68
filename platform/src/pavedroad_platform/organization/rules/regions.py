"""Rules for regions."""

from collections.abc import Iterator

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization.regions import REGIONS
from pavedroad_platform.organization.rules.files import Files
from pavedroad_platform.organization.suggestions import instead_of


def regions_exist(files: Files) -> Iterator[Problem]:
    """A misspelt region would be found only when the deployment cannot reach it."""
    root = files.root("organization")
    for region in (root.word("home_region"), *root.words("allowed_regions")):
        if region and region.value not in REGIONS:
            yield region.problem(f"there is no region {region.value}", instead_of(region.value, REGIONS))


def home_region_is_allowed(files: Files) -> Iterator[Problem]:
    """The service control policy would deny the landing zone's own stacks."""
    root = files.root("organization")
    home, allowed = root.word("home_region"), root.words("allowed_regions")
    if home and home.value in REGIONS and allowed and home.value not in {region.value for region in allowed}:
        cause = f"the home region {home.value} is not among allowed_regions, and its own stacks would be denied"
        yield home.problem(cause, f"Add {home.value} to allowed_regions, or choose one of them.")
