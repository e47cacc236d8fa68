"""A private Kubernetes cluster."""

from collections.abc import Sequence
from itertools import pairwise

import jsii
from aws_cdk import Annotations, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.compute.eks.access_entries import AccessEntries
from pavedroad.compute.eks.addons import (
    OBSERVABILITY,
    POD_IDENTITY_AGENT,
    ClusterAddon,
    check_addons,
    default_addons,
    insights_log_groups,
    make_addons,
)
from pavedroad.compute.eks.alarms import (
    KubernetesClusterAlarmThresholds,
    WatchedMetrics,
    control_plane_alarms,
    insights_alarms,
)
from pavedroad.compute.eks.cluster_invariants import LOG_TYPES, hold_cluster
from pavedroad.compute.eks.fargate_profiles import FargateProfile, make_fargate_profile
from pavedroad.compute.eks.network import check_ranges, endpoint_access
from pavedroad.compute.eks.node_groups import NodeGroup, make_node_group
from pavedroad.compute.eks.roles import (
    auto_mode_node_role,
    control_plane_role,
    fargate_role,
    node_role,
    pod_role,
)
from pavedroad.compute.eks.versions import check_version
from pavedroad.naming import unique_name
from pavedroad.network.placement import closed_subnets
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import admit_auto_scaling, rotated_key
from pavedroad.version_stamp import stamp

# EKS allows 100 characters: the part of the stack's id takes 13.
_LONGEST_NAME = 60
_DEFAULT_THRESHOLDS = KubernetesClusterAlarmThresholds()


