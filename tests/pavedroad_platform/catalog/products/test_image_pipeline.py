import re

import pytest


@pytest.fixture
def template(templates):
    return templates["image-pipeline"]


@pytest.fixture
def by_type(template):
    return {resource["Type"]: resource["Properties"] for resource in template["Resources"].values()}


def test_without_a_base_image_the_newest_amazon_linux_for_the_processor_is_built_on(by_type) -> None:
    condition, newest, chosen = by_type["AWS::ImageBuilder::ImageRecipe"]["ParentImage"]["Fn::If"]
    assert (condition, chosen) == ("HasNoBaseImage", {"Ref": "BaseImage"})
    linux = {"Fn::If": ["IsArm", "amazon-linux-2023-arm64", "amazon-linux-2023-x86"]}
    assert newest["Fn::Join"][1][-2:] == [linux, "/x.x.x"]


def test_the_form_decides_hardening_and_volume(by_type) -> None:
    recipe = by_type["AWS::ImageBuilder::ImageRecipe"]
    assert {"Ref": "Hardening"} in recipe["Components"][1]["ComponentArn"]["Fn::Join"][1]
    (volume,) = recipe["BlockDeviceMappings"]
    assert volume["Ebs"]["VolumeSize"] == {"Ref": "VolumeSizeGiB"}
    assert volume["Ebs"]["Encrypted"] is True


def test_packages_are_installed_where_some_are_named(by_type) -> None:
    prefix, name, between, again, end = by_type["AWS::ImageBuilder::Component"]["Data"]["Fn::Join"][1]
    assert name == again == {"Ref": "Packages"}
    assert prefix.endswith('if [ -n "')
    assert (between, end) == ('" ]; then dnf install --assumeyes ', "; fi\n")


def test_images_are_built_in_the_first_subnet_that_was_chosen(template, by_type) -> None:
    infrastructure = by_type["AWS::ImageBuilder::InfrastructureConfiguration"]
    assert infrastructure["SubnetId"] == {"Fn::Select": [0, {"Ref": "PrivateSubnetIds"}]}
    assert infrastructure["InstanceTypes"] == [{"Ref": "InstanceType"}]
    assert "PrivateSubnetIdsInVpc" in template["Rules"]


@pytest.mark.parametrize(
    ("rule", "architecture", "types"),
    [
        ("InstanceTypeFitsX8664", "x86_64", ["m6i.large", "m6i.xlarge"]),
        ("InstanceTypeFitsArm64", "arm64", ["m7g.large", "m7g.xlarge"]),
    ],
)
def test_the_instances_have_the_processor_that_was_chosen(template, rule, architecture, types) -> None:
    found = template["Rules"][rule]
    assert found["RuleCondition"] == {"Fn::Equals": [{"Ref": "Architecture"}, architecture]}
    (assertion,) = found["Assertions"]
    assert assertion["Assert"] == {"Fn::Contains": [types, {"Ref": "InstanceType"}]}


def test_images_are_shared_only_where_accounts_are_named(template, by_type) -> None:
    (distribution,) = by_type["AWS::ImageBuilder::DistributionConfiguration"]["Distributions"]
    accounts = {"Fn::Split": [",", {"Ref": "SharedAccounts"}]}
    assert distribution["AmiDistributionConfiguration"]["LaunchPermissionConfiguration"] == {
        "Fn::If": ["SharesImages", {"UserIds": accounts}, {"Ref": "AWS::NoValue"}]
    }
    assert template["Conditions"]["SharesImages"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "SharedAccounts"}, ""]}]}


def test_who_uses_the_images_may_use_the_key_through_ec2_and_nobody_else_may(by_type) -> None:
    admitted = {
        "Fn::If": ["SharesImages", {"Fn::Split": [",", {"Ref": "SharedAccounts"}]}, [{"Ref": "AWS::AccountId"}]]
    }
    statements = by_type["AWS::KMS::Key"]["KeyPolicy"]["Statement"]
    found = [each for each in statements if each["Principal"].get("AWS") == admitted]
    assert [sorted(each["Condition"]) for each in found] == [["StringLike"], ["Bool"]]


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("SharedAccounts", "111111111111,222222222222", True),
        ("SharedAccounts", "111111111111, 222222222222", False),
        ("Packages", "git amazon-cloudwatch-agent", True),
        ("Packages", "git; curl example.com", False),
        ("Packages", "--nogpgcheck git", False),
        ("Schedule", "rate(7 days)", True),
        ("Schedule", "weekly", False),
        ("BaseImage", "", True),
        ("BaseImage", "amazon-linux", False),
    ],
)
def test_the_form_takes_only_what_image_builder_takes(template, name, value, taken) -> None:
    assert bool(re.fullmatch(template["Parameters"][name]["AllowedPattern"], value)) is taken
