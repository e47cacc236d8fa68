"""The roles of a cluster: its control plane, its nodes, its Fargate pods, and the pods that call AWS."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole

_AUTO_MODE_POLICIES = (
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)


def cluster_arn(scope: Construct, cluster_name: str) -> str:
    """The ARN of the cluster, known before it exists."""
    return Stack.of(scope).format_arn(service="eks", resource="cluster", resource_name=cluster_name)


def control_plane_role(
    scope: Construct, *, cluster_name: str, encryption_key: kms.IKey, auto_mode: bool
) -> ManagedPolicyRole:
    """The role of the control plane, which encrypts secrets with ``encryption_key``.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/cross-service-confused-deputy-prevention.html and
    https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html
    """
    eks = iam.ServicePrincipal("eks.amazonaws.com", conditions=_for_cluster(scope, cluster_name))
    role = ManagedPolicyRole(
        scope,
        "ClusterRole",
        assumed_by=eks.with_session_tags() if auto_mode else eks,
        description="EKS: the control plane and its network interfaces, volumes and load balancers",
    )
    attach(role, "AmazonEKSClusterPolicy", "EKS checks for this policy, whose actions change with its releases.")
    for policy in _AUTO_MODE_POLICIES if auto_mode else ():
        attach(role, policy, "Auto Mode needs it; AWS confines it to what carries the tags that EKS sets.")
    encryption_key.grant(role, "kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:ListGrants")
    return role


def node_role(scope: Construct, *, cluster_name: str) -> ManagedPolicyRole:
    """The role of the nodes: find themselves, pull images, hand pods their own roles, and be reached by SSM.

    The network plugin has a role of its own, so that no other program on a node can change network interfaces.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
    """
    role = ManagedPolicyRole(
        scope,
        "NodeRole",
        assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        description="EKS nodes: pull images, hand pods their own roles, SSM",
    )
    attach(role, "AmazonEKSWorkerNodeMinimalPolicy", "It is one action, which lets the agent hand pods their roles.")
    attach(role, "AmazonEC2ContainerRegistryPullOnly", "It pulls images, EKS's own of each region among them.")
    attach(role, "AmazonSSMManagedInstanceCore", "Session Manager replaces SSH; its agent changes with this policy.")
    role.add_to_principal_policy(
        iam.PolicyStatement(
            sid="DescribeThemselves", actions=["ec2:DescribeInstances", "ec2:DescribeInstanceTypes"], resources=["*"]
        )
    )
    role.add_to_principal_policy(
        iam.PolicyStatement(sid="Join", actions=["eks:DescribeCluster"], resources=[cluster_arn(scope, cluster_name)])
    )
    assert role.policy is not None
    acknowledge_resource(
        role.policy, "*", "A node reads its own name and the size of its type; EC2 offers no narrower resource."
    )
    return role


def auto_mode_node_role(scope: Construct) -> ManagedPolicyRole:
    """The role of the nodes that Auto Mode starts, whose agents are part of EKS.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html
    """
    role = ManagedPolicyRole(
        scope,
        "AutoModeNodeRole",
        assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        description="EKS Auto Mode nodes: pull images and hand pods their own roles",
    )
    attach(role, "AmazonEKSWorkerNodeMinimalPolicy", "It is one action, which lets the agent hand pods their roles.")
    attach(role, "AmazonEC2ContainerRegistryPullOnly", "It pulls images, EKS's own of each region among them.")
    return role


def fargate_role(scope: Construct, *, cluster_name: str) -> ManagedPolicyRole:
    """The role in which Fargate starts pods of this cluster only: it pulls their images."""
    profiles = Stack.of(scope).format_arn(service="eks", resource="fargateprofile", resource_name=f"{cluster_name}/*")
    role = ManagedPolicyRole(
        scope,
        "FargateRole",
        assumed_by=iam.ServicePrincipal(
            "eks-fargate-pods.amazonaws.com", conditions={"ArnLike": {"aws:SourceArn": profiles}}
        ),
        description="EKS Fargate: pull the images of pods",
    )
    attach(role, "AmazonEKSFargatePodExecutionRolePolicy", "It pulls images, EKS's own of each region among them.")
    return role


def pod_role(
    scope: Construct, construct_id: str, *, cluster_name: str, description: str, policies: Sequence[str] = ()
) -> ManagedPolicyRole:
    """A role that EKS hands to pods of this cluster only; ``policies`` are those that an add-on is made for.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    """
    pods = iam.ServicePrincipal("pods.eks.amazonaws.com", conditions=_for_cluster(scope, cluster_name))
    role = ManagedPolicyRole(scope, construct_id, assumed_by=pods.with_session_tags(), description=description)
    for policy in policies:
        attach(role, policy, "AWS makes it for this add-on and changes it with the add-on's releases.")
    return role


def attach(role: iam.Role, policy: str, reason: str) -> None:
    """Attach an AWS managed policy, with the reason why none of our own does."""
    role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name(policy))
    acknowledge(role, f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{policy}]", reason)


def _for_cluster(scope: Construct, cluster_name: str) -> dict[str, dict[str, str]]:
    return {
        "StringEquals": {"aws:SourceAccount": Stack.of(scope).account},
        "ArnEquals": {"aws:SourceArn": cluster_arn(scope, cluster_name)},
    }
