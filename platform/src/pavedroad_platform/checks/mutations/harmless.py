"""Changes that the general operators make and that weaken nothing, each with the reason."""

import re
from dataclasses import dataclass
from typing import Any

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
        resource_type="AWS::EFS::FileSystem",
        place=r".*\.LifecyclePolicies",
        reason="files stay in the storage that is quick and dear; who may read them stays",
    ),
    _Harmless(
        resource_type="AWS::IAM::Role",
        place=r".*\.MaxSessionDuration",
        change="removed",
        reason="sessions then end after an hour, the default of IAM and the least that it allows",
    ),
    _Harmless(
        resource_type="AWS::KinesisFirehose::DeliveryStream",
        place=r".*\.HttpEndpointDestinationConfiguration",
        change="removed",
        reason="Firehose refuses a stream without a destination",
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
        resource_type="AWS::DynamoDB::GlobalTable",
        place=r".*\.ContributorInsightsSpecification\.Enabled",
        reason="the throttled keys are no longer ranked; that requests are throttled is still told by the metrics",
    ),
    _Harmless(
        resource_type="AWS::(DynamoDB::GlobalTable|Cassandra::Table)",
        place=r".*\.DisableScaleIn",
        reason="capacity stays where the highest load put it: it costs more, and serves every request",
    ),
    _Harmless(
        resource_type="AWS::ElastiCache::ReplicationGroup",
        place=r".*\.(ClusterMode|CacheParameterGroupName)",
        reason="the nodes are no longer in cluster mode, and ElastiCache refuses several shards then; access stays as "
        "it is: TLS, users and encryption are settings of the group, not parameters",
    ),
    _Harmless(
        resource_type="AWS::Synthetics::Canary",
        place=r".*\.(Success|Failure)RetentionPeriod",
        reason="runs are then listed for 31 days, the default of CloudWatch Synthetics",
    ),
    _Harmless(
        resource_type="AWS::Synthetics::Canary",
        place=r".*\.ActiveTracing",
        change="False becomes True",
        reason="it strengthens: the runs are recorded",
    ),
    _Harmless(
        resource_type="AWS::XRay::Group",
        place=r".*\.NotificationsEnabled",
        reason="insights are found and shown all the same; whether EventBridge hears of them as well is a choice",
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
        change="False becomes True",
        reason="the task then ends with this container as well, sooner rather than later; it may do no more",
    ),
    _Harmless(
        resource_type="AWS::ECS::TaskDefinition",
        place=r".*\.HealthCheck",
        reason="a container that hangs is noticed later, by the load balancer's check or by its end; it may do no more",
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
        resource_type="AWS::SQS::Queue",
        place=r".*\.KmsDataKeyReusePeriodSeconds",
        reason="a data key is then used for five minutes, the default of SQS: a shorter time, and more calls to KMS",
    ),
    _Harmless(
        resource_type="AWS::SNS::Subscription",
        place=r".*\.RawMessageDelivery",
        reason="the queue gets the same message, in the JSON envelope of SNS; who may read it stays",
    ),
    _Harmless(
        resource_type="AWS::ApplicationAutoScaling::ScalingPolicy",
        place=r".*\.ReturnData",
        reason="Application Auto Scaling refuses a policy unless exactly one of its metrics returns data",
    ),
    _Harmless(
        resource_type="AWS::Scheduler::Schedule",
        place=r"Properties\.State",
        reason="nothing runs, and the alarm on no run goes off; what a run may do stays",
    ),
    _Harmless(
        resource_type="AWS::ImageBuilder::InfrastructureConfiguration",
        place=r".*\.HttpPutResponseHopLimit",
        reason="two hops are what AWS asks for where containers are built; without a token none is answered",
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
        resource_type="AWS::DocDB::DBClusterParameterGroup",
        place=r".*\.profiler",
        reason="slow operations are no longer written down; the audit log, which has a rule, tells who did what",
    ),
    _Harmless(
        resource_type="AWS::DocDB::DBInstance",
        place=r".*\.AutoMinorVersionUpgrade",
        reason="DocumentDB does not read it: it installs minor versions in the maintenance window in any case",
    ),
    _Harmless(
        resource_type="AWS::ElasticLoadBalancingV2::Listener",
        place=r".*\.ListenerAttributes\..*",
        change="false becomes true",
        reason="answers name the load balancer as their server, which its address tells anyhow",
    ),
    _Harmless(
        resource_type="AWS::EC2::LaunchTemplate",
        place=r".*\.HttpEndpoint",
        change="enabled becomes disabled",
        reason="it strengthens: the instance has no credentials then, and whoever needs some notices at once",
    ),
    _Harmless(
        resource_type="AWS::EC2::LaunchTemplate",
        place=r".*\.EbsOptimized",
        reason="a matter of speed, and for today's instance types it cannot be turned off",
    ),
    _Harmless(
        resource_type="AWS::EC2::Volume",
        place=r".*\.MultiAttachEnabled",
        reason="EC2 refuses it for gp3, the type of the volume",
    ),
    _Harmless(
        resource_type="AWS::AutoScaling::AutoScalingGroup",
        place=r".*\.CapacityRebalance",
        reason="an instance that Spot takes away is replaced two minutes later than before; on-demand ones stay",
    ),
    _Harmless(
        resource_type="AWS::AutoScaling::AutoScalingGroup",
        place=r".*\.HealthCheckGracePeriod",
        reason="a slow start counts as ill; the instance is replaced sooner, not later",
    ),
    _Harmless(
        resource_type="AWS::AutoScaling::AutoScalingGroup",
        place=r".*\.PropagateAtLaunch",
        reason="instances and volumes have the same tags from the launch template",
    ),
    _Harmless(
        resource_type="AWS::SSM::Association",
        place=r".*\.ApplyOnlyAtCronInterval",
        reason="new instances are patched at their start as well, not only on the schedule",
    ),
    _Harmless(
        resource_type="AWS::SecretsManager::Secret",
        place=r".*\.RequireEachIncludedType",
        reason="a generated value of 32 characters is as hard to guess; only rules of engines may ask for each type",
    ),
    _Harmless(
        resource_type="AWS::CloudFront::Distribution",
        place=r".*\.(Compress|IPV6Enabled)",
        reason="answers are longer, or come over IPv4 alone; who may read what stays",
    ),
    _Harmless(
        resource_type="AWS::CloudFront::Distribution",
        place=r"Properties\.DistributionConfig\.Enabled",
        reason="nothing is answered any more, and nothing is open",
    ),
    _Harmless(
        resource_type="AWS::CloudFront::Function",
        place=r"Properties\.AutoPublish",
        reason="a change stays in development, and the function that was published answers on",
    ),
    _Harmless(
        resource_type="AWS::CloudFormation::StackSet",
        place=r".*\.ManagedExecution\.Active",
        reason="an operation that comes while another one runs fails instead of waiting, and is repeated",
    ),
    _Harmless(
        resource_type="AWS::ServiceCatalog::CloudFormationProvisionedProduct",
        place=r".*\.ProvisioningParameters\.\d+\.Value",
        change="false becomes true",
        reason="a canary is protected from deletion then: it is harder to end, and nothing in it is weaker",
    ),
)


