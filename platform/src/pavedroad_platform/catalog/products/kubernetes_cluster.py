"""The product kubernetes-cluster: a private cluster on Amazon EKS with a group of nodes."""

from collections.abc import Mapping

from aws_cdk import Annotations, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam

from pavedroad.compute.eks.kubernetes_cluster import KubernetesCluster
from pavedroad.compute.eks.node_groups import NodeGroup
from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.launch_numbers import whole_number
from pavedroad_platform.catalog.network_parameters import (
    CLIENTS_PARAMETER,
    VPC_PARAMETER,
    admit_clients,
    chosen_vpc,
    subnets_in_vpc,
    subnets_parameter,
)
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product

_CLUSTER = "Cluster"
_NODES = "Nodes"
_PRIVATE = "PrivateSubnetIds"
_GROUP = "general"

# Without 1.34, whose standard support ends on 2 December 2026.
# https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
_VERSIONS = ("1.35", "1.36")
_TYPES = tuple(
    f"{family}.{size}" for family in ("m7i", "c7i", "r7i") for size in ("large", "xlarge", "2xlarge", "4xlarge")
)


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    key = rotated_key(stack, "Key", description="Encrypts the cluster's secrets, logs, nodes and alarms")
    vpc = chosen_vpc(stack, parameters, private_subnets=_PRIVATE)
    cluster = KubernetesCluster(
        stack,
        "Cluster",
        vpc=vpc,
        version=eks.KubernetesVersion.of(parameters["Version"].value_as_string),
        node_groups=[
            NodeGroup(
                name=_GROUP,
                instance_types=[ec2.InstanceType(parameters["NodeType"].value_as_string)],
                min_size=whole_number(parameters, "MinNodes"),
                max_size=whole_number(parameters, "MaxNodes"),
                volume_size_gib=whole_number(parameters, "NodeVolumeGiB"),
            )
        ],
        encryption_key=key,
    )
    Annotations.of(cluster.cluster).acknowledge_warning(
        "@aws-cdk/aws-eks:clusterMustManuallyTagSubnet",
        "The subnets are of the network, which the product does not change; the form tells which tag they need.",
    )
    administrators = iam.Role.from_role_arn(stack, "Administrators", parameters["AdministratorRoleArn"].value_as_string)
    cluster.grant_access(administrators, "AmazonEKSClusterAdminPolicy")
    topic = alarm_topic(stack, encryption_key=key, email=parameters[ALARM_EMAIL_PARAMETER.name].value_as_string)
    cluster.add_alarms(topic)
    admit_clients(cluster.connections, parameters)
    _place_and_protect_as_asked(cluster, parameters)
    return {
        "ClusterName": cluster.cluster_name,
        "Endpoint": cluster.cluster_endpoint,
        "CertificateAuthorityData": cluster.certificate_authority_data,
        "OpenIdConnectIssuerUrl": cluster.open_id_connect_issuer_url,
        "NodeSecurityGroupId": cluster.node_security_group.security_group_id,
        "EncryptionKeyArn": key.key_arn,
    }


def _place_and_protect_as_asked(cluster: KubernetesCluster, parameters: Parameters) -> None:
    """Set what a construct decides in Python and a form at launch on the resources themselves."""
    resource = cluster.cluster.node.default_child
    assert isinstance(resource, eks.CfnCluster)
    resource.add_property_override("ResourcesVpcConfig.SubnetIds", parameters[_PRIVATE].value_as_list)
    resource.add_property_override("DeletionProtection", parameters["DeletionProtection"].value_as_string)
    cluster.node_groups[_GROUP].subnets = parameters[_PRIVATE].value_as_list


PRODUCT = Product(
    key="kubernetes-cluster",
    title="Kubernetes cluster",
    version="1.0.0",
    summary=(
        "A private Kubernetes cluster on EKS with a group of hardened nodes: secrets encrypted, everything logged and"
        " watched, closed to all but the role that administers it."
    ),
    parameters=(
        Parameter(
            name="Version",
            label="Kubernetes version",
            group=_CLUSTER,
            help=(
                "All are in standard support; at its end EKS moves the cluster on. Raise it by one minor version at a"
                " time: the nodes follow."
            ),
            default="1.36",
            allowed_values=_VERSIONS,
            constraint=f"One of {', '.join(_VERSIONS)}.",
        ),
        Parameter(
            name="AdministratorRoleArn",
            label="Role of the administrators",
            group=_CLUSTER,
            help=(
                "The role that may do everything in the cluster, and lets others in. Nobody else has access, not even"
                " who launches the product."
            ),
            example="arn:aws:iam::111111111111:role/orders-administrators",
            pattern=r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,512}",
            constraint="The ARN of an IAM role.",
        ),
        Parameter(
            name="DeletionProtection",
            label="Protect from deletion",
            group=_CLUSTER,
            help="Set it to false before the product is terminated.",
            default="true",
            canary="false",
            allowed_values=("true", "false"),
            constraint="Either true or false.",
        ),
        Parameter(
            name="NodeType",
            label="Instance type of a node",
            group=_NODES,
            help="Processors and memory: m7i.large has 2 and 8 GiB. A change replaces the group of nodes.",
            default="m7i.large",
            allowed_values=_TYPES,
            constraint=f"One of {', '.join(_TYPES)}.",
        ),
        Parameter(
            name="MinNodes",
            label="Fewest nodes",
            group=_NODES,
            help="How many nodes run at the start and at the least. From two on they are in different zones.",
            type="Number",
            default=2,
            minimum=1,
            maximum=100,
        ),
        Parameter(
            name="MaxNodes",
            label="Most nodes",
            group=_NODES,
            help="How many nodes an autoscaler in the cluster may run at the most; not fewer than the fewest.",
            type="Number",
            default=6,
            minimum=1,
            maximum=100,
        ),
        Parameter(
            name="NodeVolumeGiB",
            label="Volume of a node in GiB",
            group=_NODES,
            help="Holds the images and the containers of a node.",
            type="Number",
            default=50,
            minimum=20,
            maximum=16384,
        ),
        VPC_PARAMETER,
        subnets_parameter(
            _PRIVATE,
            label="Private subnets",
            help=(
                "Of endpoint, nodes and pods: the output PrivateSubnetIds of the network. Load balancers are made in"
                " those that have the tag kubernetes.io/role/internal-elb=1."
            ),
        ),
        CLIENTS_PARAMETER,
        ALARM_EMAIL_PARAMETER,
    ),
    rules=(subnets_in_vpc(_PRIVATE),),
    outputs=(
        Output(name="ClusterName", purpose="Name it in 'aws eks update-kubeconfig --name'."),
        Output(name="Endpoint", purpose="The Kubernetes API, which is reached from the network only."),
        Output(name="CertificateAuthorityData", purpose="The certificate by which clients know the API, in Base64."),
        Output(name="OpenIdConnectIssuerUrl", purpose="Who issues the tokens of service accounts."),
        Output(name="NodeSecurityGroupId", purpose="The firewall of nodes and pods, as the source of rules elsewhere."),
        Output(name="EncryptionKeyArn", purpose="Encrypts the volumes that storage classes make, where they name it."),
    ),
    build=_build,
)
