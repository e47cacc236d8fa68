"""The cluster that a service makes when it is given none."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge


def encrypted_cluster(scope: Construct, construct_id: str, *, vpc: ec2.IVpc, encryption_key: kms.IKey) -> ecs.Cluster:
    """A Fargate cluster whose task storage, command sessions and their logs are encrypted with ``encryption_key``.

    Controls: ECS.12 (Container Insights, enhanced), NIST AU-12, SC-8, SC-28.
    """
    acknowledge(
        encryption_key,
        "parliament::INVALID_SID",
        "The two statements that let Fargate encrypt task storage are the CDK's; a key policy takes spaces in a "
        "statement's name, an identity policy would not.",
    )
    sessions = encrypted_log_group(scope, "CommandLogs", encryption_key=encryption_key)
    return ecs.Cluster(
        scope,
        construct_id,
        vpc=vpc,
        container_insights_v2=ecs.ContainerInsights.ENHANCED,
        enable_fargate_capacity_providers=True,
        managed_storage_configuration=ecs.ManagedStorageConfiguration(fargate_ephemeral_storage_kms_key=encryption_key),
        execute_command_configuration=ecs.ExecuteCommandConfiguration(
            kms_key=encryption_key,
            logging=ecs.ExecuteCommandLogging.OVERRIDE,
            log_configuration=ecs.ExecuteCommandLogConfiguration(
                cloud_watch_log_group=sessions, cloud_watch_encryption_enabled=True
            ),
        ),
    )


def records_commands(cluster: ecs.ICluster) -> bool:
    """Whether command sessions in the cluster are encrypted with a customer-managed key and logged."""
    configuration = cluster.execute_command_configuration
    return bool(
        configuration
        and configuration.kms_key
        and configuration.log_configuration
        and configuration.logging == ecs.ExecuteCommandLogging.OVERRIDE
    )
