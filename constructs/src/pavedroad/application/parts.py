"""What the parts of an application know of each other."""

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
    """What has alarms, as most constructs of the library do."""

    def add_alarms(self, topic: "sns.ITopic") -> "Sequence[cloudwatch.AlarmBase]":
        """Tell ``topic`` when it needs a person."""
        ...


class WatchedService(Watched, ec2.IConnectable, iam.IGrantable, Protocol):
    """What can be an application's service: ``FargateService``, ``LambdaService``, ``QueueWorker`` or a team's own."""


class WatchedDatabase(Watched, ec2.IConnectable, Protocol):
    """What can be an application's database: ``AuroraCluster``, ``Database`` or a team's own."""

    @property
    def endpoint(self) -> "rds.Endpoint":
        """Host name and port."""
        ...

    def grant_connect(self, grantee: iam.IGrantable, *, user: str) -> iam.Grant:
        """Let ``grantee`` log in with IAM as the database user ``user``."""
        ...


@dataclass(kw_only=True)
class ApplicationParts:
    """The parts that stand when the next one is made, in this order; what is left out is ``None``.

    Attributes:
        tags: The application's name and the other mandatory tags.
        vpc: The network.
        encryption_key: Give it to every part that encrypts something.
        database_name: The database that is made at first.
        database_user: The user that the service logs in as.
        topics: The topics of alarms.
        bucket: The bucket.
        database: The database.
        service: The service.
        pipeline: The pipeline.
        objective: The objective.
        alarms: The alarms of all parts.
    """

    tags: MandatoryTags
    vpc: ec2.IVpc
    encryption_key: kms.IKey
    database_name: str
    database_user: str
    topics: "AlarmTopics | None" = None
    bucket: "SecureBucket | None" = None
    database: WatchedDatabase | None = None
    service: WatchedService | None = None
    pipeline: "DeliveryPipeline | None" = None
    objective: "ServiceLevelObjective | None" = None
    alarms: "list[cloudwatch.IAlarm]" = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a service finds bucket and database; none of them is a secret."""
        variables: dict[str, str] = {}
        if self.bucket is not None:
            variables["BUCKET_NAME"] = self.bucket.bucket.bucket_name
        if self.database is not None:
            variables |= {
                "DATABASE_HOST": self.database.endpoint.hostname,
                "DATABASE_PORT": Tokenization.stringify_number(self.database.endpoint.port),
                "DATABASE_NAME": self.database_name,
                "DATABASE_USER": self.database_user,
            }
        return variables


_Made = TypeVar("_Made")

Part: TypeAlias = Callable[[Construct, ApplicationParts], _Made]
"""Makes one part in the scope that it is given. Settings are such functions, and so is a team's own."""
