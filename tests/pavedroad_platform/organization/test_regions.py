import boto3

from pavedroad_platform.organization.regions import REGIONS


def test_knows_every_region_that_the_sdk_knows() -> None:
    session = boto3.Session()
    partitions = ("aws", "aws-cn", "aws-us-gov")
    known = {region for partition in partitions for region in session.get_available_regions("ec2", partition)}
    assert known <= set(REGIONS)
