from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar
from aws_cdk import Tokenization
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct
from pavedroad.governance.mandatory_tags import MandatoryTags
if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_rds as rds
    from aws_cdk import aws_sns as sns
    from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline
    from pavedroad.observability.cloudwatch.service_level_objective import ServiceLevelObjective
    from pavedroad.observability.sns.alarm_topics import AlarmTopics
    from pavedroad.storage.s3.secure_bucket import SecureBucket

class Watched(Protocol):

    def add_alarms(self, topic: 'sns.ITopic') -> 'Sequence[cloudwatch.AlarmBase]':
        ...

class WatchedService(Watched, ec2.IConnectable, iam.IGrantable, Protocol):
    ...

class WatchedDatabase(Watched, ec2.IConnectable, Protocol):

    @property
    def endpoint(self) -> 'rds.Endpoint':
        ...

    def grant_connect(self, grantee: iam.IGrantable, *, user: str) -> iam.Grant:
        ...

@dataclass(kw_only=True)
class ApplicationParts:
    tags: MandatoryTags
    vpc: ec2.IVpc
    encryption_key: kms.IKey
    database_name: str
    database_user: str
    topics: 'AlarmTopics | None' = None
    bucket: 'SecureBucket | None' = None
    database: WatchedDatabase | None = None
    service: WatchedService | None = None
    pipeline: 'DeliveryPipeline | None' = None
    objective: 'ServiceLevelObjective | None' = None
    alarms: 'list[cloudwatch.IAlarm]' = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        ...
_Made = TypeVar('_Made')
Part: TypeAlias = Callable[[Construct, ApplicationParts], _Made]
