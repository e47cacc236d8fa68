from importlib import import_module
from typing import TYPE_CHECKING, Any
if TYPE_CHECKING:
    from pavedroad.compute.ecs.fargate_service import FargateService as FargateService
    from pavedroad.database.rds.database import Database as Database
    from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline as DeliveryPipeline
    from pavedroad.network.secure_vpc import SecureVpc as SecureVpc
    from pavedroad.storage.s3.secure_bucket import SecureBucket as SecureBucket
_MODULES = {'Database': 'pavedroad.database.rds.database', 'DeliveryPipeline': 'pavedroad.delivery.pipeline.delivery_pipeline', 'FargateService': 'pavedroad.compute.ecs.fargate_service', 'SecureBucket': 'pavedroad.storage.s3.secure_bucket', 'SecureVpc': 'pavedroad.network.secure_vpc'}
__all__ = ['Database', 'DeliveryPipeline', 'FargateService', 'SecureBucket', 'SecureVpc']

def __getattr__(name: str) -> Any:
    ...

def __dir__() -> list[str]:
    ...
