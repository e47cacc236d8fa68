"""The log groups that a database exports to."""

from collections.abc import Iterable

from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from pavedroad.observability.log_groups import encrypted_log_group


def exported_log_groups(
    scope: Construct,
    *,
    exports: Iterable[str],
    path: str,
    encryption_key: kms.IKey,
    retention: logs.RetentionDays,
    prefix: str = "",
) -> dict[str, logs.LogGroup]:
    """The groups by log type, that the service would else make itself, without encryption and for ever.

    Args:
        scope: The database.
        exports: The log types.
        path: What the service puts before the log type, such as ``/aws/rds/instance/orders``.
        encryption_key: Encrypts them.
        retention: How long they are kept.
        prefix: Of the construct ids.
    """
    return {
        log: encrypted_log_group(
            scope,
            f"{prefix}{log.title().replace('-', '')}Log",
            encryption_key=encryption_key,
            retention=retention,
            log_group_name=f"{path}/{log}",
        )
        for log in exports
    }
