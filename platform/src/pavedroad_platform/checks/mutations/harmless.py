"""Changes that the general operators make and that weaken nothing, each with the reason."""

import re
from dataclasses import dataclass

from pavedroad_platform.checks.mutations.weakening import Mutant


@dataclass(frozen=True, kw_only=True)
class _Harmless:
    resource_type: str
    place: str
    change: str = ".*"
    reason: str


_HARMLESS: tuple[_Harmless, ...] = (
    _Harmless(
        resource_type="AWS::S3::Bucket",
        place=r".*\.ExpiredObjectDeleteMarker",
        reason="a delete marker without versions beneath it holds no data; keeping it costs a little",
    ),
    _Harmless(
        resource_type="AWS::S3::Bucket",
        place=r".*\.EventBridgeEnabled",
        reason="events are no longer told; who may read and write stays, and the access logs record it",
    ),
    _Harmless(
        resource_type="AWS::EC2::VPC",
        place=r".*\.EnableDns(Hostnames|Support)",
        reason="names are not resolved, and nothing gets in that did not before; endpoints stop working at once",
    ),
    _Harmless(
        resource_type="AWS::EC2::FlowLog",
        place=r".*\.LogDestinationType",
        reason="CloudFormation refuses a bucket as destination without it",
    ),
    _Harmless(
        resource_type="AWS::WAFv2::WebACL",
        place=r".*\.SampledRequestsEnabled",
        reason="samples are for the console; every request is in the log, whose delivery has checks of its own",
    ),
    _Harmless(
        resource_type="AWS::CloudWatch::Alarm",
        place=r".*\.ReturnData",
        reason="CloudWatch refuses an alarm unless exactly one of its metrics returns data",
    ),
    _Harmless(
        resource_type="AWS::CodeBuild::Project",
        place=r".*\.PrivilegedMode",
        change="True becomes False",
        reason="it strengthens: the build may do less",
    ),
    _Harmless(
        resource_type="AWS::CodePipeline::Pipeline",
        place=r".*\.DetectChanges",
        reason="the pipeline no longer starts by itself; what runs, and who approves, stays",
    ),
    _Harmless(
        resource_type="AWS::CodePipeline::Pipeline",
        place=r".*\.Extract",
        reason="S3 is given the same files as one archive; who may read them, and how long they are kept, stays",
    ),
    _Harmless(
        resource_type="AWS::ECS::TaskDefinition",
        place=r".*\.Essential",
        reason="ECS refuses a task without an essential container, and this one is the only one",
    ),
    _Harmless(
        resource_type="AWS::ECS::TaskDefinition",
        place=r".*\.InitProcessEnabled",
        reason="orphaned processes are not collected; the container may do no more than before",
    ),
    _Harmless(
        resource_type="AWS::ECS::TaskDefinition",
        place=r".*\.MountPoints\..*\.ReadOnly",
        change="False becomes True",
        reason="it strengthens: the path can no longer be written",
    ),
    _Harmless(
        resource_type="AWS::ECS::Service",
        place=r".*\.HealthCheckGracePeriodSeconds",
        reason="a slow start counts as ill; the service is rolled back sooner, not later",
    ),
    _Harmless(
        resource_type="AWS::EKS::Cluster",
        place=r".*\.SecurityGroupIds",
        reason="it strengthens: EKS's own security group alone is left, which admits nobody but nodes",
    ),
    _Harmless(
        resource_type="AWS::EKS::Cluster",
        place=r".*\.BootstrapSelfManagedAddons",
        change="False becomes True",
        reason="EKS installs at first what the template's add-ons then replace; who may do what stays",
    ),
    _Harmless(
        resource_type="AWS::EKS::Cluster",
        place=r".*\.(ComputeConfig|ElasticLoadBalancing|BlockStorage)\.Enabled",
        reason="EKS refuses a cluster in which the three are not all on or all off",
    ),
    _Harmless(
        resource_type="AWS::EC2::LaunchTemplate",
        place=r".*\.HttpEndpoint",
        change="enabled becomes disabled",
        reason="it strengthens: there is no metadata service then, and a node cannot join its cluster",
    ),
    _Harmless(
        resource_type="AWS::ElasticLoadBalancingV2::TargetGroup",
        place=r".*\.HealthCheckIntervalSeconds",
        reason="it is then every 30 seconds, the default of Elastic Load Balancing",
    ),
    _Harmless(
        resource_type="AWS::ElasticLoadBalancingV2::TargetGroup",
        place=r".*\.HealthCheck(Path|Protocol)",
        change="removed",
        reason="the check then asks for / over HTTP, the defaults of Elastic Load Balancing; it carries no data",
    ),
    _Harmless(
        resource_type="AWS::ElasticLoadBalancingV2::TargetGroup",
        place=r".*\.TargetGroupAttributes\..*",
        change="false becomes true",
        reason="sessions stick to a task: a matter of balance, not of access",
    ),
    _Harmless(
        resource_type="AWS::ElasticLoadBalancingV2::Listener",
        place=r".*\.ListenerAttributes\..*",
        change="false becomes true",
        reason="answers name the load balancer as their server, which its address tells anyhow",
    ),
)


def why_harmless(mutant: Mutant) -> str | None:
    """The reason why this change weakens nothing, or ``None`` where it does."""
    for known in _HARMLESS:
        pairs = (
            (known.resource_type, mutant.resource_type),
            (known.place, mutant.place),
            (known.change, mutant.change),
        )
        if all(re.fullmatch(pattern, text) for pattern, text in pairs):
            return known.reason
    return None
