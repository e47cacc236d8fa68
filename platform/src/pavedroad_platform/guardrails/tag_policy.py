"""The tag policy: one spelling of each mandatory tag, and the values that the configuration knows.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies-syntax.html
"""

from typing import Any

from pavedroad_platform.guardrails.policy_document import require_size
from pavedroad_platform.organization.models import DataClassification, Environment, Organization
from pavedroad_platform.organization.quotas import TAG_POLICY_BYTES


def tag_policy(organization: Organization) -> dict[str, Any]:
    """The document of the tag policy; resources that differ are reported by AWS Organizations.

    Raises:
        PlatformError: It exceeds the quota of 10,000 bytes.
    """
    values = {
        "application": _applications(organization),
        "team": list(organization.teams),
        "environment": [environment.value for environment in Environment],
        "cost-centre": sorted({team.cost_centre for team in organization.teams.values()}),
        "data-classification": [classification.value for classification in DataClassification],
    }
    tags = {key: {"tag_key": {"@@assign": key}, "tag_value": {"@@assign": values[key]}} for key in values}
    document = {"tags": tags}
    require_size("mandatory-tags", document, TAG_POLICY_BYTES)
    return document


def _applications(organization: Organization) -> list[str]:
    applications = {key for team in organization.teams.values() for key in team.applications}
    return sorted({organization.tags.application, *applications})
