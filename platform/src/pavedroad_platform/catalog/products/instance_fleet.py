"""The product instance-fleet: EC2 instances that are scaled, patched and replaced by age."""

from collections.abc import Mapping

from aws_cdk import CfnMapping, Stack
from aws_cdk import aws_autoscaling as autoscaling

from pavedroad.compute.ec2.instance_fleet import InstanceFleet
from pavedroad.compute.ec2.scaling import InstanceScaling
from pavedroad.compute.ec2.volumes import InstanceVolume
from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.launch_numbers import whole_number
from pavedroad_platform.catalog.network_parameters import (
    VPC_PARAMETER,
    chosen_vpc,
    subnets_in_vpc,
    subnets_parameter,
)
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product

_INSTANCES = "Instances"
_SIZE = "Size"
_PRIVATE = "PrivateSubnetIds"

_AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"

# Each with the type of the same size that stands in where it is sold out; all are x86_64, as the images are.
_SIMILAR_TYPES = {
    "t3.medium": "t3a.medium",
    "t3.large": "t3a.large",
    **{
        f"{newer}.{size}": f"{older}.{size}"
        for newer, older in (("m7i", "m6i"), ("c7i", "c6i"), ("r7i", "r6i"))
        for size in ("large", "xlarge", "2xlarge", "4xlarge")
    },
}


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    key = rotated_key(stack, "Key", description="Encrypts the fleet's volumes, logs and alarms")
    fleet = InstanceFleet(
        stack,
        "Fleet",
        vpc=chosen_vpc(stack, parameters, private_subnets=_PRIVATE),
        image=parameters["Image"].value_as_string,
        instance_types=_types(stack, parameters),
        volumes=[InstanceVolume(size_gib=whole_number(parameters, "VolumeGiB"))],
        scaling=InstanceScaling(
            min_instances=whole_number(parameters, "MinInstances"),
            max_instances=whole_number(parameters, "MaxInstances"),
            cpu_percent=parameters["CpuPercent"].value_as_number,
        ),
        encryption_key=key,
    )
    topic = alarm_topic(stack, encryption_key=key, email=parameters[ALARM_EMAIL_PARAMETER.name].value_as_string)
    fleet.add_alarms(topic)
    group = fleet.group.node.default_child
    assert isinstance(group, autoscaling.CfnAutoScalingGroup)
    group.vpc_zone_identifier = parameters[_PRIVATE].value_as_list
    return {
        "AutoScalingGroupName": fleet.group.auto_scaling_group_name,
        "RoleArn": fleet.role.role_arn,
        "SecurityGroupId": fleet.security_group.security_group_id,
        "LogGroupName": fleet.log_group.log_group_name,
    }


def _types(stack: Stack, parameters: Parameters) -> list[str]:
    mapping = CfnMapping(
        stack, "SimilarTypes", mapping={chosen: {"Type": similar} for chosen, similar in _SIMILAR_TYPES.items()}
    )
    chosen = parameters["InstanceType"].value_as_string
    return [chosen, mapping.find_in_map(chosen, "Type")]


PRODUCT = Product(
    key="instance-fleet",
    title="Instance fleet",
    version="1.0.0",
    summary=(
        "EC2 instances in an Auto Scaling group: private, encrypted, without key pairs, scaled by their load, patched"
        " each week and replaced by age."
    ),
    parameters=(
        Parameter(
            name="Image",
            label="Image",
            group=_INSTANCES,
            help=(
                "The SSM parameter that names the image, which brings the software: Amazon Linux 2023, or one of yours"
                " made of it beneath /imagebuilder/. It is read at each start, so new instances have the newest image."
            ),
            type="AWS::SSM::Parameter::Name",
            default=_AMAZON_LINUX,
            pattern=r"/aws/service/ami-amazon-linux-latest/al2023-ami-[a-z0-9.-]*x86_64|/imagebuilder/[\w.-]+(/[\w.-]+)*",
            constraint="Amazon Linux 2023 for x86_64, or a parameter beneath /imagebuilder/.",
        ),
        Parameter(
            name="InstanceType",
            label="Instance type",
            group=_INSTANCES,
            help=(
                "Processors and memory: m7i.large has 2 and 8 GiB. Where it is sold out, the same size of the"
                " generation before is started."
            ),
            default="m7i.large",
            allowed_values=tuple(_SIMILAR_TYPES),
            constraint=f"One of {', '.join(_SIMILAR_TYPES)}.",
        ),
        Parameter(
            name="VolumeGiB",
            label="Volume in GiB",
            group=_INSTANCES,
            help="The root volume of each instance, not smaller than that of the image. It is lost with its instance.",
            type="Number",
            default=20,
            minimum=8,
            maximum=16384,
        ),
        Parameter(
            name="MinInstances",
            label="Fewest instances",
            group=_SIZE,
            help="How many instances run at the least. From two on they are in different zones.",
            type="Number",
            default=2,
            minimum=1,
            maximum=1000,
        ),
        Parameter(
            name="MaxInstances",
            label="Most instances",
            group=_SIZE,
            help="How many instances run at the most; not fewer than the fewest, and two for a replacement.",
            type="Number",
            default=6,
            minimum=2,
            maximum=1000,
        ),
        Parameter(
            name="CpuPercent",
            label="CPU use in percent",
            group=_SIZE,
            help="The average that is held: above it instances are added, below it they are taken away.",
            type="Number",
            default=60,
            minimum=10,
            maximum=90,
        ),
        VPC_PARAMETER,
        subnets_parameter(
            _PRIVATE, label="Private subnets", help="Of the instances: the output PrivateSubnetIds of the network."
        ),
        ALARM_EMAIL_PARAMETER,
    ),
    rules=(subnets_in_vpc(_PRIVATE),),
    outputs=(
        Output(name="AutoScalingGroupName", purpose="Has the instances and the history of what became of each."),
        Output(name="RoleArn", purpose="What the software may do is granted to this role."),
        Output(
            name="SecurityGroupId", purpose="The firewall of the instances: admits nobody until a rule is added to it."
        ),
        Output(name="LogGroupName", purpose="Where the logs of the instances are."),
    ),
    build=_build,
)
