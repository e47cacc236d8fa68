from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from aws_cdk import Stack, Token
from aws_cdk import aws_imagebuilder as imagebuilder
from aws_cdk import aws_kms as kms
from constructs import Construct
from pavedroad.arguments import Arguments
_NAME = '[A-Za-z0-9][A-Za-z0-9_-]{1,60}'
_NAME_IN_WORDS = "2 to 61 letters, digits, '_' and '-'"
_MOST_TEXT = 16000
NEXT_VERSION = '1.0.x'

@dataclass(frozen=True, kw_only=True)
class ImageComponent:
    name: str
    document: str

def check_components(arguments: Arguments, argument: str, components: Sequence[ImageComponent], *, tests: bool) -> None:
    ...

def managed_component(scope: Construct, name: str) -> str:
    ...

def own_components(scope: Construct, components: Iterable[ImageComponent], *, prefix: str, encryption_key: kms.IKey) -> list[imagebuilder.CfnComponent]:
    ...
