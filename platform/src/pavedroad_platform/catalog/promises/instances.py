"""Instances of EC2: what they are started by, and who reaches them."""

from collections.abc import Iterator
from typing import Any

from pavedroad_platform.proving.acceptance import Launched


def template_problems(launched: Launched, template: str, version: str) -> Iterator[str]:
    """The instances have encrypted volumes, no key pair, no public address, and metadata by token only."""
    (found,) = launched.client("ec2").describe_launch_template_versions(LaunchTemplateId=template, Versions=[version])[
        "LaunchTemplateVersions"
    ]
    data: dict[str, Any] = found["LaunchTemplateData"]
    if data.get("MetadataOptions", {}).get("HttpTokens") != "required":
        yield "their metadata is read without a token"
    volumes = [mapping["Ebs"] for mapping in data.get("BlockDeviceMappings", []) if "Ebs" in mapping]
    if not volumes or not all(volume.get("Encrypted") and volume.get("KmsKeyId") for volume in volumes):
        yield "their volumes are not encrypted with a key of its own"
    if data.get("KeyName"):
        yield f"they are entered with the key pair {data['KeyName']}"
    if any(interface.get("AssociatePublicIpAddress") for interface in data.get("NetworkInterfaces", [])):
        yield "they have public addresses"


def closed_problems(launched: Launched, group: str) -> Iterator[str]:
    """The security group admits nobody."""
    (found,) = launched.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    if found["IpPermissions"]:
        yield f"{group} admits connections"
