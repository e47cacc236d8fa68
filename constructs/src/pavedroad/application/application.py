"""One application with what belongs to it, wired."""

from typing import TYPE_CHECKING, TypeVar

from aws_cdk import Annotations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.application.operation_settings import AlarmSettings, BackupSettings, DashboardSettings, ObjectiveSettings
from pavedroad.application.parts import ApplicationParts, Part, Watched, WatchedDatabase, WatchedService
from pavedroad.application.settings import BucketSettings, DatabaseSettings
from pavedroad.application.wiring import connect
from pavedroad.arguments import Arguments
from pavedroad.governance.mandatory_tags import MandatoryTags
from pavedroad.version_stamp import stamp

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_sns as sns

    from pavedroad.continuity.backup_plan import BackupPlan
    from pavedroad.cost.cost_guard import CostGuard
    from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline
    from pavedroad.observability.cloudwatch.service_dashboard import ServiceDashboard
    from pavedroad.observability.cloudwatch.service_level_objective import ServiceLevelObjective
    from pavedroad.observability.severities import AlarmSeverities
    from pavedroad.observability.sns.alarm_topics import AlarmTopics
    from pavedroad.security.application_key import ApplicationKey
    from pavedroad.storage.s3.secure_bucket import SecureBucket

_ALARMS = AlarmSettings()
_BUCKET = BucketSettings()
_DATABASE = DatabaseSettings()
_OBJECTIVE = ObjectiveSettings()
_DASHBOARD = DashboardSettings()
_BACKUPS = BackupSettings()
_Made = TypeVar("_Made")
_NAME = ("[A-Za-z][A-Za-z0-9_]{0,62}", "a letter, then at most 62 letters, digits and _")


