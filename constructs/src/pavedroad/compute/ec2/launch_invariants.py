"""What stays true of a launch template, whatever a mixin, an injector or an escape hatch does to it."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from pavedroad.invariants import hold


def hold_launch_template(construct: Construct, launch_template: ec2.LaunchTemplate) -> None:
    """Hold IMDSv2, no key pair, no public address and encrypted volumes of a launch template of ``construct``."""
    resource = launch_template.node.default_child
    assert isinstance(resource, ec2.CfnLaunchTemplate)
    resolve = Stack.of(launch_template).resolve

    def data() -> dict[str, Any]:
        found: dict[str, Any] = resolve(resource.launch_template_data)
        return found

    def asks_for_tokens() -> bool:
        options = data().get("metadataOptions", {})
        return (options.get("httpTokens"), options.get("httpPutResponseHopLimit")) == ("required", 1)

    def is_private() -> bool:
        interfaces = data().get("networkInterfaces", [])
        return bool(interfaces) and all(each.get("associatePublicIpAddress") is False for each in interfaces)

    def is_encrypted() -> bool:
        volumes = [each["ebs"] for each in data().get("blockDeviceMappings", []) if "ebs" in each]
        return bool(volumes) and all(each.get("encrypted") is True and each.get("kmsKeyId") for each in volumes)

    kind = type(construct).__name__
    for promise, is_kept in {
        "gives credentials to its instances by IMDSv2 only; its MetadataOptions were weakened": asks_for_tokens,
        "is entered by Session Manager only; its launch template has a KeyName": lambda: "keyName" not in data(),
        "has no public addresses; its network interface may get one": is_private,
        "is encrypted at rest; a volume of its launch template is not": is_encrypted,
    }.items():
        hold(construct, f"{kind} {promise}", is_kept)
