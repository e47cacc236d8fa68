"""Hardened AWS CDK constructs.

Names are imported on first use (PEP 562): ``from pavedroad import SecureBucket`` loads S3 and KMS, not RDS or ECS.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pavedroad.compute.ec2.instance_fleet import InstanceFleet as InstanceFleet
    from pavedroad.compute.ecs.fargate_service import FargateService as FargateService
    from pavedroad.database.rds.database import Database as Database
    from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline as DeliveryPipeline
    from pavedroad.network.secure_vpc import SecureVpc as SecureVpc
    from pavedroad.security.session_access import SessionAccess as SessionAccess
    from pavedroad.storage.ebs.snapshot_schedule import SnapshotSchedule as SnapshotSchedule
    from pavedroad.storage.ebs.volume import Volume as Volume
    from pavedroad.storage.s3.secure_bucket import SecureBucket as SecureBucket

_MODULES = {
    "Database": "pavedroad.database.rds.database",
    "DeliveryPipeline": "pavedroad.delivery.pipeline.delivery_pipeline",
    "FargateService": "pavedroad.compute.ecs.fargate_service",
    "InstanceFleet": "pavedroad.compute.ec2.instance_fleet",
    "SecureBucket": "pavedroad.storage.s3.secure_bucket",
    "SecureVpc": "pavedroad.network.secure_vpc",
    "SessionAccess": "pavedroad.security.session_access",
    "SnapshotSchedule": "pavedroad.storage.ebs.snapshot_schedule",
    "Volume": "pavedroad.storage.ebs.volume",
}

__all__ = [
    "Database",
    "DeliveryPipeline",
    "FargateService",
    "InstanceFleet",
    "SecureBucket",
    "SecureVpc",
    "SessionAccess",
    "SnapshotSchedule",
    "Volume",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module 'pavedroad' has no attribute {name!r}; it exports {', '.join(__all__)}")
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return sorted(__all__)
