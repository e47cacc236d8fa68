"""A fleet of instances that replaces and patches itself."""

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
from pavedroad.compute.ec2.instance_fleet_alarms import (
    InstanceFleetAlarmThresholds,
    WatchedFleet,
    add_fleet_alarms,
)
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
    """EC2 instances in an Auto Scaling group that are private, encrypted, patched and replaced by age.

    Instances run in private subnets of several zones without a public IP. They have no key pair: people enter through
    Session Manager, whose agent Amazon Linux brings. They reach other services by HTTPS, and what ``connections``
    opens. The CloudWatch agent ships their logs and measures memory and disks.

    A deployment replaces instances in batches, and is rolled back where a new one does not finish its user data. An
    instance that fails a check is replaced, and so is one of 30 days: it comes back with the image of the day.
    Operating system patches are installed each week meanwhile.

    The number of instances is left to the scaling: a deployment does not set it back.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        vpc: The network.
        image: An image's id, or the name of an SSM parameter that holds it, which EC2 reads at each launch; a parameter
            of the template must hold such a name. It must be Amazon Linux 2023 or made of it. Left out: the latest
            Amazon Linux 2023.
        instance_types: Two or more, the first preferred. Left out: ``m7i.large`` and the like; ``m7g.large`` for ARM.
        architecture: ``X86_64`` or ``ARM_64``. Left out: ``X86_64``.
        user_data: Shell commands that root runs at the first start, without secrets. Left out: none.
        log_files: Further log files that are shipped. Left out: those of the first start, audit and SSM agent.
        volumes: The volumes of an instance. Left out: a root volume of 20 GiB.
        scaling: Left out: 2 to 6 instances, 60 % CPU. One leaves the warning ``pavedroad:fleet-single-instance``.
        spot: A share of the instances on Spot. Left out: all on demand.
        rollout: How instances are replaced. Left out: one at a time, 15 minutes to start, after 30 days at the latest.
        patching: Left out: Sundays at 03:00 UTC, with a restart where needed.
        notification_topic: Told of every launch and termination. Left out: nobody; the activities remain in the
            group's history.
        allow_all_outbound: Let the instances connect to anything; leaves the warning
            ``pavedroad:fleet-all-outbound``. Left out: port 443, and what ``connections`` opens.
        vpc_subnets: Where the instances run, in two zones or more. Left out: private subnets with a route out.
        log_retention: Of the log group. Left out: a year.
        encryption_key: Encrypts volumes and logs; an imported one must admit CloudWatch Logs and the service-linked
            role of Auto Scaling. Left out: a new key with yearly rotation, kept when the stack is deleted.

    Attributes:
        group: The L2 Auto Scaling group, with the id ``Resource``.
        launch_template: The launch template.
        role: The instances' role.
        security_group: Admits nobody until ``connections`` is asked to.
        log_group: The instances' logs, a stream for each instance and file.
        encryption_key: The key in use.
        patch_association: The State Manager association that patches.
        fleet_name: The value of the dimension ``Fleet`` of the memory and disk metrics.
        tags: Tags that the instances and their volumes have and no others, for ``SnapshotSchedule``,
            ``Volume.grant_attach`` and ``SessionAccess.grant_start_session``.
        scaling: The scaling in use.
        connections: The instances' network connections.
        grant_principal: The instances' role, so that ``bucket.grant_read(fleet)`` works.

    Raises:
        InvalidArgumentsError: Arguments are not possible together or out of range; all are named.

    Controls: AutoScaling.1, AutoScaling.2, AutoScaling.6, AutoScaling.9, EC2.3, EC2.8, EC2.9, EC2.25,
        EC2.170, EC2.181, SSM.1, SSM.2, SSM.3, CloudWatch.16, KMS.4, nag AS1, AS2, AS3, EC23, EC26, EC28, IAM4, IAM5,
        NIST AC-4, AC-6, AU-12, CM-6, CP-10, SC-7, SC-13, SC-28, SI-2.

    Example:
        >>> from pavedroad import InstanceFleet
        >>> from pavedroad.compute.ec2.scaling import InstanceScaling, ScheduledSize, SpotShare
        >>> fleet = InstanceFleet(
        ...     stack,
        ...     "Workers",
        ...     vpc=vpc,
        ...     user_data=["dnf install -y nginx", "systemctl enable --now nginx"],
        ...     log_files=["/var/log/nginx/error.log"],
        ...     scaling=InstanceScaling(
        ...         max_instances=10,
        ...         schedules=[
        ...             ScheduledSize(name="Morning", cron="0 7 * * MON-FRI", min_instances=4),
        ...             ScheduledSize(name="Evening", cron="0 19 * * MON-FRI", min_instances=2),
        ...         ],
        ...     ),
        ...     spot=SpotShare(spot_percent=40),
        ... )
        >>> topic.grant_publish(fleet)
        >>> alarms = fleet.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        image: str | None = None,
        instance_types: Sequence[str] | None = None,
        architecture: ec2.InstanceArchitecture = ec2.InstanceArchitecture.X86_64,
        user_data: Sequence[str] = (),
        log_files: Sequence[str] = (),
        volumes: Sequence[InstanceVolume] = (_ROOT_VOLUME,),
        scaling: InstanceScaling | None = None,
        spot: SpotShare | None = None,
        rollout: InstanceRollout | None = None,
        patching: InstancePatching | None = None,
        notification_topic: sns.ITopic | None = None,
        allow_all_outbound: bool = False,
        vpc_subnets: ec2.SubnetSelection | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.scaling = scaling or InstanceScaling()
        rollout, patching = rollout or InstanceRollout(), patching or InstancePatching()
        types = default_types(architecture) if instance_types is None else list(instance_types)
        arguments = Arguments(self)
        check_image(arguments, image)
        check_types(arguments, types, architecture)
        check_startup(arguments, user_data, log_files)
        check_volumes(arguments, volumes)
        subnets = _select_subnets(arguments, vpc, vpc_subnets)
        for each in (self.scaling, spot, rollout, patching):
            if each is not None:
                each.check(arguments)
        arguments.check()

        self.fleet_name = f"{Aws.STACK_NAME}-{Names.unique_resource_name(self, max_length=64)}"
        self.encryption_key = encryption_key or rotated_key(
            self, "Key", description=f"Volumes and logs of {self.node.path}"
        )
        admit_auto_scaling(self.encryption_key)
        self.log_group = encrypted_log_group(self, "Logs", encryption_key=self.encryption_key, retention=log_retention)
        self.role = instance_role(
            self, "Role", description=f"What the instances of {self.node.id} may do", log_group=self.log_group
        )
        self.security_group = self._security_group(vpc, allow_all_outbound=allow_all_outbound)
        self._user_data = startup(
            fleet=self.fleet_name, log_group=self.log_group, log_files=log_files, commands=user_data
        )
        self.launch_template = self._launch_template(
            LaunchImage(image, architecture, self._user_data), types[0], volumes
        )
        self.tags = {"pavedroad:fleet": self.fleet_name}
        for name, value in self.tags.items():
            Tags.of(self.launch_template).add(name, value)
        self.group = self._group(
            vpc, subnets, types=types, spot=spot, rollout=rollout, notification_topic=notification_topic
        )
        signal_on_exit(self._user_data, self._resource)
        # What others grant later is not covered by the reasons that are given for the instances' own rights.
        self.role.begin_policy("GrantedPolicy")
        self._notify(notification_topic)
        self._acknowledge()
        self.scaling.apply(self.group)
        self.patch_association = patching.associate(self, self.group.auto_scaling_group_name)
        self._warn(all_outbound=allow_all_outbound, scan_only=patching.operation == "Scan")
        hold_launch_template(self, self.launch_template)
        stamp(self)

    @property
    def connections(self) -> ec2.Connections:
        """The instances' network connections, such as for ``database.connections.allow_default_port_from(fleet)``."""
        return self.security_group.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The instances' role."""
        return self.role

    def attach_to_target_group(
        self, target_group: elbv2.ApplicationTargetGroup, *, requests_per_target: int | None = None
    ) -> None:
        """Serve ``target_group``, whose health check then decides with EC2's own whether an instance is replaced.

        Args:
            target_group: Of the type ``INSTANCE``. With ``requests_per_target`` a listener must use it already.
            requests_per_target: Requests an instance and minute that scaling holds. Left out: requests do not scale.
        """
        arguments = Arguments(self)
        arguments.between("requests_per_target", requests_per_target, 1, 1_000_000)
        arguments.check()
        target_group.add_target(self.group)
        self._resource.health_check_type = "EBS,ELB"
        if requests_per_target is not None:
            self.group.scale_on_request_count("Requests", target_requests_per_minute=requests_per_target)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: InstanceFleetAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Alarms on CPU, memory, disks, status checks and instances in service.

        Args:
            topic: Told on alarm and on recovery.
            thresholds: When they go off.
        """
        watched = WatchedFleet(
            cpu_utilization=self.metric_cpu_utilization(),
            memory_used=self.metric_memory_used(),
            disk_used=self.metric_disk_used(),
            failed_status_checks=self.metric_failed_status_checks(),
            instances_in_service=self.metric_instances_in_service(),
        )
        return add_fleet_alarms(self, watched, topic, thresholds, min_instances=self.scaling.min_instances)

    def metric_cpu_utilization(
        self, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """CPU use of the instances, in percent; every five minutes unless ``period`` says otherwise."""
        return self._of_the_group("AWS/EC2", "CPUUtilization", statistic, period or Duration.minutes(5))

    def metric_failed_status_checks(
        self, *, statistic: str = "Maximum", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """1 where an instance fails a status check of EC2; every minute unless ``period`` says otherwise."""
        return self._of_the_group("AWS/EC2", "StatusCheckFailed", statistic, period or Duration.minutes(1))

    def metric_instances_in_service(
        self, *, statistic: str = "Minimum", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Instances that serve; every minute unless ``period`` says otherwise."""
        return self._of_the_group(
            "AWS/AutoScaling", "GroupInServiceInstances", statistic, period or Duration.minutes(1)
        )

    def metric_memory_used(self, *, statistic: str = "Average", period: Duration | None = None) -> cloudwatch.Metric:
        """Memory use of the instances, in percent; every five minutes unless ``period`` says otherwise."""
        return self._of_the_agent("mem_used_percent", statistic, period)

    def metric_disk_used(self, *, statistic: str = "Maximum", period: Duration | None = None) -> cloudwatch.Metric:
        """Use of the fullest file system, in percent; every five minutes unless ``period`` says otherwise."""
        return self._of_the_agent("disk_used_percent", statistic, period)

    def _of_the_group(self, namespace: str, name: str, statistic: str, period: Duration) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=namespace,
            metric_name=name,
            dimensions_map={"AutoScalingGroupName": self.group.auto_scaling_group_name},
            statistic=statistic,
            period=period,
        )

    def _of_the_agent(self, name: str, statistic: str, period: Duration | None) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=METRICS_NAMESPACE,
            metric_name=name,
            dimensions_map={FLEET_DIMENSION: self.fleet_name},
            statistic=statistic,
            period=period or Duration.minutes(5),
        )

    @property
    def _resource(self) -> autoscaling.CfnAutoScalingGroup:
        resource = self.group.node.default_child
        assert isinstance(resource, autoscaling.CfnAutoScalingGroup)
        return resource

    def _security_group(self, vpc: ec2.IVpc, *, allow_all_outbound: bool) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Instances of the fleet",
            allow_all_outbound=allow_all_outbound,
        )
        if not allow_all_outbound:
            group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "Systems Manager, packages, HTTPS services")
        return group

    def _launch_template(
        self, image: LaunchImage, instance_type: str, volumes: Sequence[InstanceVolume]
    ) -> ec2.LaunchTemplate:
        return ec2.LaunchTemplate(
            self,
            "LaunchTemplate",
            machine_image=image,
            instance_type=ec2.InstanceType(instance_type),
            user_data=self._user_data,
            role=self.role,
            security_group=self.security_group,
            associate_public_ip_address=False,
            block_devices=[volume.block_device(self.encryption_key) for volume in volumes],
            detailed_monitoring=True,
            ebs_optimized=True,
            http_endpoint=True,
            http_tokens=ec2.LaunchTemplateHttpTokens.REQUIRED,
            http_put_response_hop_limit=1,
        )

    def _group(
        self,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        *,
        types: Sequence[str],
        spot: SpotShare | None,
        rollout: InstanceRollout,
        notification_topic: sns.ITopic | None,
    ) -> autoscaling.AutoScalingGroup:
        return autoscaling.AutoScalingGroup(
            self,
            "Resource",
            vpc=vpc,
            vpc_subnets=subnets,
            mixed_instances_policy=autoscaling.MixedInstancesPolicy(
                launch_template=self.launch_template,
                launch_template_overrides=[
                    autoscaling.LaunchTemplateOverrides(instance_type=ec2.InstanceType(name)) for name in types
                ],
                instances_distribution=distribution(spot),
            ),
            min_capacity=self.scaling.min_instances,
            max_capacity=self.scaling.max_instances,
            capacity_rebalance=True if spot else None,
            default_instance_warmup=self.scaling.warmup or Duration.minutes(3),
            health_checks=autoscaling.HealthChecks.with_additional_checks(
                additional_types=[autoscaling.AdditionalHealthCheckType.EBS], grace_period=rollout.timeout
            ),
            group_metrics=[autoscaling.GroupMetrics.all()],
            max_instance_lifetime=rollout.lifetime,
            min_healthy_percentage=rollout.min_healthy_percent,
            max_healthy_percentage=rollout.max_healthy_percent,
            signals=autoscaling.Signals.wait_for_min_capacity(timeout=rollout.timeout),
            update_policy=rollout.update_policy(self.scaling),
            notifications=[autoscaling.NotificationConfiguration(topic=notification_topic)]
            if notification_topic
            else None,
        )

    def _acknowledge(self) -> None:
        for finding, promise in {
            "AwsSolutions-EC26": "encrypts every volume with the fleet's key",
            "NIST.800.53.R5-EC2IMDSv2Enabled": "asks for tokens (IMDSv2)",
        }.items():
            acknowledge(
                self.group,
                finding,
                "The check reads a launch template that the group names itself. This one stands in the group's "
                f"MixedInstancesPolicy; it {promise}, which the construct holds and rules of its own check.",
            )

    def _notify(self, topic: sns.ITopic | None) -> None:
        if topic is None:
            acknowledge(
                self.group,
                "AwsSolutions-AS3",
                "Nobody asked to be told of each launch and termination. The group's history and CloudTrail keep them, "
                "and the alarm on instances in service tells when too few are left; notification_topic adds the rest.",
            )
        elif topic.master_key is not None:
            admit_auto_scaling(topic.master_key)

    def _warn(self, *, all_outbound: bool, scan_only: bool) -> None:
        annotations = Annotations.of(self)
        if self.scaling.is_single_instance:
            annotations.add_warning_v2(
                "pavedroad:fleet-single-instance",
                "One instance may serve alone: a zone or an instance that fails takes the fleet down.",
            )
        if all_outbound:
            annotations.add_warning_v2(
                "pavedroad:fleet-all-outbound", "The instances may connect to any address and port."
            )
        if scan_only:
            annotations.add_warning_v2(
                "pavedroad:fleet-not-patched", "Missing patches are listed and not installed before replacement."
            )


def _select_subnets(arguments: Arguments, vpc: ec2.IVpc, selection: ec2.SubnetSelection | None) -> ec2.SubnetSelection:
    """Private subnets with a route out, or what was selected: in two zones or more, never public."""
    chosen = selection or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
    selected = vpc.select_subnets(
        availability_zones=chosen.availability_zones,
        one_per_az=chosen.one_per_az,
        subnet_filters=chosen.subnet_filters,
        subnet_group_name=chosen.subnet_group_name,
        subnets=chosen.subnets,
        subnet_type=chosen.subnet_type,
    )
    if selected.has_public:
        arguments.refuse("vpc_subnets", vpc.node.path, "must not be public: the instances have no public address")
    if len(selected.subnets) == 1 and not Token.is_unresolved(selected.subnet_ids):
        arguments.refuse("vpc_subnets", vpc.node.path, "must be in two zones or more, so that one may fail")
    return ec2.SubnetSelection(subnets=selected.subnets)
