"""The record of what was proved: one SSM parameter of the test account for each version."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.organization.names import Names

Published = Sequence[tuple[Product, Releases]]
"""The products that are offered, each with its releases."""

Version = tuple[str, str]
"""A product's key and a version of it."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """That a template was proved.

    Attributes:
        digest: The SHA-256 of the template.
        proved: When, in ISO 8601.
    """

    digest: str
    proved: str


def read_proofs(ssm: Any, names: Names) -> dict[Version, Proof]:
    """Every proof, by product and version."""
    beginning = names.proof_parameter()
    found: dict[Version, Proof] = {}
    for page in ssm.get_paginator("get_parameters_by_path").paginate(Path=beginning, Recursive=True):
        for parameter in page["Parameters"]:
            key, version = parameter["Name"].removeprefix(f"{beginning}/").split("/")
            found[key, version] = Proof(**json.loads(parameter["Value"]))
    return found


def record_proof(ssm: Any, names: Names, key: str, version: str, digest: str) -> Proof:
    """Record that a version is proved, from now on."""
    proof = Proof(digest=digest, proved=datetime.now(UTC).isoformat(timespec="seconds"))
    ssm.put_parameter(
        Name=names.proof_parameter(key, version),
        Description=f"The template of {key} {version} that was proved, and when",
        Value=json.dumps(vars(proof)),
        Type="String",
        Overwrite=True,
    )
    return proof


def unproved(published: Published, proofs: Mapping[Version, Proof]) -> list[Version]:
    """The active versions whose templates were never proved, the oldest of each product first."""
    return [
        (product.key, version)
        for product, releases in published
        for version in releases.active
        if (proof := proofs.get((product.key, version))) is None or proof.digest != releases.digests[version]
    ]
