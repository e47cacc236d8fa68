from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType
from weakref import WeakKeyDictionary
from aws_cdk import aws_sns as sns

class AlarmSeverity(StrEnum):
    CRITICAL = 'critical'
    WARNING = 'warning'
_CRITICAL = ('ServerErrorsAlarm', 'UnhealthyTasksAlarm', 'RunningTasksAlarm', 'CheckFailsAlarm', '*FreeStorageAlarm', '*FastBurnAlarm')

@dataclass(frozen=True, kw_only=True)
class AlarmSeverities:
    by_alarm: Mapping[str, AlarmSeverity] = field(default_factory=lambda: dict.fromkeys(_CRITICAL, AlarmSeverity.CRITICAL))
    otherwise: AlarmSeverity = AlarmSeverity.WARNING

    def __post_init__(self) -> None:
        ...

    def of(self, alarm_id: str) -> AlarmSeverity:
        ...
_ROUTES: WeakKeyDictionary[sns.ITopic, _Route] = WeakKeyDictionary()

def route(topic: sns.ITopic, severities: AlarmSeverities, topics: Mapping[AlarmSeverity, sns.ITopic]) -> None:
    ...

def topic_for(topic: sns.ITopic, alarm_id: str) -> sns.ITopic:
    ...
