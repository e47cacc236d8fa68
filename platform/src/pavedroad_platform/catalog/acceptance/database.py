"""The database is encrypted with its own key, not public, and backed up."""

from collections.abc import Iterator

from pavedroad_platform.proving.acceptance import Launched

_FEWEST_DAYS = 7


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of database."""
    rds, endpoint = launched.client("rds"), launched.outputs["Endpoint"]
    pages = rds.get_paginator("describe_db_instances").paginate()
    found = [
        instance
        for page in pages
        for instance in page["DBInstances"]
        if instance.get("Endpoint", {}).get("Address") == endpoint
    ]
    if not found:
        yield f"no database answers at {endpoint}"
        return
    (instance,) = found
    if not instance.get("StorageEncrypted") or instance.get("KmsKeyId") != launched.outputs["EncryptionKeyArn"]:
        yield "its storage is not encrypted with its own key"
    if instance.get("PubliclyAccessible"):
        yield "it is reached from the internet"
    if instance.get("BackupRetentionPeriod", 0) < _FEWEST_DAYS:
        yield f"its backups are kept for less than {_FEWEST_DAYS} days"
    secret = instance.get("MasterUserSecret")
    if secret and secret.get("KmsKeyId") != launched.outputs["EncryptionKeyArn"]:
        yield "the administrator's password is encrypted with another key"
