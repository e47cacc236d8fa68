import pytest

from pavedroad_platform.catalog.releases import Releases

STACK = "pavedroad-canaries"


@pytest.fixture
def canaries(resources):
    """The properties of each canary by its logical id."""
    return {
        logical_id: made["Properties"]
        for logical_id, made in resources(STACK, "AWS::ServiceCatalog::CloudFormationProvisionedProduct").items()
    }


def test_each_offered_product_has_one_under_names_that_stay(canaries, organization, templates) -> None:
    assert {each["ProductName"] for each in canaries.values()} == set(organization.catalog.products)
    assert len(canaries) == len(templates[STACK]["Resources"])
    assert canaries["CanarySecureBucket"]["ProvisionedProductName"] == "canary-secure-bucket"


def test_each_stands_at_the_newest_active_version(canaries) -> None:
    for each in canaries.values():
        assert each["ProvisioningArtifactName"] == Releases(each["ProductName"]).newest_active


def test_what_one_needs_comes_from_the_outputs_of_another(canaries) -> None:
    values = {each["Key"]: each["Value"] for each in canaries["CanaryDatabase"]["ProvisioningParameters"]}
    assert values["VpcId"] == {"Fn::GetAtt": ["CanaryNetwork", "Outputs.VpcId"]}
    assert values["SubnetIds"] == {"Fn::GetAtt": ["CanaryNetwork", "Outputs.IsolatedSubnetIds"]}
    values = {each["Key"]: each["Value"] for each in canaries["CanaryDashboard"]["ProvisioningParameters"]}
    assert values["TableName"] == {"Fn::GetAtt": ["CanaryTable", "Outputs.TableName"]}
    values = {each["Key"]: each["Value"] for each in canaries["CanaryDeliveryPipeline"]["ProvisioningParameters"]}
    assert values["ClusterName"] == {"Fn::GetAtt": ["CanaryFargateService", "Outputs.ClusterName"]}


def test_defaults_of_the_form_are_proved_but_for_what_keeps_a_canary_from_ending(canaries) -> None:
    values = {each["Key"]: each["Value"] for each in canaries["CanaryDatabase"]["ProvisioningParameters"]}
    assert "InstanceClass" not in values
    assert values["DeletionProtection"] == "false"


def test_each_has_its_choice_of_every_tag_option(canaries) -> None:
    for each in canaries.values():
        assert {"Key": "lifetime", "Value": "permanent"} in each["Tags"]


def test_what_aws_takes_once_has_the_name_of_the_canary(canaries) -> None:
    values = {each["Key"]: each["Value"] for each in canaries["CanaryStaticWebsite"]["ProvisioningParameters"]}
    assert values["DomainName"] == "canary-static-website.example.com"
