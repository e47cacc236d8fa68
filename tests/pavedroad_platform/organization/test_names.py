from pavedroad_platform.catalog.products import KEYS
from pavedroad_platform.organization import quotas
from pavedroad_platform.organization.names import Names, pascal_case
from pavedroad_platform.organization.regions import REGIONS

NAMES = Names("pavedroad")


def test_names() -> None:
    assert pascal_case("platform-engineer") == "PlatformEngineer"
    assert NAMES.stack("logging") == "pavedroad-logging"
    assert NAMES.role("developer") == "PavedRoadDeveloper"
    assert NAMES.gateway_role("developer") == "PavedRoadGatewayDeveloper"
    assert NAMES.launch_role("secure-bucket") == "PavedRoadLaunchSecureBucket"
    assert NAMES.permissions_boundary == "PavedRoadBoundary"
    assert NAMES.parameter("network", "vpc-id") == "/pavedroad/network/vpc-id"
    assert NAMES.log_archive_bucket("333333333333", "eu-west-1") == "pavedroad-log-archive-333333333333-eu-west-1"


def test_the_longest_names_are_within_the_quotas_of_aws() -> None:
    longest = Names("o" * quotas.ORGANIZATION_NAME_LENGTH)
    key, region = "k" * quotas.KEY_LENGTH, max(REGIONS, key=len)
    buckets = (
        longest.log_archive_bucket,
        longest.flow_log_bucket,
        longest.access_log_bucket,
    )
    assert all(len(bucket("111111111111", region)) <= 63 for bucket in buckets)
    assert all(len(name) <= 64 for name in (longest.role(key), longest.gateway_role(key), longest.launch_role(key)))
    assert len(longest.workload_stack(key)) <= 128


def test_no_two_buckets_have_one_name() -> None:
    place = ("333333333333", "eu-west-1")
    buckets = [
        NAMES.log_archive_bucket(*place),
        NAMES.flow_log_bucket(*place),
        NAMES.access_log_bucket(*place),
    ]
    assert len(set(buckets)) == len(buckets)


def test_products_can_be_named_as_roles() -> None:
    assert all(len(NAMES.launch_role(key)) <= 64 for key in KEYS)
