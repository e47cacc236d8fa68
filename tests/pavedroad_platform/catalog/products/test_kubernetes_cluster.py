import re

import pytest
from aws_cdk import aws_eks_v2 as eks

from pavedroad.arguments import Arguments
from pavedroad.compute.eks.versions import check_version


@pytest.fixture
def template(templates):
    return templates["kubernetes-cluster"]


@pytest.fixture
def by_type(template):
    return {resource["Type"]: resource["Properties"] for resource in template["Resources"].values()}


def test_every_version_is_in_standard_support(template, stack) -> None:
    arguments = Arguments(stack)
    for version in template["Parameters"]["Version"]["AllowedValues"]:
        check_version(arguments, eks.KubernetesVersion.of(version), extended_support=False)
    arguments.check()
    assert template["Parameters"]["Version"]["Default"] == template["Parameters"]["Version"]["AllowedValues"][-1]


def test_control_plane_and_nodes_have_the_version_of_the_form(by_type) -> None:
    assert by_type["AWS::EKS::Cluster"]["Version"] == {"Ref": "Version"}
    assert by_type["AWS::EKS::Nodegroup"]["Version"] == {"Ref": "Version"}
    assert by_type["AWS::EKS::Cluster"]["UpgradePolicy"] == {"SupportType": "STANDARD"}


def test_the_form_decides_type_and_number_of_nodes(by_type) -> None:
    nodes = by_type["AWS::EKS::Nodegroup"]
    assert nodes["InstanceTypes"] == [{"Ref": "NodeType"}]
    assert nodes["ScalingConfig"] == {
        "DesiredSize": {"Ref": "MinNodes"},
        "MaxSize": {"Ref": "MaxNodes"},
        "MinSize": {"Ref": "MinNodes"},
    }
    volumes = by_type["AWS::EC2::LaunchTemplate"]["LaunchTemplateData"]["BlockDeviceMappings"]
    assert {"Ref": "NodeVolumeGiB"} in [volume["Ebs"].get("VolumeSize") for volume in volumes]


def test_the_cluster_is_private_and_in_every_subnet_that_was_chosen(template, by_type) -> None:
    network = by_type["AWS::EKS::Cluster"]["ResourcesVpcConfig"]
    assert network["SubnetIds"] == {"Ref": "PrivateSubnetIds"}
    assert (network["EndpointPrivateAccess"], network["EndpointPublicAccess"]) == (True, False)
    assert by_type["AWS::EKS::Nodegroup"]["Subnets"] == {"Ref": "PrivateSubnetIds"}
    assert set(template["Rules"]) == {"PrivateSubnetIdsInVpc"}


def test_one_role_administers_the_cluster_and_nobody_else_has_access(template, by_type) -> None:
    entries = [r for r in template["Resources"].values() if r["Type"] == "AWS::EKS::AccessEntry"]
    assert len(entries) == 1
    entry = by_type["AWS::EKS::AccessEntry"]
    assert entry["PrincipalArn"] == {"Ref": "AdministratorRoleArn"}
    ((policy, scope),) = ((p["PolicyArn"], p["AccessScope"]) for p in entry["AccessPolicies"])
    assert "AmazonEKSClusterAdminPolicy" in str(policy)
    assert scope == {"Type": "cluster"}
    assert by_type["AWS::EKS::Cluster"]["AccessConfig"]["BootstrapClusterCreatorAdminPermissions"] is False


def test_only_a_role_can_administer(template) -> None:
    pattern = template["Parameters"]["AdministratorRoleArn"]["AllowedPattern"]
    assert re.fullmatch(pattern, "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/Administrators_1a2b")
    for other in ("arn:aws:iam::111111111111:user/somebody", "arn:aws:iam::111111111111:root", "*"):
        assert not re.fullmatch(pattern, other)


def test_the_api_is_open_to_the_addresses_of_the_form_on_one_port(template) -> None:
    rules = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::EC2::SecurityGroupIngress"]
    group = next(r for r in template["Resources"].values() if r["Type"] == "AWS::EC2::SecurityGroup")
    rules += group["Properties"].get("SecurityGroupIngress", [])
    assert {(str(rule["CidrIp"]), rule["FromPort"], rule["ToPort"]) for rule in rules} == {
        (str({"Ref": "ClientAddressRange"}), 443, 443)
    }


def test_deletion_protection_is_the_teams_decision(by_type) -> None:
    assert by_type["AWS::EKS::Cluster"]["DeletionProtection"] == {"Ref": "DeletionProtection"}


def test_the_cluster_keeps_its_logical_id(template) -> None:
    (cluster,) = (k for k, r in template["Resources"].items() if r["Type"] == "AWS::EKS::Cluster")
    assert cluster == "Cluster9EE0221C"
