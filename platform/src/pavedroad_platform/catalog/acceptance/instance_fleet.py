"""The instances are private, encrypted, without key pairs, in two zones, and admit nobody."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.encryption import log_problems
from pavedroad_platform.catalog.promises.instances import closed_problems, template_problems
from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of instance-fleet."""
    outputs, name = launched.outputs, launched.outputs["AutoScalingGroupName"]
    found = launched.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    if not found["AutoScalingGroups"]:
        yield f"there is no group {name}"
        return
    (group,) = found["AutoScalingGroups"]
    template = group["MixedInstancesPolicy"]["LaunchTemplate"]["LaunchTemplateSpecification"]
    yield from template_problems(launched, template["LaunchTemplateId"], template["Version"])
    yield from closed_problems(launched, outputs["SecurityGroupId"])
    yield from log_problems(launched, outputs["LogGroupName"])
    if not group.get("MaxInstanceLifetime"):
        yield "instances are not replaced by age"
    if len(group["AvailabilityZones"]) < 2:  # noqa: PLR2004 - the fewest that survive the loss of one
        yield "all instances are in one zone"