@jsii.implements(ec2.IConnectable)
class KubernetesCluster(Construct):
    """A Kubernetes cluster on EKS: private, logged, with encrypted secrets, and closed to all but access entries.

    Nobody has access by having made the cluster: give it with ``grant_access``. Pods have roles of their own, with
    ``add_pod_identity``; they cannot take the role of their node. Nodes are in private subnets, demand IMDSv2, encrypt
    their volumes and are reached through Session Manager only. EKS moves the control plane to the next version when
    the standard support of its version ends.

    The control plane's endpoint is in the VPC: ``kubectl`` and deployments must run where they reach it.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        vpc: The VPC, with DNS names switched on. The CDK gives the subnets of an ``ec2.Vpc`` of the app the tags by
            which load balancers find them; for any other it warns, and whoever made the subnets has to set the tags.
        version: The Kubernetes version, such as ``eks.KubernetesVersion.V1_36``. Required, so that no release of this
            library upgrades a cluster. A change upgrades by one minor version, nodes after the control plane.
        node_groups: Managed node groups. Left out: none; one of node groups, Fargate profiles and Auto Mode is needed.
        fargate_profiles: Pods that run without nodes. Left out: none.
        auto_mode: Let EKS choose, start, patch and replace the nodes, and make volumes and load balancers. Its nodes
            encrypt their volumes with the key that AWS manages, unless a ``NodeClass`` names another. Left out: off.
        addons: The add-ons, with their versions; they replace the following. Left out: with node groups ``vpc-cni``
            (network policies enforced), ``kube-proxy``, ``eks-pod-identity-agent``, ``coredns`` and
            ``amazon-cloudwatch-observability``; with Auto Mode the last one, with Fargate ``coredns``.
        vpc_subnets: Where nodes, pods and the endpoint are. Left out: private subnets with a route out, else isolated
            ones, which need interface endpoints for all that nodes call.
        cluster_name: Left out: the construct's path, and a part of the stack's id that no other stack has.
        public_access_cidrs: Ranges from which the endpoint can be reached over the internet too; leaves the warning
            ``pavedroad:cluster-public-endpoint``. Left out: from the VPC only.
        service_ipv4_cidr: The range of Kubernetes services, /12 to /24, apart from every network that pods call. Left
            out: EKS takes 10.100.0.0/16 or 172.20.0.0/16.
        encryption_key: Encrypts secrets, logs and the volumes of nodes; an imported one must admit CloudWatch Logs and
            EC2 Auto Scaling. Left out: a key of its own with yearly rotation, kept when the stack is deleted.
        log_retention: Of the control plane's log and those of Container Insights. Left out: one year.
        extended_support: Stay on a version for a year after its standard support, at six times the price; leaves the
            warning ``pavedroad:cluster-extended-support``. Left out: EKS upgrades.
        zonal_shift: Let Application Recovery Controller move traffic away from a zone that is ill. Left out: on.
        deletion_protection: Left out: on. ``False`` leaves the warning ``pavedroad:cluster-no-deletion-protection``.

    Attributes:
        cluster: The L2 cluster, with the id ``Resource``.
        cluster_name: The cluster's name.
        cluster_endpoint: The URL of the API server.
        certificate_authority_data: The certificate by which clients know the API server, in Base64.
        open_id_connect_issuer_url: The issuer of the service accounts' tokens.
        encryption_key: The key in use.
        log_group: The control plane's log.
        insights_log_groups: The log groups of Container Insights by kind; empty without the add-on.
        security_group: Of the control plane's network interfaces; admits nobody until ``connections`` is asked to.
        node_security_group: The one that EKS makes, of the control plane and all nodes and pods.
        connections: Network access to the endpoint, on port 443; as a source, the nodes and pods.
        role: The control plane's role.
        node_role: The role of the node groups' nodes; ``None`` without any.
        node_groups: The node groups by name.
        fargate_profiles: The Fargate profiles by name.
        addons: The add-ons by name.
        access_entries: The access entries by the ARN of their role.
        pod_identities: The pod identity associations by ``namespace/service-account``.

    Raises:
        InvalidArgumentsError: An argument cannot work; the message names all that cannot.

    Controls: EKS.1, EKS.2, EKS.3, EKS.8, EC2.3, EC2.8, EC2.170, CloudWatch.16, KMS.4; nag EKS1 and EKS2; NIST AC-2,
        AC-3, AC-4, AC-6, AU-2, AU-11, AU-12, CM-7, CP-10, SC-7, SC-12, SC-13, SC-28, SI-2.

    Example:
        >>> from aws_cdk import aws_eks_v2 as eks
        >>> from pavedroad import KubernetesCluster
        >>> from pavedroad.compute.eks.fargate_profiles import FargateProfile
        >>> from pavedroad.compute.eks.node_groups import NodeGroup
        >>> shop = KubernetesCluster(
        ...     stack,
        ...     "Shop",
        ...     vpc=vpc,
        ...     version=eks.KubernetesVersion.V1_36,
        ...     node_groups=[NodeGroup(name="general", max_size=10)],
        ...     fargate_profiles=[FargateProfile(name="batch", selectors=[eks.Selector(namespace="batch")])],
        ... )
        >>> entry = shop.grant_access(role, "AmazonEKSEditPolicy", namespaces=["orders"])
        >>> grant = topic.grant_publish(shop.add_pod_identity(namespace="orders", service_account="api"))
        >>> alarms = shop.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        version: eks.KubernetesVersion,
        node_groups: Sequence[NodeGroup] = (),
        fargate_profiles: Sequence[FargateProfile] = (),
        auto_mode: bool = False,
        addons: Sequence[ClusterAddon] | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        cluster_name: str | None = None,
        public_access_cidrs: Sequence[str] = (),
        service_ipv4_cidr: str | None = None,
        encryption_key: kms.IKey | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        extended_support: bool = False,
        zonal_shift: bool = True,
        deletion_protection: bool = True,
    ) -> None:
        super().__init__(scope, construct_id)
        if addons is None:
            addons = default_addons(
                node_groups=bool(node_groups), fargate_profiles=bool(fargate_profiles), auto_mode=auto_mode
            )
        arguments = Arguments(self)
        subnets = closed_subnets(arguments, vpc, vpc_subnets, what="nodes are", asked_by="EKS", with_route_out=True)
        check_version(arguments, version, extended_support=extended_support)
        check_ranges(arguments, public_access_cidrs, service_ipv4_cidr)
        check_addons(arguments, addons, auto_mode=auto_mode)
        _check_capacity(arguments, node_groups, fargate_profiles, auto_mode=auto_mode)
        arguments.matches(
            "cluster_name",
            cluster_name,
            "[A-Za-z0-9][A-Za-z0-9_-]{0,99}",
            "1 to 100 letters, digits, hyphens and underscores, a letter or digit first",
        )
        arguments.check()

        self._name = cluster_name or unique_name(self, longest=_LONGEST_NAME, otherwise="cluster")
        self._has_pod_identity = auto_mode or any(addon.name == POD_IDENTITY_AGENT for addon in addons)
        self._has_insights = any(addon.name == OBSERVABILITY for addon in addons)
        self.encryption_key = encryption_key or rotated_key(
            self, "Key", description=f"Secrets, logs and nodes of the cluster {construct_id}"
        )
        self.log_group = encrypted_log_group(
            self,
            "Logs",
            encryption_key=self.encryption_key,
            retention=log_retention,
            log_group_name=f"/aws/eks/{self._name}/cluster",
        )
        self.role = control_plane_role(
            self, cluster_name=self._name, encryption_key=self.encryption_key, auto_mode=auto_mode
        )
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description=f"The endpoint of the cluster {construct_id}",
            allow_all_outbound=False,
        )
        self.cluster = eks.Cluster(
            self,
            "Resource",
            cluster_name=self._name,
            version=version,
            vpc=vpc,
            vpc_subnets=[ec2.SubnetSelection(subnets=subnets)],
            endpoint_access=endpoint_access(public_access_cidrs),
            security_group=self.security_group,
            # The L2 would else widen the role's trust for Auto Mode, without a condition.
            role=self.role.without_policy_updates(),
            secrets_encryption_key=self.encryption_key,
            cluster_logging=list(LOG_TYPES),
            service_ipv4_cidr=service_ipv4_cidr,
            bootstrap_cluster_creator_admin_permissions=False,
            bootstrap_self_managed_addons=False,
            default_capacity_type=eks.DefaultCapacityType.AUTOMODE if auto_mode else eks.DefaultCapacityType.NODEGROUP,
            default_capacity=None if auto_mode else 0,
            compute=eks.ComputeConfig(node_role=auto_mode_node_role(self)) if auto_mode else None,
        )
        resource = self._finish(
            extended_support=extended_support, zonal_shift=zonal_shift, deletion_protection=deletion_protection
        )
        self.connections = self.cluster.connections
        self.node_security_group = self.cluster.cluster_security_group
        self.cluster_name = self.cluster.cluster_name
        self.cluster_endpoint = self.cluster.cluster_endpoint
        self.certificate_authority_data = self.cluster.cluster_certificate_authority_data
        self.open_id_connect_issuer_url = resource.attr_open_id_connect_issuer_url

        self.node_role: iam.Role | None = None
        self.node_groups = self._make_node_groups(node_groups, version, subnets)
        self.fargate_profiles = self._make_fargate_profiles(fargate_profiles, subnets)
        self.insights_log_groups: dict[str, logs.LogGroup] = {}
        if self._has_insights:
            self.insights_log_groups = insights_log_groups(
                self, cluster_name=self._name, encryption_key=self.encryption_key, retention=log_retention
            )
        self.addons = make_addons(
            self,
            addons,
            cluster=self.cluster,
            cluster_name=self._name,
            encryption_key=self.encryption_key,
            capacity=[*self.node_groups.values(), *self.fargate_profiles.values()],
            on_fargate=not node_groups and not auto_mode,
        )
        if self._has_insights:
            self.addons[OBSERVABILITY].node.add_dependency(*self.insights_log_groups.values())
        self.pod_identities: dict[str, eks.CfnPodIdentityAssociation] = {}
        self._access_entries = AccessEntries(self, self.cluster_name)
        self.access_entries = self._access_entries.by_role
        self._warn(
            public=bool(public_access_cidrs),
            extended_support=extended_support,
            deletion_protection=deletion_protection,
        )
        hold_cluster(self, resource)
        stamp(self)

    def grant_access(self, principal: iam.IRole, policy: str, *, namespaces: Sequence[str] = ()) -> eks.CfnAccessEntry:
        """Let whoever has the role ``principal`` use the Kubernetes API; a further call adds to its access entry.

        Args:
            principal: A role, such as that of a team or of a pipeline.
            policy: The access policy: ``AmazonEKSViewPolicy``, ``AmazonEKSEditPolicy``, ``AmazonEKSAdminPolicy``,
                ``AmazonEKSClusterAdminPolicy`` or another of EKS.
            namespaces: Where it holds, such as ``["orders", "orders-*"]``. Left out: in the whole cluster.

        Raises:
            InvalidArgumentsError: The policy is no access policy of EKS.
        """
        arguments = Arguments(self)
        arguments.matches("policy", policy, r"AmazonEKS[A-Za-z]+Policy", "a name such as AmazonEKSViewPolicy")
        arguments.check()
        return self._access_entries.grant(principal, policy, namespaces)

    def add_pod_identity(self, *, namespace: str, service_account: str, role: iam.IRole | None = None) -> iam.IRole:
        """Give the pods of a service account a role, which is returned so that grants can be made to it.

        Args:
            namespace: The Kubernetes namespace, known at synthesis.
            service_account: The service account in it, known at synthesis.
            role: A role that trusts ``pods.eks.amazonaws.com`` with ``sts:AssumeRole`` and ``sts:TagSession``. Left
                out: a new one, for pods of this cluster only.

        Raises:
            InvalidArgumentsError: The names are none that Kubernetes has, are taken, or nothing hands pods their roles.
        """
        key = f"{namespace}/{service_account}"
        arguments = Arguments(self)
        for name, value in (("namespace", namespace), ("service_account", service_account)):
            arguments.matches(name, value, r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?", "a name that Kubernetes accepts")
        if key in self.pod_identities:
            arguments.refuse("service_account", key, "has a role already")
        if not self._has_pod_identity:
            arguments.refuse("service_account", key, f"needs the add-on {POD_IDENTITY_AGENT} or auto_mode")
        arguments.check()
        construct_id = f"{namespace}_{service_account}"  # no Kubernetes name has an underscore
        role = role or pod_role(
            self, f"PodRole-{construct_id}", cluster_name=self._name, description=f"Pods of {key} in {self.node.id}"
        )
        self.pod_identities[key] = eks.CfnPodIdentityAssociation(
            self,
            f"PodIdentity-{construct_id}",
            cluster_name=self.cluster_name,
            namespace=namespace,
            service_account=service_account,
            role_arn=role.role_arn,
        )
        return role

    def add_alarms(
        self, topic: sns.ITopic, thresholds: KubernetesClusterAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when the API server fails or pods find no room, and with Container Insights when nodes suffer.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``KubernetesClusterAlarmThresholds``.
        """
        watched = WatchedMetrics(
            api_server_errors=self.metric_api_server_errors(),
            unschedulable_pods=self.metric_unschedulable_pods(),
            failed_nodes=self.metric_failed_nodes(),
            failed_pods=self.metric_failed_pods(),
            node_cpu_utilization=self.metric_node_cpu_utilization(),
            node_memory_utilization=self.metric_node_memory_utilization(),
        )
        alarms = control_plane_alarms(self, watched, topic, thresholds)
        return [*alarms, *insights_alarms(self, watched, topic, thresholds)] if self._has_insights else alarms

    def metric(
        self, metric_name: str, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Any metric of the control plane; every five minutes unless ``period`` says otherwise."""
        return self._metric("AWS/EKS", metric_name, statistic, period)

    def metric_insights(
        self, metric_name: str, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Any metric of Container Insights; every five minutes unless ``period`` says otherwise."""
        return self._metric("ContainerInsights", metric_name, statistic, period)

    def metric_api_server_errors(self, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """Responses 5xx of the API server; every five minutes unless ``period`` says otherwise."""
        return self.metric("apiserver_request_total_5XX", statistic=statistic, period=period)

    def metric_unschedulable_pods(
        self, *, statistic: str = "Minimum", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Pods for which no node has room; every five minutes unless ``period`` says otherwise."""
        return self.metric("scheduler_pending_pods_UNSCHEDULABLE", statistic=statistic, period=period)

    def metric_failed_nodes(self, *, statistic: str = "Average", period: Duration | None = None) -> cloudwatch.Metric:
        """Nodes with a condition; every five minutes unless ``period`` says otherwise."""
        return self.metric_insights("cluster_failed_node_count", statistic=statistic, period=period)

    def metric_failed_pods(self, *, statistic: str = "Average", period: Duration | None = None) -> cloudwatch.Metric:
        """Pods that ended with an error; every five minutes unless ``period`` says otherwise."""
        return self.metric_insights("pod_status_failed", statistic=statistic, period=period)

    def metric_node_cpu_utilization(
        self, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """CPU use of the nodes, in percent; every five minutes unless ``period`` says otherwise."""
        return self.metric_insights("node_cpu_utilization", statistic=statistic, period=period)

    def metric_node_memory_utilization(
        self, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Memory use of the nodes, in percent; every five minutes unless ``period`` says otherwise."""
        return self.metric_insights("node_memory_utilization", statistic=statistic, period=period)

    def _metric(self, namespace: str, name: str, statistic: str, period: Duration | None) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=namespace,
            metric_name=name,
            dimensions_map={"ClusterName": self.cluster_name},
            statistic=statistic,
            period=period or Duration.minutes(5),
        )

    def _finish(self, *, extended_support: bool, zonal_shift: bool, deletion_protection: bool) -> eks.CfnCluster:
        """What the L2 has no argument for."""
        resource = self.cluster.node.default_child
        assert isinstance(resource, eks.CfnCluster)
        resource.deletion_protection = deletion_protection
        resource.upgrade_policy = eks.CfnCluster.UpgradePolicyProperty(
            support_type="EXTENDED" if extended_support else "STANDARD"
        )
        resource.zonal_shift_config = eks.CfnCluster.ZonalShiftConfigProperty(enabled=zonal_shift)
        # EKS would else make the log group itself, without encryption and for ever, and find its role without policies.
        resource.node.add_dependency(self.log_group, self.role)
        acknowledge(
            resource,
            "cloudformation-validate::W9009",
            "EKS encrypts all that the API holds since 1.28; the list must name secrets still, and EKS.3 reads it.",
        )
        return resource

    def _make_node_groups(
        self, node_groups: Sequence[NodeGroup], version: eks.KubernetesVersion, subnets: Sequence[ec2.ISubnet]
    ) -> dict[str, eks.CfnNodegroup]:
        if not node_groups:
            return {}
        admit_auto_scaling(self.encryption_key)
        role = self.node_role = node_role(self, cluster_name=self._name)
        return {
            group.name: make_node_group(
                self,
                group,
                cluster=self.cluster,
                version=version.version,
                role=role,
                subnets=subnets,
                encryption_key=self.encryption_key,
            )
            for group in node_groups
        }

    def _make_fargate_profiles(
        self, profiles: Sequence[FargateProfile], subnets: Sequence[ec2.ISubnet]
    ) -> dict[str, eks.CfnFargateProfile]:
        if not profiles:
            return {}
        role = fargate_role(self, cluster_name=self._name)
        made = {
            profile.name: make_fargate_profile(self, profile, cluster=self.cluster, role=role, subnets=subnets)
            for profile in profiles
        }
        for before, after in pairwise(made.values()):
            after.add_dependency(before)  # EKS makes one profile of a cluster at a time
        return made

    def _warn(self, *, public: bool, extended_support: bool, deletion_protection: bool) -> None:
        weakened = {
            "public-endpoint": (public, "The Kubernetes API can be reached from the internet, from the named ranges."),
            "extended-support": (extended_support, "This cluster may stay on a version that has ended upstream."),
            "no-deletion-protection": (not deletion_protection, "This cluster can be deleted by one call."),
        }
        for name, (is_weakened, consequence) in weakened.items():
            if is_weakened:
                Annotations.of(self).add_warning_v2(f"pavedroad:cluster-{name}", consequence)


def _check_capacity(
    arguments: Arguments,
    node_groups: Sequence[NodeGroup],
    fargate_profiles: Sequence[FargateProfile],
    *,
    auto_mode: bool,
) -> None:
    for name, groups in (("node_groups", node_groups), ("fargate_profiles", fargate_profiles)):
        names = [group.name for group in groups]
        for each in sorted({each for each in names if names.count(each) > 1}):
            arguments.refuse(name, each, "is named more than once")
        for group in groups:
            group.check(arguments)
    if auto_mode or node_groups:
        return
    if not fargate_profiles:
        arguments.refuse("node_groups", list(node_groups), "nothing runs pods: give it, fargate_profiles or auto_mode")
    elif not any(profile.runs_the_system for profile in fargate_profiles):
        arguments.refuse(
            "fargate_profiles", [each.name for each in fargate_profiles], "one must select kube-system, for CoreDNS"
        )
