"""The cluster is encrypted with its own key, private, backed up, logged, and reached over TLS."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.database_clusters import aurora_problems
from pavedroad_platform.catalog.promises.encryption import key_problems
from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of aurora-cluster."""
    key = launched.outputs["EncryptionKeyArn"]
    yield from key_problems(launched, key)
    yield from aurora_problems(launched, launched.outputs["Endpoint"], key)