_A_ROLE_OF_AN_ACCOUNT = re.compile(r"arn:aws:iam::\d{12}:role/.*")


def _repeats_the_arns(mutant: Mutant) -> bool:
    """Whether a removed condition only asked for the organisation of accounts that the statement's ARNs name."""
    *steps, last = mutant.place.split(".")
    if last != "Condition":
        return False
    statement: Any = mutant.before.resources[mutant.resource]
    for step in steps:
        statement = statement[int(step)] if isinstance(statement, list) else statement[step]
    if list(statement["Condition"].get("StringEquals", {})) != ["aws:ResourceOrgID"]:
        return False
    resources = statement.get("Resource")
    named = resources if isinstance(resources, list) else [resources]
    return all(isinstance(arn, str) and _A_ROLE_OF_AN_ACCOUNT.fullmatch(arn) for arn in named)


def why_harmless(mutant: Mutant) -> str | None:
    """The reason why this change weakens nothing, or ``None`` where it does."""
    if _repeats_the_arns(mutant):
        return "the ARNs name accounts of the organisation; the condition says so once more"
    for known in _HARMLESS:
        pairs = (
            (known.resource_type, mutant.resource_type),
            (known.place, mutant.place),
            (known.change, mutant.change),
        )
        if all(re.fullmatch(pattern, text) for pattern, text in pairs):
            return known.reason
    return None
