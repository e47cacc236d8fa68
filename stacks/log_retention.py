"""How long log groups keep events, in the CDK's terms."""

from aws_cdk import aws_logs as logs

from pavedroad_platform.organization.quotas import LOG_GROUP_RETENTION_DAYS


def log_retention(days: int) -> logs.RetentionDays:
    """The CDK's name for one of the periods that CloudWatch Logs has; the configuration knows no other."""
    # Both are in ascending order; the CDK's last one is INFINITE.
    periods = dict(zip(LOG_GROUP_RETENTION_DAYS, logs.RetentionDays, strict=False))
    return periods[days]
