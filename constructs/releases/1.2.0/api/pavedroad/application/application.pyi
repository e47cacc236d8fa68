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
_Made = TypeVar('_Made')
_NAME = ('[A-Za-z][A-Za-z0-9_]{0,62}', 'a letter, then at most 62 letters, digits and _')

class Application(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, tags: MandatoryTags, vpc: ec2.IVpc, service: Part[WatchedService] | None=None, pipeline: 'Part[DeliveryPipeline] | None'=None, budget: 'Part[CostGuard] | None'=None, database: Part[WatchedDatabase] | None=_DATABASE, bucket: 'Part[SecureBucket] | None'=_BUCKET, alarms: 'Part[AlarmTopics] | None'=_ALARMS, severities: 'AlarmSeverities | None'=None, objective: 'Part[ServiceLevelObjective] | None'=_OBJECTIVE, dashboard: 'Part[ServiceDashboard] | None'=_DASHBOARD, backups: 'Part[BackupPlan] | None'=_BACKUPS, database_name: str='application', database_user: str='application', encryption_key: kms.IKey | None=None) -> None:
        self.backups = ...
        self.bucket = ...
        self.budget = ...
        self.dashboard = ...
        self.database = ...
        self.encryption_key = ...
        self.key = ...
        self.objective = ...
        self.pipeline = ...
        self.service = ...
        self.topic = ...
        self.topics = ...

    @property
    def alarms(self) -> 'list[cloudwatch.IAlarm]':
        ...
