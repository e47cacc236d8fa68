"""The product document-database: a DocumentDB cluster for an application."""

from collections.abc import Mapping

from aws_cdk import Duration, Stack, Token
from aws_cdk import aws_docdb as docdb
from aws_cdk import aws_ec2 as ec2

from pavedroad.database.documentdb.document_database import DocumentDatabase
from pavedroad.database.documentdb.recovery import DocumentDatabaseRecovery
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.network_parameters import (
    CLIENTS_PARAMETER,
    VPC_PARAMETER,
    ZONE_PARAMETERS,
    admit_clients,
    chosen_vpc,
    subnets_in_vpc,
    subnets_parameter,
    zones_of_subnets,
)
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product
from pavedroad_platform.catalog.recovery_parameters import BACKUP_RETENTION_PARAMETER, DELETION_PROTECTION_PARAMETER
from pavedroad_platform.catalog.replica_count import (
    MOST_REPLICAS,
    keep_replicas_as_asked,
    replica_count_parameter,
)

_REPLICAS = "Replicas"
_SUBNETS = "SubnetIds"
_CLASSES = ("t4g.medium", "r6g.large", "r6g.xlarge", "r6g.2xlarge", "r6g.4xlarge")


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    key = rotated_key(stack, "Key", description="Encrypts the document database, its logs, secret and alarms")
    topic = alarm_topic(stack, encryption_key=key, email=parameters[ALARM_EMAIL_PARAMETER.name].value_as_string)
    database = DocumentDatabase(
        stack,
        "Database",
        vpc=chosen_vpc(stack, parameters, isolated_subnets=_SUBNETS, zones=ZONE_PARAMETERS),
        instance_type=ec2.InstanceType(parameters["InstanceClass"].value_as_string),
        instances=MOST_REPLICAS + 1,
        encryption_key=key,
        recovery=DocumentDatabaseRecovery(
            backup_retention=Duration.days(parameters[BACKUP_RETENTION_PARAMETER.name].value_as_number)
        ),
        event_topic=topic,
    )
    database.add_alarms(topic)
    admit_clients(database.connections, parameters)
    cluster = database.cluster
    cluster.add_property_override("DeletionProtection", parameters[DELETION_PROTECTION_PARAMETER.name].value_as_string)
    acknowledge(
        cluster,
        "AwsSolutions-DOC4",
        "The check cannot read the days, which are chosen at launch: the form takes 7 to 35 only.",
    )
    group = database.node.find_child("SubnetGroup")
    assert isinstance(group, docdb.CfnDBSubnetGroup)
    group.subnet_ids = parameters[_SUBNETS].value_as_list
    keep_replicas_as_asked(database.instances[1:], database.event_subscriptions, count=parameters[_REPLICAS])
    return {
        "Endpoint": database.endpoint,
        "ReaderEndpoint": database.reader_endpoint,
        "Port": Token.as_string(cluster.attr_port),
        "ClusterIdentifier": cluster.ref,
        "SecurityGroupId": database.security_group.security_group_id,
        "EncryptionKeyArn": key.key_arn,
    }


PRODUCT = Product(
    key="document-database",
    title="Document database",
    version="1.0.0",
    summary=(
        "A DocumentDB 5.0 cluster, compatible with MongoDB, in two zones: encrypted, audited, backed up, watched, and "
        "reached over TLS from the network only."
    ),
    parameters=(
        VPC_PARAMETER,
        subnets_parameter(
            _SUBNETS,
            label="Subnets",
            help="Two or more, in different zones: the output IsolatedSubnetIds of the network.",
            tier="IsolatedSubnetIds",
        ),
        *ZONE_PARAMETERS,
        CLIENTS_PARAMETER,
        Parameter(
            name="InstanceClass",
            label="Instance class",
            group="Size",
            help="Processors and memory of each instance: r6g.large has 2 and 16 GiB. A change restarts each in turn.",
            default="r6g.large",
            allowed_values=_CLASSES,
            constraint=f"One of {', '.join(_CLASSES)}.",
        ),
        replica_count_parameter(
            _REPLICAS,
            label="Replicas",
            help=(
                "The first takes over within two minutes when the primary or its zone fails. 0: a new instance must be "
                "made then, which takes up to an hour."
            ),
        ),
        BACKUP_RETENTION_PARAMETER,
        DELETION_PROTECTION_PARAMETER,
        ALARM_EMAIL_PARAMETER,
    ),
    rules=(subnets_in_vpc(_SUBNETS), *zones_of_subnets(_SUBNETS)),
    outputs=(
        Output(name="Endpoint", purpose="The host name that applications write to, over TLS."),
        Output(name="ReaderEndpoint", purpose="The host name that applications only read from; it spreads the load."),
        Output(name="Port", purpose="The port that applications connect to."),
        Output(
            name="ClusterIdentifier",
            purpose=(
                "The administrator's secret has the cluster's ARN in the tag aws:rds:primaryDBClusterArn; Secrets "
                "Manager finds it by that."
            ),
        ),
        Output(name="SecurityGroupId", purpose="The firewall of the database."),
        Output(name="EncryptionKeyArn", purpose="Who reads the administrator's secret needs kms:Decrypt on it."),
    ),
    build=_build,
)
