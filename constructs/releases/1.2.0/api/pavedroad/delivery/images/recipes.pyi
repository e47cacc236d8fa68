from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_imagebuilder as imagebuilder
from aws_cdk import aws_kms as kms
from constructs import Construct
from pavedroad.delivery.images.components import NEXT_VERSION
_BASES = {'x86_64': 'amazon-linux-2023-x86', 'arm64': 'amazon-linux-2023-arm64'}
_CONTAINER_BASE = 'public.ecr.aws/amazonlinux/amazonlinux:2023'
_DOCKERFILE = 'FROM {{{ imagebuilder:parentImage }}}\n{{{ imagebuilder:environments }}}\n{{{ imagebuilder:components }}}\n'
_ROOT_DEVICE = '/dev/xvda'

@dataclass(frozen=True, kw_only=True)
class ContainerOutput:
    repository: ecr.IRepository
    dockerfile: str = _DOCKERFILE
    user: str = '65532'

def image_recipe(scope: Construct, *, name: str, base_image: str | None, architecture: str, components: Sequence[str], volume_size: float, encryption_key: kms.IKey) -> imagebuilder.CfnImageRecipe:
    ...

def container_recipe(scope: Construct, *, name: str, base_image: str | None, output: ContainerOutput, components: Sequence[str], volume_size: float, encryption_key: kms.IKey) -> imagebuilder.CfnContainerRecipe:
    ...
