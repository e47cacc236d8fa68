"""The cluster is encrypted with its own key, private, backed up, audited, and reached over TLS 1.2 or newer."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.database_clusters import cluster_problems
from pavedroad_platform.catalog.promises.encryption import key_problems
from pavedroad_platform.proving.acceptance import Launched

_TLS = ("tls1.2+", "tls1.3+", "fips-140-3")


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of document-database."""
    key, name = launched.outputs["EncryptionKeyArn"], launched.outputs["ClusterIdentifier"]
    yield from key_problems(launched, key)
    (cluster,) = launched.client("docdb").describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    yield from cluster_problems(
        launched, "docdb", cluster, key, log="audit", tls={"tls": _TLS, "audit_logs": ("enabled", "all")}
    )
