from collections.abc import Sequence
import jsii
from aws_cdk import Annotations, Aws, Duration, Names, Tags, Token
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.compute.ec2.image import LaunchImage, check_image, check_types, default_types
from pavedroad.compute.ec2.instance_fleet_alarms import InstanceFleetAlarmThresholds, WatchedFleet, add_fleet_alarms
from pavedroad.compute.ec2.instance_role import METRICS_NAMESPACE, instance_role
from pavedroad.compute.ec2.launch_invariants import hold_launch_template
from pavedroad.compute.ec2.patching import InstancePatching
from pavedroad.compute.ec2.rollout import InstanceRollout
from pavedroad.compute.ec2.scaling import InstanceScaling, SpotShare, distribution
from pavedroad.compute.ec2.startup import FLEET_DIMENSION, check_startup, signal_on_exit, startup
from pavedroad.compute.ec2.volumes import InstanceVolume, check_volumes
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import admit_auto_scaling, rotated_key
from pavedroad.version_stamp import stamp
_DEFAULT_THRESHOLDS = InstanceFleetAlarmThresholds()
_ROOT_VOLUME = InstanceVolume()

@jsii.implements(ec2.IConnectable, iam.IGrantable)
class InstanceFleet(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, image: str | None=None, instance_types: Sequence[str] | None=None, architecture: ec2.InstanceArchitecture=ec2.InstanceArchitecture.X86_64, user_data: Sequence[str]=(), log_files: Sequence[str]=(), volumes: Sequence[InstanceVolume]=(_ROOT_VOLUME,), scaling: InstanceScaling | None=None, spot: SpotShare | None=None, rollout: InstanceRollout | None=None, patching: InstancePatching | None=None, notification_topic: sns.ITopic | None=None, allow_all_outbound: bool=False, vpc_subnets: ec2.SubnetSelection | None=None, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, encryption_key: kms.IKey | None=None) -> None:
        self.encryption_key = ...
        self.fleet_name = ...
        self.group = ...
        self.launch_template = ...
        self.log_group = ...
        self.patch_association = ...
        self.role = ...
        self.scaling = ...
        self.security_group = ...
        self.tags = ...

    @property
    def connections(self) -> ec2.Connections:
        ...

    @property
    def grant_principal(self) -> iam.IPrincipal:
        ...

    def attach_to_target_group(self, target_group: elbv2.ApplicationTargetGroup, *, requests_per_target: int | None=None) -> None:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: InstanceFleetAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric_cpu_utilization(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_failed_status_checks(self, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_instances_in_service(self, *, statistic: str='Minimum', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_memory_used(self, *, statistic: str='Average', period: Duration | None=None) -> cloudwatch.Metric:
        ...

    def metric_disk_used(self, *, statistic: str='Maximum', period: Duration | None=None) -> cloudwatch.Metric:
        ...
