from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import Token
from aws_cdk import aws_elasticache as elasticache
from constructs import Construct
from pavedroad.arguments import Arguments
_NAME = '[a-z](-?[a-z0-9])*'
_LONGEST_NAME = 40
_OFF = 'off -@all'

@dataclass(frozen=True, kw_only=True)
class CacheUser:
    name: str
    access_string: str = 'on ~* &* -@all +@read +@write +@connection +@transaction +@pubsub -@dangerous'

def check_users(arguments: Arguments, users: Sequence[CacheUser]) -> None:
    ...

def user_group(scope: Construct, *, engine: str, name: str, users: Sequence[CacheUser]) -> tuple[elasticache.CfnUserGroup, list[elasticache.CfnUser]]:
    ...
