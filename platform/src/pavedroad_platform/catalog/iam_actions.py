"""What IAM knows of an action: whether there is one of that name, and which resources it can be confined to.

The data is AWS's own, from its policy generator, as cfn-lint ships it.
"""

import json
import re
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from pavedroad_platform.registry_data import data_directory


def has_service(prefix: str) -> bool:
    """Whether actions of a service begin with ``prefix``, such as ``s3``."""
    return prefix.lower() in _services()


def exists(action: str) -> bool:
    """Whether ``action``, such as ``s3:CreateBucket``, is an IAM action.

    Registry schemas list a few calls that are none, such as ``s3:REST.PUT.OBJECT``.
    """
    service, _, name = action.lower().partition(":")
    return name in _services().get(service, {}).get("Actions", {})


def matching(pattern: str) -> frozenset[str]:
    """The actions, in small letters, that ``pattern`` such as ``s3:Get*`` stands for; none where IAM knows none.

    Example:
        >>> sorted(matching("s3:*BucketPolicy"))
        ['s3:deletebucketpolicy', 's3:getbucketpolicy', 's3:putbucketpolicy']
    """
    service, _, name = pattern.lower().partition(":")
    known = _services().get(service, {}).get("Actions", {})
    return frozenset(f"{service}:{action}" for action in known if fnmatchcase(action, name))


def resource_kinds(action: str) -> dict[str, tuple[str, ...]]:
    """The kinds of resources that ``action`` can be confined to, each with the formats of its ARN.

    Returns:
        Formats such as ``arn:${Partition}:iam::${Account}:role/*`` by kinds such as ``iam:role``. Empty where the
        action can be granted for all resources only.
    """
    service, _, name = action.lower().partition(":")
    known = _services()[service]
    kinds = known["Actions"][name].get("Resources", [])
    return {
        f"{service}:{kind}": tuple(map(_arn_format, known["Resources"][kind]["ARNFormats"]))
        for kind in kinds
        if kind in known["Resources"]
    }


def _arn_format(pattern: str) -> str:
    # The data has regular expressions, and a few variables of single services.
    return re.sub(r"\$\{(?!Partition|Region|Account)\w+\}", "*", pattern.replace(".*", "*"))


@cache
def _services() -> dict[str, Any]:
    services: dict[str, Any] = json.loads((data_directory() / "AdditionalSpecs" / "Policies.json").read_text())
    return services
