"""Rules for what is logged and how long it is kept."""

from collections.abc import Iterator
from itertools import pairwise

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization import quotas
from pavedroad_platform.organization.document import Node
from pavedroad_platform.organization.models import StorageClass
from pavedroad_platform.organization.rules.files import Files


def log_groups_have_a_period_of_cloudwatch(files: Files) -> Iterator[Problem]:
    """CloudWatch Logs keeps events for one of its own periods only."""
    root = files.root("logging")
    days = root.number("log_group_retention_days")
    if days is not None and days not in quotas.LOG_GROUP_RETENTION_DAYS:
        longer = [period for period in quotas.LOG_GROUP_RETENTION_DAYS if period > days]
        proposal = longer[0] if longer else quotas.LOG_GROUP_RETENTION_DAYS[-1]
        periods = ", ".join(map(str, quotas.LOG_GROUP_RETENTION_DAYS))
        cause = f"CloudWatch Logs has no retention of {days} days"
        yield root.at(("log_group_retention_days",)).problem(cause, f"Write {proposal}, or another of {periods}.")


def locked_logs_are_not_deleted(files: Files) -> Iterator[Problem]:
    """The lifecycle cannot delete what the object lock still holds."""
    archive = _archive(files)
    lock = archive.child("object_lock")
    locked, kept = lock.number("days") if lock else None, archive.number("retention_days")
    if lock and locked is not None and kept is not None and locked > kept:
        cause = f"logs are locked for {locked} days, and deleted after {kept} days already"
        yield lock.at(("days",)).problem(
            cause, f"Write {kept} or less, or raise log_archive.retention_days to {locked}."
        )


def transitions_come_before_deletion(files: Files) -> Iterator[Problem]:
    """What is deleted moves nowhere."""
    kept = _archive(files).number("retention_days")
    for transition in _transitions(files):
        days = transition.number("after_days")
        if days is not None and kept is not None and days >= kept:
            cause = f"logs move after {days} days, and are deleted after {kept} days already"
            yield transition.at(("after_days",)).problem(cause, f"Write less than {kept}, or remove the transition.")


def transitions_go_to_cheaper_classes(files: Files) -> Iterator[Problem]:
    """S3 moves objects down its storage classes only, one after the other."""
    order = list(StorageClass)
    known = [item for item in _transitions(files) if (name := item.word("storage_class")) and name.value in set(order)]
    for earlier, later in pairwise(known):
        from_class, to_class = earlier.at(("storage_class",)).value, later.at(("storage_class",)).value
        if order.index(to_class) <= order.index(from_class):
            cause = f"S3 cannot move objects from {from_class} to {to_class}"
            yield later.problem(cause, f"List the classes in the order {', '.join(order)}, each once.")
        days = earlier.number("after_days"), later.number("after_days")
        if days[0] is not None and days[1] is not None and days[1] <= days[0]:
            cause = f"the transition before this one is after {days[0]} days, and this one after {days[1]}"
            yield later.at(("after_days",)).problem(cause, f"Write more than {days[0]}.")


def infrequent_access_takes_a_month(files: Files) -> Iterator[Problem]:
    """S3 refuses to move objects to Standard-Infrequent Access in their first thirty days."""
    least = quotas.INFREQUENT_ACCESS_DAYS
    for transition in _transitions(files):
        name, days = transition.word("storage_class"), transition.number("after_days")
        if name and name.value == StorageClass.STANDARD_INFREQUENT_ACCESS and days is not None and days < least:
            cause = f"S3 moves objects to {name.value} after {least} days at the earliest"
            yield transition.at(("after_days",)).problem(cause, f"Write {least} or more.")


def _archive(files: Files) -> Node:
    root = files.root("logging")
    return root.child("log_archive") or root


def _transitions(files: Files) -> list[Node]:
    return _archive(files).items("transitions")
