import re

import pytest

from pavedroad_platform.catalog import iam_actions
from pavedroad_platform.reporting.launch_roles.measures import measures
from pavedroad_platform.reporting.launch_roles.reference_roles import COUNTERPARTS, reference_roles

# IAM has forgotten what AWS's role still names.
FORGOTTEN = {"cloudformation:PreviewStackUpdate"}


def test_every_counterpart_is_known_and_every_role_is_the_counterpart_of_something() -> None:
    assert set(COUNTERPARTS.values()) == set(reference_roles())


@pytest.mark.parametrize("file", sorted(set(COUNTERPARTS.values())))
def test_a_role_is_told_with_the_commit_that_it_was_read_at(file: str) -> None:
    address = reference_roles()[file].address
    assert re.fullmatch(rf"https://github\.com/aws-samples/[\w-]+/blob/[0-9a-f]{{40}}/iam/{re.escape(file)}", address)


@pytest.mark.parametrize("file", sorted(set(COUNTERPARTS.values())))
def test_every_action_is_one_that_iam_has(file: str) -> None:
    named = {action for grant in reference_roles()[file].grants for action in grant.actions}
    assert {action for action in named if not iam_actions.matching(action)} <= FORGOTTEN


def test_full_access_counts_as_whole_services() -> None:
    role = reference_roles()["sc-s3-launchrole.yml"]
    assert [policy.name for policy in role.managed_policies] == ["AmazonS3FullAccess"]
    assert measures(role.grants).whole_services == ("s3", "s3-object-lambda")
    assert measures(role.grants).may_raise_itself
