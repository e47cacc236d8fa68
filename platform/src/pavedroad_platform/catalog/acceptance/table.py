"""The table is encrypted with its own key and can be restored to any second of a week."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.encryption import key_problems
from pavedroad_platform.proving.acceptance import Launched

_FEWEST_DAYS = 7
_DAYS_UNLESS_SAID = 35


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of table."""
    dynamodb = launched.client("dynamodb")
    name, key = launched.outputs["TableName"], launched.outputs["EncryptionKeyArn"]
    encryption = dynamodb.describe_table(TableName=name)["Table"].get("SSEDescription", {})
    if encryption.get("SSEType") != "KMS" or encryption.get("KMSMasterKeyArn") != key:
        yield f"the table is not encrypted with its own key: {encryption}"
    yield from key_problems(launched, key)
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        yield "the table cannot be restored to a point in time"
    elif recovery.get("RecoveryPeriodInDays", _DAYS_UNLESS_SAID) < _FEWEST_DAYS:
        yield f"the table can be restored to less than {_FEWEST_DAYS} days ago"
