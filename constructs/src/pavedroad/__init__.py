"""Hardened AWS CDK constructs.

Names are imported on first use (PEP 562): ``from pavedroad import SecureBucket`` loads S3 and KMS, not RDS or ECS.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pavedroad.compute.ecs.fargate_service import FargateService as FargateService
    from pavedroad.compute.eks.kubernetes_cluster import KubernetesCluster as KubernetesCluster
    from pavedroad.cost.cost_guard import CostGuard as CostGuard
    from pavedroad.database.rds.database import Database as Database
    from pavedroad.delivery.pipeline.artifact_replica import ArtifactReplica as ArtifactReplica
    from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline as DeliveryPipeline
    from pavedroad.delivery.pipeline.deployment_target_role import DeploymentTargetRole as DeploymentTargetRole
    from pavedroad.network.secure_vpc import SecureVpc as SecureVpc
    from pavedroad.storage.s3.secure_bucket import SecureBucket as SecureBucket

_MODULES = {
    "ArtifactReplica": "pavedroad.delivery.pipeline.artifact_replica",
    "CostGuard": "pavedroad.cost.cost_guard",
    "Database": "pavedroad.database.rds.database",
    "DeliveryPipeline": "pavedroad.delivery.pipeline.delivery_pipeline",
    "DeploymentTargetRole": "pavedroad.delivery.pipeline.deployment_target_role",
    "FargateService": "pavedroad.compute.ecs.fargate_service",
    "KubernetesCluster": "pavedroad.compute.eks.kubernetes_cluster",
    "SecureBucket": "pavedroad.storage.s3.secure_bucket",
    "SecureVpc": "pavedroad.network.secure_vpc",
}

__all__ = [
    "ArtifactReplica",
    "CostGuard",
    "Database",
    "DeliveryPipeline",
    "DeploymentTargetRole",
    "FargateService",
    "KubernetesCluster",
    "SecureBucket",
    "SecureVpc",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module 'pavedroad' has no attribute {name!r}; it exports {', '.join(__all__)}")
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return sorted(__all__)
