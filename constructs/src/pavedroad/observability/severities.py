"""Which alarm wakes somebody, and which one waits until the morning."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType
from weakref import WeakKeyDictionary

from aws_cdk import aws_sns as sns


class AlarmSeverity(StrEnum):
    """How soon somebody has to look.

    Attributes:
        CRITICAL: At once: users feel it, or will within hours.
        WARNING: In working hours: it becomes critical if nobody looks.
    """

    CRITICAL = "critical"
    WARNING = "warning"


# What users feel, and what stops a service for good. The rest explains it, or warns of it.
_CRITICAL = (
    "ServerErrorsAlarm",
    "UnhealthyTasksAlarm",
    "RunningTasksAlarm",
    "CheckFailsAlarm",
    "*FreeStorageAlarm",
    "*FastBurnAlarm",
)


@dataclass(frozen=True, kw_only=True)
class AlarmSeverities:
    """The severity of each alarm, by the id of its construct.

    Attributes:
        by_alarm: Ids, or patterns such as ``*LagAlarm``, with their severity; the first that fits counts. Left out:
            errors that users get, tasks that are ill or missing, checks that fail, storage that runs out and error
            budgets that burn fast are critical.
        otherwise: The severity of every other alarm. Left out: warning.

    Example:
        >>> AlarmSeverities(by_alarm={"CpuAlarm": AlarmSeverity.CRITICAL}).of("CpuAlarm")
    """

    by_alarm: Mapping[str, AlarmSeverity] = field(
        default_factory=lambda: dict.fromkeys(_CRITICAL, AlarmSeverity.CRITICAL)
    )
    otherwise: AlarmSeverity = AlarmSeverity.WARNING

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_alarm", MappingProxyType(dict(self.by_alarm)))

    def of(self, alarm_id: str) -> AlarmSeverity:
        """The severity of the alarm with the construct id ``alarm_id``."""
        fitting = (severity for pattern, severity in self.by_alarm.items() if fnmatchcase(alarm_id, pattern))
        return next(fitting, self.otherwise)


@dataclass(frozen=True, kw_only=True)
class _Route:
    severities: AlarmSeverities
    topics: Mapping[AlarmSeverity, sns.ITopic]


# Beside the topics, because ``add_alarms(topic)`` takes a topic everywhere, and a topic has no place for this.
_ROUTES: WeakKeyDictionary[sns.ITopic, _Route] = WeakKeyDictionary()


def route(topic: sns.ITopic, severities: AlarmSeverities, topics: Mapping[AlarmSeverity, sns.ITopic]) -> None:
    """Let alarms that are given ``topic`` tell the one of ``topics`` that their severity asks for."""
    _ROUTES[topic] = _Route(severities=severities, topics=topics)


def topic_for(topic: sns.ITopic, alarm_id: str) -> sns.ITopic:
    """The topic that the alarm with the construct id ``alarm_id`` tells when it is given ``topic``."""
    found = _ROUTES.get(topic)
    return found.topics[found.severities.of(alarm_id)] if found else topic
