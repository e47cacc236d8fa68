"""The recipes of machine images and container images."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_imagebuilder as imagebuilder
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.delivery.images.components import NEXT_VERSION

_BASES = {"x86_64": "amazon-linux-2023-x86", "arm64": "amazon-linux-2023-arm64"}
_CONTAINER_BASE = "public.ecr.aws/amazonlinux/amazonlinux:2023"
# Image Builder puts the base image, the components and their environment in.
_DOCKERFILE = (
    "FROM {{{ imagebuilder:parentImage }}}\n{{{ imagebuilder:environments }}}\n{{{ imagebuilder:components }}}\n"
)
_ROOT_DEVICE = "/dev/xvda"


@dataclass(frozen=True, kw_only=True)
class ContainerOutput:
    """Builds a container image instead of a machine image.

    Attributes:
        repository: Where the image goes, such as that of a ``ContainerRepository``.
        dockerfile: The template of the Dockerfile, with the places ``{{{ imagebuilder:parentImage }}}``,
            ``{{{ imagebuilder:environments }}}`` and ``{{{ imagebuilder:components }}}``. Left out: these three alone.
        user: The user of the container. Left out: ``65532``, which has no rights; it is set after the components.
    """

    repository: ecr.IRepository
    dockerfile: str = _DOCKERFILE
    user: str = "65532"


def image_recipe(
    scope: Construct,
    *,
    name: str,
    base_image: str | None,
    architecture: str,
    components: Sequence[str],
    volume_size: float,
    encryption_key: kms.IKey,
) -> imagebuilder.CfnImageRecipe:
    """The recipe of a machine image whose volume is encrypted with ``encryption_key``."""
    managed = Stack.of(scope).format_arn(
        service="imagebuilder", account="aws", resource="image", resource_name=f"{_BASES[architecture]}/x.x.x"
    )
    return imagebuilder.CfnImageRecipe(
        scope,
        "Recipe",
        name=name,
        version=NEXT_VERSION,
        parent_image=base_image or managed,
        components=[
            imagebuilder.CfnImageRecipe.ComponentConfigurationProperty(component_arn=arn) for arn in components
        ],
        block_device_mappings=[
            imagebuilder.CfnImageRecipe.InstanceBlockDeviceMappingProperty(
                device_name=_ROOT_DEVICE,
                ebs=imagebuilder.CfnImageRecipe.EbsInstanceBlockDeviceSpecificationProperty(
                    delete_on_termination=True,
                    encrypted=True,
                    kms_key_id=encryption_key.key_arn,
                    volume_size=volume_size,
                    volume_type="gp3",
                ),
            )
        ],
    )


def container_recipe(
    scope: Construct,
    *,
    name: str,
    base_image: str | None,
    output: ContainerOutput,
    components: Sequence[str],
    volume_size: float,
    encryption_key: kms.IKey,
) -> imagebuilder.CfnContainerRecipe:
    """The recipe of a container image; the volume of the instance that builds it is encrypted as well."""
    return imagebuilder.CfnContainerRecipe(
        scope,
        "Recipe",
        name=name,
        version=NEXT_VERSION,
        container_type="DOCKER",
        parent_image=base_image or _CONTAINER_BASE,
        dockerfile_template_data=f"{output.dockerfile.rstrip()}\nUSER {output.user}\n",
        target_repository=imagebuilder.CfnContainerRecipe.TargetContainerRepositoryProperty(
            service="ECR", repository_name=output.repository.repository_name
        ),
        kms_key_id=encryption_key.key_arn,
        components=[
            imagebuilder.CfnContainerRecipe.ComponentConfigurationProperty(component_arn=arn) for arn in components
        ],
        instance_configuration=imagebuilder.CfnContainerRecipe.InstanceConfigurationProperty(
            block_device_mappings=[
                imagebuilder.CfnContainerRecipe.InstanceBlockDeviceMappingProperty(
                    device_name=_ROOT_DEVICE,
                    ebs=imagebuilder.CfnContainerRecipe.EbsInstanceBlockDeviceSpecificationProperty(
                        delete_on_termination=True,
                        encrypted=True,
                        kms_key_id=encryption_key.key_arn,
                        volume_size=volume_size,
                        volume_type="gp3",
                    ),
                )
            ]
        ),
    )
