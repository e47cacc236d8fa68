"""The instances that build and test images: their rights, their network, their metadata."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_imagebuilder as imagebuilder
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.compute.eks.roles import attach
from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole


def check_subnet(arguments: Arguments, vpc: ec2.IVpc, subnet: ec2.ISubnet | None) -> None:
    """Refuse a public subnet, and a network without a private one where none is given."""
    if subnet is None and not vpc.private_subnets:
        arguments.refuse("subnet", None, "must be given: the VPC has no private subnet with a way out")
    if subnet is not None and subnet.node.path in [each.node.path for each in vpc.public_subnets]:
        arguments.refuse("subnet", subnet.node.path, "must be private: build instances get no public address")


def build_role(
    scope: Construct,
    *,
    encryption_key: kms.IKey,
    log_group: logs.ILogGroup,
    components: Sequence[imagebuilder.CfnComponent],
    recipe: imagebuilder.CfnImageRecipe | imagebuilder.CfnContainerRecipe,
    repository: ecr.IRepository | None,
) -> ManagedPolicyRole:
    """The role of build instances: be driven by Systems Manager, read components, write one log group.

    Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/EC2InstanceProfileForImageBuilder.html
    """
    stack = Stack.of(scope)
    role = ManagedPolicyRole(
        scope,
        "Role",
        assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        description="EC2 Image Builder: builds and tests images",
    )
    attach(role, "AmazonSSMManagedInstanceCore", "Image Builder drives instances by Systems Manager, without SSH.")
    managed = stack.format_arn(service="imagebuilder", account="aws", resource="component", resource_name="*")
    # AWS's program that runs the components, and its own.
    downloads = f"arn:{stack.partition}:s3:::ec2imagebuilder*"
    streams = f"{log_group.log_group_arn}:log-stream:*"
    own = [component.attr_arn for component in components]
    for sid, actions, resources in (
        ("ReadComponents", ["imagebuilder:GetComponent"], [managed, *own]),
        ("FetchExecutor", ["s3:GetObject"], [downloads]),
        ("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [streams]),
        ("DecryptComponents", ["kms:Decrypt"], [encryption_key.key_arn]),
    ):
        role.add_to_principal_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=resources))
    if repository is not None:
        role.add_to_principal_policy(
            iam.PolicyStatement(
                sid="ReadRecipe", actions=["imagebuilder:GetContainerRecipe"], resources=[recipe.attr_arn]
            )
        )
        repository.grant_pull_push(role)
    assert role.policy is not None
    reasons = {
        managed: "Components of AWS are public, and their versions change.",
        downloads: "AWS keeps what Image Builder runs on instances in buckets of each region; they are public.",
        streams: "Each image has a stream of its own in this one log group.",
    }
    if repository is not None:
        reasons["*"] = "ecr:GetAuthorizationToken supports no resource."
    for resource, reason in reasons.items():
        acknowledge_resource(role.policy, resource, reason)
    acknowledge(role.policy, "parliament::INVALID_ARN", "The account of AWS's own components is written 'aws'.")
    return role


def build_security_group(scope: Construct, vpc: ec2.IVpc) -> ec2.SecurityGroup:
    """Nobody connects to the instances; they reach packages, AWS and registries over HTTPS."""
    group = ec2.SecurityGroup(
        scope,
        "SecurityGroup",
        vpc=vpc,
        description="Instances that build and test images",
        allow_all_outbound=False,
        disable_inline_rules=True,
    )
    group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "HTTPS: packages, AWS, registries")
    return group


def infrastructure(
    scope: Construct,
    *,
    name: str,
    role: iam.IRole,
    security_group: ec2.ISecurityGroup,
    subnet: ec2.ISubnet,
    instance_types: Sequence[str],
    builds_containers: bool,
) -> imagebuilder.CfnInfrastructureConfiguration:
    """Where images are built: without a key pair, with IMDSv2, ended when a build fails."""
    profile = iam.CfnInstanceProfile(scope, "InstanceProfile", roles=[role.role_name])
    return imagebuilder.CfnInfrastructureConfiguration(
        scope,
        "Infrastructure",
        name=name,
        instance_profile_name=profile.ref,
        instance_types=list(instance_types),
        subnet_id=subnet.subnet_id,
        security_group_ids=[security_group.security_group_id],
        terminate_instance_on_failure=True,
        instance_metadata_options=imagebuilder.CfnInfrastructureConfiguration.InstanceMetadataOptionsProperty(
            # What runs in the container that is built is one hop further away.
            http_tokens="required",
            http_put_response_hop_limit=2 if builds_containers else 1,
        ),
    )
