from dataclasses import dataclass
from typing import Final
import jsii
from aws_cdk import CfnResource, NestedStack, Stack, TagManager, Tags, Token
from constructs import Construct, IValidation
from pavedroad.arguments import Arguments
TAG_KEYS: Final = {'application': 'application', 'team': 'team', 'environment': 'environment', 'cost_centre': 'cost-centre', 'data_classification': 'data-classification'}
_VALUE: Final = '[\\w .:/=+\\-@]{1,256}'

@dataclass(frozen=True, kw_only=True)
class MandatoryTags:
    application: str
    team: str
    environment: str
    cost_centre: str
    data_classification: str

    @property
    def by_key(self) -> dict[str, str]:
        ...

    def apply(self, scope: Construct) -> None:
        ...
