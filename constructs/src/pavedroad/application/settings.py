"""How bucket, database, service and pipeline of an application are made, where a team does not make them itself.

Each is a ``Part``: a function of the scope and the other parts. What it makes is imported when it is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from constructs import Construct

from pavedroad.application.parts import ApplicationParts
from pavedroad.arguments import Arguments

if TYPE_CHECKING:
    from aws_cdk import aws_certificatemanager as acm
    from aws_cdk import aws_ecr as ecr
    from aws_cdk import aws_ecs as ecs
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2
    from aws_cdk import aws_rds as rds
    from aws_cdk import aws_s3 as s3

    from pavedroad.compute.ecs.application_container import ApplicationContainer
    from pavedroad.compute.ecs.fargate_service import FargateService
    from pavedroad.compute.ecs.https_load_balancer import HttpsEndpoint
    from pavedroad.compute.ecs.scaling import TaskScaling
    from pavedroad.database.aurora.aurora_cluster import AuroraCluster
    from pavedroad.database.aurora.capacity import AuroraServerlessCapacity
    from pavedroad.database.aurora.recovery import AuroraRecovery
    from pavedroad.delivery.pipeline.builds import BuildStep
    from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline
    from pavedroad.delivery.pipeline.deployments import DeploymentStage
    from pavedroad.delivery.pipeline.sources import Source
    from pavedroad.storage.s3.secure_bucket import SecureBucket


@dataclass(frozen=True, kw_only=True)
class BucketSettings:
    """``SecureBucket``: where the service keeps objects.

    Attributes:
        lifecycle_rules: Further rules. Left out: those that every ``SecureBucket`` has.
        event_bridge: Send the bucket's events to EventBridge. Left out: not sent.
    """

    lifecycle_rules: "Sequence[s3.LifecycleRule]" = ()
    event_bridge: bool = False

    def __call__(self, scope: Construct, parts: ApplicationParts) -> "SecureBucket":
        """Make the bucket."""
        from pavedroad.storage.s3.secure_bucket import SecureBucket

        return SecureBucket(
            scope,
            "Bucket",
            encryption_key=parts.encryption_key,
            lifecycle_rules=self.lifecycle_rules,
            event_bridge=self.event_bridge,
        )


@dataclass(frozen=True, kw_only=True)
class DatabaseSettings:
    """``AuroraCluster`` under Serverless v2: PostgreSQL with a reader that takes over.

    Attributes:
        engine: The engine with its version. Left out: Aurora PostgreSQL 17.6.
        serverless: The capacity of every instance. Left out: 1 to 16 units.
        readers: How many readers, 0 to 15. Left out: 1, or as ``recovery`` says.
        recovery: Objectives and backups. Left out: backups of 35 days.
    """

    engine: "rds.IClusterEngine | None" = None
    serverless: "AuroraServerlessCapacity | None" = None
    readers: int | None = None
    recovery: "AuroraRecovery | None" = None

    def __call__(self, scope: Construct, parts: ApplicationParts) -> "AuroraCluster":
        """Make the cluster."""
        from aws_cdk import aws_rds as rds

        from pavedroad.database.aurora.aurora_cluster import AuroraCluster

        return AuroraCluster(
            scope,
            "Database",
            engine=self.engine
            or rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_6),
            vpc=parts.vpc,
            serverless=self.serverless,
            readers=self.readers,
            recovery=self.recovery,
            database_name=parts.database_name,
            encryption_key=parts.encryption_key,
        )


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """``FargateService``: a container behind HTTPS.

    Attributes:
        image: The container image that the service begins with.
        certificate: The ACM certificate of the names by which clients call.
        container: Port, user, environment, secrets, writable directories. Left out: port 8080. The variables
            ``BUCKET_NAME``, ``DATABASE_HOST``, ``DATABASE_PORT``, ``DATABASE_NAME`` and ``DATABASE_USER`` are added.
        cpu: CPU units of a task. Left out: 512.
        memory_mib: Memory of a task in MiB. Left out: 1024.
        health_check: How the load balancer checks a task. Left out: status 200 from ``/``.
        endpoint: How clients reach the service. Left out: from the internet, with a web ACL.
        scaling: Left out: 2 to 10 tasks.
    """

    image: "ecs.ContainerImage"
    certificate: "acm.ICertificate"
    container: "ApplicationContainer | None" = None
    cpu: int = 512
    memory_mib: int = 1024
    health_check: "elbv2.HealthCheck | None" = None
    endpoint: "HttpsEndpoint | None" = None
    scaling: "TaskScaling | None" = None

    def __call__(self, scope: Construct, parts: ApplicationParts) -> "FargateService":
        """Make the service."""
        from pavedroad.compute.ecs.application_container import ApplicationContainer
        from pavedroad.compute.ecs.fargate_service import FargateService

        container = self.container or ApplicationContainer()
        return FargateService(
            scope,
            "Service",
            vpc=parts.vpc,
            image=self.image,
            certificate=self.certificate,
            container=replace(container, environment={**parts.environment, **container.environment}),
            cpu=self.cpu,
            memory_mib=self.memory_mib,
            health_check=self.health_check,
            endpoint=self.endpoint,
            scaling=self.scaling,
            encryption_key=parts.encryption_key,
        )


@dataclass(frozen=True, kw_only=True)
class PipelineSettings:
    """``DeliveryPipeline``: builds, tests and checks the image, and deploys it to the service after an approval.

    The build writes ``imagedefinitions.json`` with the image for the container ``application``.

    Attributes:
        source: Where it starts.
        repository: The image repository that the build pushes to. Left out: ``build`` names it.
        build: Makes the image; running Docker takes ``privileged=True``. Left out: the repository's ``buildspec.yml``.
        test: Tests it. Left out: the repository's ``buildspec.test.yml``.
        security_check: Checks it. Left out: pip-audit, Trivy and checkov.
        earlier_stages: Environments before this one. Left out: none.
    """

    source: "Source"
    repository: "ecr.IRepository | None" = None
    build: "BuildStep | None" = None
    test: "BuildStep | None" = None
    security_check: "BuildStep | None" = None
    earlier_stages: "Sequence[DeploymentStage]" = ()

    def __call__(self, scope: Construct, parts: ApplicationParts) -> "DeliveryPipeline":
        """Make the pipeline."""
        from pavedroad.compute.ecs.fargate_service import FargateService
        from pavedroad.delivery.pipeline.builds import BuildStep
        from pavedroad.delivery.pipeline.delivery_pipeline import DeliveryPipeline
        from pavedroad.delivery.pipeline.deployments import DeploymentStage, EcsDeployment

        arguments = Arguments(scope)
        if not isinstance(parts.service, FargateService):
            arguments.refuse(
                "pipeline",
                type(self).__name__,
                "deploys to a FargateService; give a function that makes a DeliveryPipeline for another service",
            )
        arguments.check()
        service = parts.service
        assert isinstance(service, FargateService)
        build = self.build or BuildStep()
        if self.repository is not None:
            build = replace(build, pushes=[*build.pushes, self.repository])
        deployment = EcsDeployment(
            cluster_name=service.cluster.cluster_name,
            service_name=service.service.service_name,
            task_role_arns=[
                role.role_arn
                for role in (service.task_definition.task_role, service.task_definition.execution_role)
                if role is not None
            ],
        )
        make = partial(DeliveryPipeline)
        if self.test is not None:
            make = partial(make, test=self.test)
        if self.security_check is not None:
            make = partial(make, security_check=self.security_check)
        return make(
            scope,
            "Pipeline",
            source=self.source,
            stages=[
                *self.earlier_stages,
                DeploymentStage(name="Production", production=True, deployments=[deployment]),
            ],
            build=build,
            encryption_key=parts.encryption_key,
            notification_topic=parts.topics.warning if parts.topics else None,
        )
