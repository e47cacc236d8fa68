import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.reporting.launch_roles.measures import measures
from pavedroad_platform.reporting.launch_roles.reference_roles import COUNTERPARTS, reference_roles
from pavedroad_platform.reporting.reference.launch_roles import launch_role_reference, our_measures


@pytest.mark.parametrize("key", products.KEYS)
def test_our_roles_have_no_wildcard_and_no_whole_service_and_cannot_raise_themselves(key: str) -> None:
    ours = our_measures(key)
    assert (ours.wildcards, ours.whole_services, ours.may_raise_itself) == (0, (), False)


@pytest.mark.parametrize("key", [key for key in products.KEYS if key in COUNTERPARTS])
def test_ours_leave_less_unconfined_than_awss(key: str) -> None:
    theirs = measures(reference_roles()[COUNTERPARTS[key]].grants)
    assert our_measures(key).unconfined * 10 < theirs.unconfined


def test_every_product_stands_on_the_page_beside_its_counterpart() -> None:
    page = launch_role_reference()
    for key in products.KEYS:
        assert f"| `{key}` | " in page
        if key in COUNTERPARTS:
            following = page.partition(f"| `{key}` | ours | ")[2].splitlines()[1]
            assert COUNTERPARTS[key] in following
