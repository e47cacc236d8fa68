"""What MiniStack leaves out of Auto Scaling groups: tags of their stack, zones, age, and what instances are started by.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
"""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import autoscaling
from ministack.services.cloudformation import provisioners, stacks

from pavedroad_platform.sandbox.emulator.in_process_client import call

_GROUP = "AWS::AutoScaling::AutoScalingGroup"


def install() -> None:
    """Pass the stack's tags on to the instances, as CloudFormation does, and tell all that the service tells."""
    tagged_by_stack, describe = provisioners._with_stack_tags, autoscaling._describe_asgs

    def with_stack_tags(resource_type: str, props: dict[str, Any], *stack: Any) -> dict[str, Any]:
        tagged: dict[str, Any] = tagged_by_stack(resource_type, props, *stack)
        if resource_type != _GROUP:
            return tagged
        own, tags = len(props.get("Tags", [])), tagged["Tags"]
        return {**tagged, "Tags": tags[:own] + [{**tag, "PropagateAtLaunch": True} for tag in tags[own:]]}

    def describe_groups(parameters: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = describe(parameters)
        text = body.decode()
        for group in autoscaling._asgs.values():
            end = f"<AutoScalingGroupARN>{group['AutoScalingGroupARN']}</AutoScalingGroupARN>"
            text = text.replace(end, end + _more_of(group))
        return status, headers, text.encode()

    provisioners._with_stack_tags = stacks._with_stack_tags = with_stack_tags
    autoscaling._ACTION_MAP["DescribeAutoScalingGroups"] = describe_groups


def complete_group(name: str, properties: Mapping[str, Any], _before: Mapping[str, Any]) -> None:
    """Keep what the template says of a group, and where its subnets are."""
    group = autoscaling._asgs[name]
    group["MaxInstanceLifetime"] = properties.get("MaxInstanceLifetime")
    group["MixedInstancesPolicy"] = properties.get("MixedInstancesPolicy")
    subnets = [subnet for subnet in group["VPCZoneIdentifier"].split(",") if subnet]
    if subnets:
        found = call("ec2", "DescribeSubnets", SubnetIds=subnets)["Subnets"]
        group["AvailabilityZones"] = sorted({subnet["AvailabilityZone"] for subnet in found})


def _more_of(group: Mapping[str, Any]) -> str:
    told = {name: group[name] for name in ("MaxInstanceLifetime", "MixedInstancesPolicy") if group.get(name)}
    return _xml(told)


def _xml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{name}>{_xml(inner)}</{name}>" for name, inner in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(each)}</member>" for each in value)
    return escape(str(value))
