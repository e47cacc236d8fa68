"""Keys, and the logs that they encrypt."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.tags import tag_problems
from pavedroad_platform.proving.acceptance import Launched


def key_problems(launched: Launched, key: str) -> Iterator[str]:
    """The key is rotated, and tells whose it is."""
    kms = launched.client("kms")
    if not kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]:
        yield f"the key {key} is not rotated"
    yield from tag_problems(key, {tag["TagKey"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]})


def log_problems(launched: Launched, name: str) -> Iterator[str]:
    """The log is encrypted with a key of the product, and ends."""
    found = launched.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    group = next((each for each in found if each["logGroupName"] == name), None)
    if group is None:
        yield f"there is no log {name}"
        return
    if not group.get("kmsKeyId"):
        yield f"the log {name} is not encrypted with a key of its own"
    if not group.get("retentionInDays"):
        yield f"the log {name} is kept for ever"
