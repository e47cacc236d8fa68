import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.guardrails.tag_policy import tag_policy


def test_each_mandatory_tag_has_one_spelling_and_the_values_of_the_configuration(organization) -> None:
    tags = tag_policy(organization)["tags"]
    assert {key: tag["tag_key"]["@@assign"] for key, tag in tags.items()} == {key: key for key in tags}
    assert {key: tag["tag_value"]["@@assign"] for key, tag in tags.items()} == {
        "application": ["order-service", "paved-road"],
        "team": ["platform", "orders"],
        "environment": ["development", "test", "staging", "production"],
        "cost-centre": ["1000", "2000"],
        "data-classification": ["public", "internal", "confidential", "restricted"],
    }


def test_more_teams_than_a_tag_policy_can_name_are_refused(organization) -> None:
    teams = {f"team-with-a-long-name-{number}": organization.teams["platform"] for number in range(500)}
    grown = organization.model_copy(update={"teams": {**organization.teams, **teams}})
    with pytest.raises(PlatformError, match=r"policy mandatory-tags: it has .* takes 10,000 at most"):
        tag_policy(grown)
