"""Hardened AWS CDK constructs.

Names are imported on first use (PEP 562): ``from pavedroad import SecureBucket`` loads S3 and KMS, not RDS or ECS.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pavedroad.compute.ecs.fargate_service import FargateService as FargateService
    from pavedroad.continuity.backup_plan import BackupPlan as BackupPlan
    from pavedroad.database.rds.database import Database as Database
    from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline as DeliveryPipeline
    from pavedroad.network.secure_vpc import SecureVpc as SecureVpc
    from pavedroad.network.web_firewall import WebFirewall as WebFirewall
    from pavedroad.security.application_key import ApplicationKey as ApplicationKey
    from pavedroad.security.application_secret import ApplicationSecret as ApplicationSecret
    from pavedroad.security.validated_certificate import ValidatedCertificate as ValidatedCertificate
    from pavedroad.storage.s3.secure_bucket import SecureBucket as SecureBucket

_MODULES = {
    "ApplicationKey": "pavedroad.security.application_key",
    "ApplicationSecret": "pavedroad.security.application_secret",
    "BackupPlan": "pavedroad.continuity.backup_plan",
    "Database": "pavedroad.database.rds.database",
    "DeliveryPipeline": "pavedroad.delivery.pipeline.delivery_pipeline",
    "FargateService": "pavedroad.compute.ecs.fargate_service",
    "SecureBucket": "pavedroad.storage.s3.secure_bucket",
    "SecureVpc": "pavedroad.network.secure_vpc",
    "ValidatedCertificate": "pavedroad.security.validated_certificate",
    "WebFirewall": "pavedroad.network.web_firewall",
}

__all__ = [
    "ApplicationKey",
    "ApplicationSecret",
    "BackupPlan",
    "Database",
    "DeliveryPipeline",
    "FargateService",
    "SecureBucket",
    "SecureVpc",
    "ValidatedCertificate",
    "WebFirewall",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module 'pavedroad' has no attribute {name!r}; it exports {', '.join(__all__)}")
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return sorted(__all__)
