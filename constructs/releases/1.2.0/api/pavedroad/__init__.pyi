from importlib import import_module
from typing import TYPE_CHECKING, Any
if TYPE_CHECKING:
    from pavedroad.application.application import Application as Application
    from pavedroad.compute.ec2.instance_fleet import InstanceFleet as InstanceFleet
    from pavedroad.compute.ecs.fargate_service import FargateService as FargateService
    from pavedroad.compute.ecs.queue_worker import QueueWorker as QueueWorker
    from pavedroad.compute.ecs.scheduled_task import ScheduledTask as ScheduledTask
    from pavedroad.compute.eks.kubernetes_cluster import KubernetesCluster as KubernetesCluster
    from pavedroad.compute.functions.lambda_service import LambdaService as LambdaService
    from pavedroad.continuity.backup_plan import BackupPlan as BackupPlan
    from pavedroad.cost.cost_guard import CostGuard as CostGuard
    from pavedroad.database.aurora.aurora_cluster import AuroraCluster as AuroraCluster
    from pavedroad.database.documentdb.document_database import DocumentDatabase as DocumentDatabase
    from pavedroad.database.dynamodb.table import Table as Table
    from pavedroad.database.elasticache.cache import Cache as Cache
    from pavedroad.database.keyspaces.wide_column_keyspace import WideColumnKeyspace as WideColumnKeyspace
    from pavedroad.database.rds.database import Database as Database
    from pavedroad.delivery.images.image_pipeline import ImagePipeline as ImagePipeline
    from pavedroad.delivery.pipeline.artifact_replica import ArtifactReplica as ArtifactReplica
    from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline as DeliveryPipeline
    from pavedroad.delivery.pipeline.deployment_target_role import DeploymentTargetRole as DeploymentTargetRole
    from pavedroad.delivery.repositories.container_repository import ContainerRepository as ContainerRepository
    from pavedroad.delivery.repositories.package_repository import PackageRepository as PackageRepository
    from pavedroad.messaging.secure_queue import SecureQueue as SecureQueue
    from pavedroad.messaging.secure_topic import SecureTopic as SecureTopic
    from pavedroad.network.secure_vpc import SecureVpc as SecureVpc
    from pavedroad.network.web_firewall import WebFirewall as WebFirewall
    from pavedroad.observability.cloudwatch.service_dashboard import ServiceDashboard as ServiceDashboard
    from pavedroad.observability.cloudwatch.service_level_objective import ServiceLevelObjective as ServiceLevelObjective
    from pavedroad.observability.firehose.log_shipping import LogShipping as LogShipping
    from pavedroad.observability.sns.alarm_topics import AlarmTopics as AlarmTopics
    from pavedroad.observability.synthetics.synthetic_check import SyntheticCheck as SyntheticCheck
    from pavedroad.observability.xray.tracing import Tracing as Tracing
    from pavedroad.security.application_key import ApplicationKey as ApplicationKey
    from pavedroad.security.application_secret import ApplicationSecret as ApplicationSecret
    from pavedroad.security.session_access import SessionAccess as SessionAccess
    from pavedroad.security.validated_certificate import ValidatedCertificate as ValidatedCertificate
    from pavedroad.storage.ebs.snapshot_schedule import SnapshotSchedule as SnapshotSchedule
    from pavedroad.storage.ebs.volume import Volume as Volume
    from pavedroad.storage.efs.file_system import FileSystem as FileSystem
    from pavedroad.storage.s3.secure_bucket import SecureBucket as SecureBucket
    from pavedroad.web.static_website import StaticWebsite as StaticWebsite
_MODULES = {'AlarmTopics': 'pavedroad.observability.sns.alarm_topics', 'Application': 'pavedroad.application.application', 'ApplicationKey': 'pavedroad.security.application_key', 'ApplicationSecret': 'pavedroad.security.application_secret', 'ArtifactReplica': 'pavedroad.delivery.pipeline.artifact_replica', 'AuroraCluster': 'pavedroad.database.aurora.aurora_cluster', 'BackupPlan': 'pavedroad.continuity.backup_plan', 'Cache': 'pavedroad.database.elasticache.cache', 'ContainerRepository': 'pavedroad.delivery.repositories.container_repository', 'CostGuard': 'pavedroad.cost.cost_guard', 'Database': 'pavedroad.database.rds.database', 'DeliveryPipeline': 'pavedroad.delivery.pipeline.delivery_pipeline', 'DeploymentTargetRole': 'pavedroad.delivery.pipeline.deployment_target_role', 'DocumentDatabase': 'pavedroad.database.documentdb.document_database', 'FargateService': 'pavedroad.compute.ecs.fargate_service', 'FileSystem': 'pavedroad.storage.efs.file_system', 'ImagePipeline': 'pavedroad.delivery.images.image_pipeline', 'InstanceFleet': 'pavedroad.compute.ec2.instance_fleet', 'KubernetesCluster': 'pavedroad.compute.eks.kubernetes_cluster', 'LambdaService': 'pavedroad.compute.functions.lambda_service', 'LogShipping': 'pavedroad.observability.firehose.log_shipping', 'PackageRepository': 'pavedroad.delivery.repositories.package_repository', 'QueueWorker': 'pavedroad.compute.ecs.queue_worker', 'ScheduledTask': 'pavedroad.compute.ecs.scheduled_task', 'SecureBucket': 'pavedroad.storage.s3.secure_bucket', 'SecureQueue': 'pavedroad.messaging.secure_queue', 'SecureTopic': 'pavedroad.messaging.secure_topic', 'SecureVpc': 'pavedroad.network.secure_vpc', 'ServiceDashboard': 'pavedroad.observability.cloudwatch.service_dashboard', 'ServiceLevelObjective': 'pavedroad.observability.cloudwatch.service_level_objective', 'SessionAccess': 'pavedroad.security.session_access', 'SnapshotSchedule': 'pavedroad.storage.ebs.snapshot_schedule', 'StaticWebsite': 'pavedroad.web.static_website', 'SyntheticCheck': 'pavedroad.observability.synthetics.synthetic_check', 'Table': 'pavedroad.database.dynamodb.table', 'Tracing': 'pavedroad.observability.xray.tracing', 'ValidatedCertificate': 'pavedroad.security.validated_certificate', 'Volume': 'pavedroad.storage.ebs.volume', 'WebFirewall': 'pavedroad.network.web_firewall', 'WideColumnKeyspace': 'pavedroad.database.keyspaces.wide_column_keyspace'}
__all__ = ['AlarmTopics', 'Application', 'ApplicationKey', 'ApplicationSecret', 'ArtifactReplica', 'AuroraCluster', 'BackupPlan', 'Cache', 'ContainerRepository', 'CostGuard', 'Database', 'DeliveryPipeline', 'DeploymentTargetRole', 'DocumentDatabase', 'FargateService', 'FileSystem', 'ImagePipeline', 'InstanceFleet', 'KubernetesCluster', 'LambdaService', 'LogShipping', 'PackageRepository', 'QueueWorker', 'ScheduledTask', 'SecureBucket', 'SecureQueue', 'SecureTopic', 'SecureVpc', 'ServiceDashboard', 'ServiceLevelObjective', 'SessionAccess', 'SnapshotSchedule', 'StaticWebsite', 'SyntheticCheck', 'Table', 'Tracing', 'ValidatedCertificate', 'Volume', 'WebFirewall', 'WideColumnKeyspace']

def __getattr__(name: str) -> Any:
    ...

def __dir__() -> list[str]:
    ...
