"""Hardened AWS CDK constructs.

Names are imported on first use (PEP 562): ``from pavedroad import SecureBucket`` loads S3 and KMS, not RDS or ECS.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pavedroad.compute.ecs.fargate_service import FargateService as FargateService
    from pavedroad.database.rds.database import Database as Database
    from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline as DeliveryPipeline
    from pavedroad.network.secure_vpc import SecureVpc as SecureVpc
    from pavedroad.observability.cloudwatch.service_dashboard import ServiceDashboard as ServiceDashboard
    from pavedroad.observability.cloudwatch.service_level_objective import (
        ServiceLevelObjective as ServiceLevelObjective,
    )
    from pavedroad.observability.firehose.log_shipping import LogShipping as LogShipping
    from pavedroad.observability.sns.alarm_topics import AlarmTopics as AlarmTopics
    from pavedroad.observability.synthetics.synthetic_check import SyntheticCheck as SyntheticCheck
    from pavedroad.observability.xray.tracing import Tracing as Tracing
    from pavedroad.storage.s3.secure_bucket import SecureBucket as SecureBucket

_MODULES = {
    "AlarmTopics": "pavedroad.observability.sns.alarm_topics",
    "Database": "pavedroad.database.rds.database",
    "DeliveryPipeline": "pavedroad.delivery.pipeline.delivery_pipeline",
    "FargateService": "pavedroad.compute.ecs.fargate_service",
    "LogShipping": "pavedroad.observability.firehose.log_shipping",
    "SecureBucket": "pavedroad.storage.s3.secure_bucket",
    "SecureVpc": "pavedroad.network.secure_vpc",
    "ServiceDashboard": "pavedroad.observability.cloudwatch.service_dashboard",
    "ServiceLevelObjective": "pavedroad.observability.cloudwatch.service_level_objective",
    "SyntheticCheck": "pavedroad.observability.synthetics.synthetic_check",
    "Tracing": "pavedroad.observability.xray.tracing",
}

__all__ = [
    "AlarmTopics",
    "Database",
    "DeliveryPipeline",
    "FargateService",
    "LogShipping",
    "SecureBucket",
    "SecureVpc",
    "ServiceDashboard",
    "ServiceLevelObjective",
    "SyntheticCheck",
    "Tracing",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module 'pavedroad' has no attribute {name!r}; it exports {', '.join(__all__)}")
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return sorted(__all__)
