"""Clusters of databases: Aurora, and DocumentDB, which answers in the same words."""

from collections.abc import Iterator, Mapping
from typing import Any

from pavedroad_platform.proving.acceptance import Launched

_FEWEST_DAYS = 7


def aurora_cluster_at(launched: Launched, endpoint: str) -> dict[str, Any] | None:
    """The Aurora cluster that is written to at an endpoint."""
    pages = launched.client("rds").get_paginator("describe_db_clusters").paginate()
    return next((each for page in pages for each in page["DBClusters"] if each.get("Endpoint") == endpoint), None)


def aurora_problems(launched: Launched, endpoint: str, key: str | None = None) -> Iterator[str]:
    """The Aurora cluster is encrypted, private, backed up, logged and reached over TLS alone.

    Args:
        launched: The launch.
        endpoint: Where it is written to.
        key: The key that it is encrypted with. Left out: any that is the account's own.
    """
    cluster = aurora_cluster_at(launched, endpoint)
    if cluster is None:
        yield f"no cluster answers at {endpoint}"
        return
    yield from cluster_problems(launched, "rds", cluster, key, log="postgresql", tls={"rds.force_ssl": ("1",)})
    if not cluster.get("IAMDatabaseAuthenticationEnabled"):
        yield "applications cannot log in with IAM"


def cluster_problems(
    launched: Launched,
    service: str,
    cluster: Mapping[str, Any],
    key: str | None,
    *,
    log: str,
    tls: Mapping[str, tuple[str, ...]],
) -> Iterator[str]:
    """The cluster is encrypted, private, backed up, logged and reached over TLS alone.

    Args:
        launched: The launch.
        service: ``rds`` or ``docdb``.
        cluster: As the service describes it.
        key: The key that it is encrypted with. Left out: any that is the account's own.
        log: The log that it exports.
        tls: The parameter that forces TLS, and the values that do.
    """
    found = cluster.get("KmsKeyId")
    if not cluster.get("StorageEncrypted") or not found or (key and found != key):
        yield "its storage is not encrypted with its own key"
    if cluster.get("MasterUserSecret", {}).get("KmsKeyId") != found:
        yield "the administrator's password is not encrypted with the key of the storage"
    if cluster.get("BackupRetentionPeriod", 0) < _FEWEST_DAYS:
        yield f"its backups are kept for less than {_FEWEST_DAYS} days"
    if log not in cluster.get("EnabledCloudwatchLogsExports", []):
        yield f"its log {log} is not exported"
    yield from _member_problems(launched.client(service), cluster)
    yield from _tls_problems(launched.client(service), cluster, tls)


def _member_problems(client: Any, cluster: Mapping[str, Any]) -> Iterator[str]:
    identifier = cluster["DBClusterIdentifier"]
    members = client.describe_db_instances(Filters=[{"Name": "db-cluster-id", "Values": [identifier]}])["DBInstances"]
    if not members:
        yield f"{identifier} has no instance"
    for member in members:
        if member.get("PubliclyAccessible"):
            yield f"{member['DBInstanceIdentifier']} is reached from the internet"
    if len(members) > 1 and len({member.get("AvailabilityZone") for member in members}) == 1:
        yield "all of its instances are in one zone"


def _tls_problems(client: Any, cluster: Mapping[str, Any], tls: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    group = cluster["DBClusterParameterGroup"]
    pages = client.get_paginator("describe_db_cluster_parameters").paginate(DBClusterParameterGroupName=group)
    values = {each["ParameterName"]: each.get("ParameterValue") for page in pages for each in page["Parameters"]}
    for name, enough in tls.items():
        if values.get(name) not in enough:
            yield f"it answers without TLS: {name} is {values.get(name)}"
