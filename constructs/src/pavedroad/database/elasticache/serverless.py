"""A cache without nodes."""

from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from pavedroad.database.elasticache.capacity import ServerlessCapacity
from pavedroad.database.elasticache.replication_group import CacheSettings


def serverless_cache(
    scope: Construct, *, name: str, settings: CacheSettings, capacity: ServerlessCapacity, backup_time: str | None
) -> elasticache.CfnServerlessCache:
    """The serverless cache; it is in several zones, over TLS only and of the newest minor version without asking."""
    return elasticache.CfnServerlessCache(
        scope,
        "Resource",
        serverless_cache_name=name,
        description=settings.description,
        engine=settings.engine.name,
        major_engine_version=settings.engine.major_version,
        kms_key_id=settings.encryption_key.key_arn,
        subnet_ids=[subnet.subnet_id for subnet in settings.subnets],
        security_group_ids=[settings.security_group.security_group_id],
        user_group_id=settings.user_group.ref,
        snapshot_retention_limit=settings.backup_days,
        daily_snapshot_time=backup_time,
        cache_usage_limits=_limits(capacity),
    )


def _limits(capacity: ServerlessCapacity) -> elasticache.CfnServerlessCache.CacheUsageLimitsProperty | None:
    resource = elasticache.CfnServerlessCache
    data = (capacity.min_data_gigabytes, capacity.max_data_gigabytes)
    ecpu = (capacity.min_ecpu_per_second, capacity.max_ecpu_per_second)
    if data == ecpu == (None, None):
        return None
    return resource.CacheUsageLimitsProperty(
        data_storage=resource.DataStorageProperty(unit="GB", minimum=data[0], maximum=data[1])
        if data != (None, None)
        else None,
        ecpu_per_second=resource.ECPUPerSecondProperty(minimum=ecpu[0], maximum=ecpu[1])
        if ecpu != (None, None)
        else None,
    )
