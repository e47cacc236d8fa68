from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from aws_cdk import Fn, Stack, Token, Tokenization
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_imagebuilder as imagebuilder
from aws_cdk import aws_kms as kms
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.security.acknowledgments import acknowledge
_REGION = '[a-z]{2}(-[a-z]+)+-\\d'
_KEY = 'arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:(key|alias)/[\\w/-]+'
_ACCOUNT = '\\d{12}'
_ORGANIZATION = 'arn:[a-z-]+:organizations::\\d{12}:organization/o-[a-z0-9]{10,32}'
_USE = ('kms:Decrypt', 'kms:DescribeKey', 'kms:ReEncrypt*', 'kms:GenerateDataKey*')

@dataclass(frozen=True, kw_only=True)
class ImageCopy:
    region: str
    encryption_key_arn: str

@dataclass(frozen=True, kw_only=True)
class ImageSharing:
    accounts: Sequence[str] = ()
    organization_arn: str | None = None

def check_distribution(arguments: Arguments, copies: Sequence[ImageCopy], sharing: ImageSharing | None, *, builds_containers: bool) -> None:
    ...

def distribute_containers(scope: Construct, *, name: str, repository: ecr.IRepository) -> imagebuilder.CfnDistributionConfiguration:
    ...

def distribute_machines(scope: Construct, *, name: str, encryption_key: kms.IKey, copies: Sequence[ImageCopy], sharing: ImageSharing | None, parameter_name: str) -> imagebuilder.CfnDistributionConfiguration:
    ...

def share_key(key: kms.IKey, sharing: ImageSharing) -> None:
    ...
