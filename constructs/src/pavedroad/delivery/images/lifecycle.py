"""Deletes old images of a pipeline."""

from collections.abc import Mapping

from aws_cdk import aws_iam as iam
from aws_cdk import aws_imagebuilder as imagebuilder
from constructs import Construct

from pavedroad.compute.eks.roles import attach
from pavedroad.security.roles import ManagedPolicyRole

_SERVICE_POLICY = "service-role/EC2ImageBuilderLifecycleExecutionPolicy"
_RECENTLY_DAYS = 30


def delete_old_images(
    scope: Construct, *, name: str, tags: Mapping[str, str], retained_images: float, builds_containers: bool
) -> imagebuilder.CfnLifecyclePolicy:
    """Keep the newest images with ``tags`` and delete others; what was launched in the last 30 days stays as well.

    Source: https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-image-lifecycles.html
    """
    role = ManagedPolicyRole(
        scope,
        "LifecycleRole",
        assumed_by=iam.ServicePrincipal("imagebuilder.amazonaws.com"),
        description="EC2 Image Builder: deletes old images",
    )
    attach(role, _SERVICE_POLICY, "AWS confines it to what carries the tags that Image Builder sets.")
    policy = imagebuilder.CfnLifecyclePolicy
    recently_launched = policy.ExclusionRulesProperty(
        amis=policy.AmiExclusionRulesProperty(
            last_launched=policy.LastLaunchedProperty(unit="DAYS", value=_RECENTLY_DAYS)
        )
    )
    return imagebuilder.CfnLifecyclePolicy(
        scope,
        "Lifecycle",
        name=name,
        execution_role=role.role_arn,
        resource_type="CONTAINER_IMAGE" if builds_containers else "AMI_IMAGE",
        resource_selection=policy.ResourceSelectionProperty(tag_map=dict(tags)),
        status="ENABLED",
        policy_details=[
            policy.PolicyDetailProperty(
                action=policy.ActionProperty(
                    type="DELETE",
                    include_resources=policy.IncludeResourcesProperty(containers=True)
                    if builds_containers
                    else policy.IncludeResourcesProperty(amis=True, snapshots=True),
                ),
                filter=policy.FilterProperty(type="COUNT", value=retained_images),
                exclusion_rules=None if builds_containers else recently_launched,
            )
        ],
    )
