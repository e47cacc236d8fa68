"""The launch roles of AWS's reference architectures for Service Catalog, with the managed policies that they attach.

The data has actions, resources and whether a condition confines a statement, as they were published: the roles with the
commit, the managed policies with their version, as the archives of them have it.

Source: https://github.com/aws-samples/aws-service-catalog-reference-architectures/tree/master/iam
Source: https://github.com/zoph-io/MAMIP and, for what AWS has retired, https://github.com/SummitRoute/aws_managed_policies
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pavedroad_platform.reporting.launch_roles.measures import Grant

_DATA: Final = Path(__file__).with_name("aws_reference_architectures.json")
_REPOSITORY: Final = "https://github.com/aws-samples/aws-service-catalog-reference-architectures"
_MANAGED: Final = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference"

COUNTERPARTS: Final[Mapping[str, str]] = {
    "application": "sc-ecs-launchrole.yml",
    "aurora-cluster": "sc-rds-launchrole.yml",
    "database": "sc-rds-launchrole.yml",
    "delivery-pipeline": "sc-ecs-launchrole.yml",
    "fargate-service": "sc-ecs-launchrole.yml",
    "instance-fleet": "sc-ec2vpc-launchrole.yml",
    "lambda-service": "sc-serverless-launchrole.yml",
    "network": "sc-ec2vpc-launchrole.yml",
    "secure-bucket": "sc-s3-launchrole.yml",
    "static-website": "sc-s3-launchrole.yml",
    "table": "sc-dynamodb-launchrole.yml",
}
"""The file of AWS's role for the same kind of product, by our product's key; AWS has none for the others."""


@dataclass(frozen=True, kw_only=True)
class ManagedPolicy:
    """A managed policy of AWS.

    Attributes:
        name: Its name.
        version: The version that was read.
        is_retired: Whether AWS no longer offers it for new roles.
    """

    name: str
    version: str
    is_retired: bool

    @property
    def address(self) -> str:
        """Where AWS describes it; of what it retired, there is no page."""
        return "" if self.is_retired else f"{_MANAGED}/{self.name}.html"


@dataclass(frozen=True, kw_only=True)
class ReferenceRole:
    """A launch role as AWS publishes it.

    Attributes:
        file: The file in the repository.
        address: The file as it was read.
        managed_policies: What it attaches.
        grants: All that it allows, its own statements and those of its managed policies.
    """

    file: str
    address: str
    managed_policies: Sequence[ManagedPolicy]
    grants: Sequence[Grant]


@cache
def reference_roles() -> Mapping[str, ReferenceRole]:
    """The roles by their files."""
    data = json.loads(_DATA.read_text(encoding="utf-8"))
    policies = data["managed_policies"]
    return {file: _role(file, role, policies) for file, role in data["launch_roles"].items()}


def _role(file: str, role: Mapping[str, Any], policies: Mapping[str, Any]) -> ReferenceRole:
    attached = {name: policies[name] for name in role["managed_policies"]}
    statements = [*role["statements"], *(each for policy in attached.values() for each in policy["statements"])]
    return ReferenceRole(
        file=file,
        address=f"{_REPOSITORY}/blob/{role['commit']}/iam/{file}",
        managed_policies=[
            ManagedPolicy(name=name, version=policy["version"], is_retired=policy.get("retired", False))
            for name, policy in attached.items()
        ],
        grants=[
            Grant(
                actions=tuple(statement["actions"]),
                resources=tuple(statement["resources"]),
                has_condition=statement.get("has_condition", False),
            )
            for statement in statements
        ],
    )
