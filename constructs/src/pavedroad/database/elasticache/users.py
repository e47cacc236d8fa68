"""Who may log in to a cache: users that authenticate with IAM, and no other."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Token
from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from pavedroad.arguments import Arguments

_NAME = "[a-z](-?[a-z0-9])*"
_LONGEST_NAME = 40
_OFF = "off -@all"


@dataclass(frozen=True, kw_only=True)
class CacheUser:
    """A user that logs in with IAM.

    Attributes:
        name: Its name and id, unique in the account and region: lower-case letters, digits and single hyphens.
        access_string: What it may do, in the engine's words. Left out: read and write every key, and nothing that
            administers the cache or blocks it.
    """

    name: str
    access_string: str = "on ~* &* -@all +@read +@write +@connection +@transaction +@pubsub -@dangerous"


def check_users(arguments: Arguments, users: Sequence[CacheUser]) -> None:
    """Refuse no users, names that ElastiCache refuses, and the default user, which needs no login."""
    if not users:
        arguments.refuse("users", [], "must name one user at least: without users everybody would be let in")
    for user in users:
        name = user.name
        arguments.matches("users.name", name, _NAME, "lower-case letters, digits and single hyphens, a letter first")
        if Token.is_unresolved(name):
            continue
        if len(name) > _LONGEST_NAME or name == "default":
            arguments.refuse("users.name", name, f"must be {_LONGEST_NAME} characters or fewer, and not default")
        if [other.name for other in users].count(name) > 1:
            arguments.refuse("users.name", name, "stands twice")


def user_group(
    scope: Construct, *, engine: str, name: str, users: Sequence[CacheUser]
) -> tuple[elasticache.CfnUserGroup, list[elasticache.CfnUser]]:
    """The group of the users, each of which logs in with IAM.

    Redis OSS wants a default user in every group: it is switched off. Valkey has none where none is in the group.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
    """
    members = [
        elasticache.CfnUser(
            scope,
            f"User{number}",
            engine=engine,
            user_id=user.name,
            user_name=user.name,
            access_string=user.access_string,
            authentication_mode={"Type": "iam"},
        )
        for number, user in enumerate(users, start=1)
    ]
    if engine == "redis":
        members.append(
            elasticache.CfnUser(
                scope,
                "DefaultUser",
                engine=engine,
                user_id=f"{name}-off",
                user_name="default",
                access_string=_OFF,
                authentication_mode={"Type": "no-password-required"},
            )
        )
    group = elasticache.CfnUserGroup(
        scope, "UserGroup", engine=engine, user_group_id=name, user_ids=[member.ref for member in members]
    )
    return group, members
