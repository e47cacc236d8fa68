"""Rules for regions."""

from collections.abc import Iterator
from typing import Final

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization.rules.files import Files
from pavedroad_platform.organization.suggestions import instead_of

# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
REGIONS: Final = (
    *("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1"),
    *("ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"),
    *("ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1"),
    *("eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1"),
    *("me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    *("cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1"),
)


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
    if home and allowed and home.value not in {region.value for region in allowed}:
        cause = f"the home region {home.value} is not among allowed_regions, and its own stacks would be denied"
        yield home.problem(cause, f"Add {home.value} to allowed_regions, or choose one of them.")