class Application(Construct):
    """One application: a service with database and bucket, pipeline, alarms, dashboard, objective, budget and backups.

    Every part is encrypted with one key, has the mandatory tags and tells the application's topics. The service may use
    the bucket, and reaches the database and logs in to it with IAM; it finds both by the variables ``BUCKET_NAME``,
    ``DATABASE_HOST``, ``DATABASE_PORT``, ``DATABASE_NAME`` and ``DATABASE_USER``. The pipeline deploys the service.

    **Each part** is a function that makes it from a scope and the parts before it (``ApplicationParts``). The settings
    in ``settings`` and ``operation_settings`` are such functions with a part's most used arguments. Whoever needs
    another argument, or another construct, gives a function of their own, which is wired the same. So there is one kind
    of argument, whose type says what fits, and no argument of a part is repeated here. ``None`` leaves a part out.

    **The database's user** is made once, by the administrator: ``CREATE USER application; GRANT rds_iam TO
    application;`` and what it may do.

    **The image** that the pipeline deployed stays until a deployment of the stack changes the task: that one begins
    with ``image`` again, so name there what last went out, or start the pipeline afterwards.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        tags: The application's name, its owner and the other mandatory tags, set on every part.
        vpc: The network: public, private and isolated subnets.
        service: ``ServiceSettings``, or what makes a service. Left out: none.
        pipeline: ``PipelineSettings``, or what makes a pipeline. Left out: none.
        budget: ``BudgetSettings``, or what makes a budget. Left out: none, which leaves the warning
            ``pavedroad:application-no-budget``.
        database: ``DatabaseSettings``, or what makes a database. Left out: Aurora PostgreSQL Serverless v2.
        bucket: ``BucketSettings``, or what makes a bucket. Left out: a ``SecureBucket``.
        alarms: ``AlarmSettings``, or what makes the topics. Left out: topics that nobody is subscribed to. ``None``
            leaves the warning ``pavedroad:application-no-alarms``.
        severities: The severity of each alarm. Left out: those of ``AlarmSeverities()``.
        objective: ``ObjectiveSettings``, or what makes an objective. Left out: 99.9 % of the answers are good.
        dashboard: ``DashboardSettings``, or what makes a dashboard. Left out: one of all parts.
        backups: ``BackupSettings``, or what makes a plan. Left out: a backup a day of all that has the application's
            tag. ``None`` leaves the warning ``pavedroad:application-no-backups``.
        database_name: The database that is made at first. Left out: ``application``.
        database_user: The database user that the service logs in as. Left out: ``application``.
        encryption_key: Encrypts everything; an imported one must admit what the parts use it for. Left out: an
            ``ApplicationKey``.

    Attributes:
        service: The service, or ``None``; as the other parts, what its argument made.
        database: The database, or ``None``.
        bucket: The bucket, or ``None``.
        pipeline: The pipeline, or ``None``.
        topics: The topics of alarms, or ``None``.
        topic: Give it to ``add_alarms`` of further constructs: each alarm tells the topic of its severity; or ``None``.
        objective: The objective, or ``None``.
        dashboard: The dashboard, or ``None``; ``add_row`` shows further constructs.
        budget: The budget, or ``None``.
        backups: The plan of backups, or ``None``.
        alarms: The alarms of all parts.
        key: The ``ApplicationKey``, or ``None`` where a key was given.
        encryption_key: The key in use.

    Raises:
        InvalidArgumentsError: Arguments cannot work together; so says the part that cannot.

    Controls: those of ``FargateService``, ``AuroraCluster``, ``SecureBucket``, ``DeliveryPipeline``, ``AlarmTopics``,
        ``ApplicationKey`` and ``BackupPlan``; NIST CM-8 (tags), CP-9, SC-12, SC-28, SI-4.

    Example:
        >>> from pavedroad.application.operation_settings import AlarmSettings, BudgetSettings
        >>> from pavedroad.application.settings import PipelineSettings, ServiceSettings
        >>> from pavedroad.delivery.pipeline.sources import ConnectionSource
        >>> from pavedroad.governance.mandatory_tags import MandatoryTags
        >>> from pavedroad.observability.sns.subscriptions import AlarmSubscriptions
        >>> repository = ecr.Repository.from_repository_name(stack, "Images", "shop/orders")
        >>> on_call = AlarmSubscriptions(email_addresses=["orders@example.com"])
        >>> orders = Application(
        ...     stack,
        ...     "Orders",
        ...     tags=MandatoryTags(
        ...         application="orders",
        ...         team="shop",
        ...         environment="production",
        ...         cost_centre="2000",
        ...         data_classification="confidential",
        ...     ),
        ...     vpc=vpc,
        ...     service=ServiceSettings(
        ...         image=ecs.ContainerImage.from_ecr_repository(repository, "1.4.2"), certificate=certificate
        ...     ),
        ...     pipeline=PipelineSettings(
        ...         source=ConnectionSource(
        ...             connection_arn="arn:aws:codeconnections:eu-west-1:111111111111:connection/orders",
        ...             repository="shop/orders",
        ...         ),
        ...         repository=repository,
        ...     ),
        ...     budget=BudgetSettings(monthly_limit=800),
        ...     alarms=AlarmSettings(critical=on_call, warning=on_call),
        ... )
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        tags: MandatoryTags,
        vpc: ec2.IVpc,
        service: Part[WatchedService] | None = None,
        pipeline: "Part[DeliveryPipeline] | None" = None,
        budget: "Part[CostGuard] | None" = None,
        database: Part[WatchedDatabase] | None = _DATABASE,
        bucket: "Part[SecureBucket] | None" = _BUCKET,
        alarms: "Part[AlarmTopics] | None" = _ALARMS,
        severities: "AlarmSeverities | None" = None,
        objective: "Part[ServiceLevelObjective] | None" = _OBJECTIVE,
        dashboard: "Part[ServiceDashboard] | None" = _DASHBOARD,
        backups: "Part[BackupPlan] | None" = _BACKUPS,
        database_name: str = "application",
        database_user: str = "application",
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.matches("database_user", database_user, *_NAME)
        if pipeline is not None and service is None:
            arguments.refuse("pipeline", type(pipeline).__name__, "needs a service that it deploys to")
        arguments.check()

        tags.apply(self)
        self.key: ApplicationKey | None = None
        if encryption_key is None:
            self.key = self._own_key()
            encryption_key = self.key.key
        self.encryption_key = encryption_key
        self._parts = parts = ApplicationParts(
            tags=tags,
            vpc=vpc,
            encryption_key=encryption_key,
            database_name=database_name,
            database_user=database_user,
        )
        self.topics = parts.topics = self._made(alarms)
        self.topic: sns.ITopic | None = self.topics.by_severity(severities) if self.topics else None
        self.bucket = parts.bucket = self._made(bucket)
        self.database = parts.database = self._made(database)
        self.service = parts.service = self._made(service)
        connect(parts)
        self.pipeline = parts.pipeline = self._made(pipeline)
        self.objective = parts.objective = self._made(objective if service else None)
        self.budget = self._made(budget)
        self.backups = self._made(backups)
        self._watch(self.service, self.database, self.bucket, self.pipeline, self.objective, self.backups)
        self.dashboard = self._made(dashboard)
        self._warn()
        stamp(self, self.key)

    @property
    def alarms(self) -> "list[cloudwatch.IAlarm]":
        """The alarms of all parts."""
        return self._parts.alarms

    def _own_key(self) -> "ApplicationKey":
        from pavedroad.security.application_key import ApplicationKey

        return ApplicationKey(self, "Key", description=f"Data of {self.node.path}")

    def _made(self, part: Part[_Made] | None) -> _Made | None:
        return part(self, self._parts) if part is not None else None

    def _watch(self, *watched: Watched | None) -> None:
        if self.topic is None:
            return
        if self.key is not None:
            self.key.add_alarms(self.topic)
        for part in watched:
            if part is not None:
                self._parts.alarms += part.add_alarms(self.topic)

    def _warn(self) -> None:
        missing = {
            "alarms": (self.topics, "Nothing tells when the application fails."),
            "backups": (self.backups, "Data that is deleted by mistake has no copy outside its own service."),
            "budget": (self.budget, "Nobody hears when the application costs more than it should."),
        }
        for name, (part, consequence) in missing.items():
            if part is None:
                Annotations.of(self).add_warning_v2(f"pavedroad:application-no-{name}", consequence)
