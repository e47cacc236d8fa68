"""The product aurora-cluster: an Aurora PostgreSQL cluster for an application."""

from collections.abc import Mapping

from aws_cdk import Duration, Fn, ICfnRuleConditionExpression, Stack, Token
from aws_cdk import aws_rds as rds

from pavedroad.database.aurora.aurora_cluster import AuroraCluster
from pavedroad.database.aurora.capacity import AuroraServerlessCapacity
from pavedroad.database.aurora.recovery import AuroraRecovery
from pavedroad.database.rds.monitoring import DatabaseMonitoring
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
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product, Rule
from pavedroad_platform.catalog.recovery_parameters import (
    BACKUP_RETENTION_PARAMETER,
    DELETION_PROTECTION_PARAMETER,
)
from pavedroad_platform.catalog.replica_count import (
    MOST_REPLICAS,
    keep_replicas_as_asked,
    replica_count_parameter,
)

_CLUSTER = "Cluster"
_SIZE = "Size"
_READERS = "Readers"
_SUBNETS = "SubnetIds"
_MINIMUM = ("0.5", "1", "2", "4", "8", "16", "32", "64", "128")
_MAXIMUM = ("1", "2", "4", "8", "16", "32", "64", "128", "256")


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    key = rotated_key(stack, "Key", description="Encrypts the cluster, its logs, secret and alarms")
    topic = alarm_topic(stack, encryption_key=key, email=parameters[ALARM_EMAIL_PARAMETER.name].value_as_string)
    cluster = AuroraCluster(
        stack,
        "Cluster",
        engine=rds.DatabaseClusterEngine.aurora_postgres(version=_version(parameters)),
        vpc=chosen_vpc(stack, parameters, isolated_subnets=_SUBNETS, zones=ZONE_PARAMETERS),
        serverless=AuroraServerlessCapacity(
            minimum=parameters["MinimumCapacity"].value_as_number, maximum=parameters["MaximumCapacity"].value_as_number
        ),
        readers=MOST_REPLICAS,
        database_name=parameters["DatabaseName"].value_as_string,
        encryption_key=key,
        recovery=AuroraRecovery(
            backup_retention=Duration.days(parameters[BACKUP_RETENTION_PARAMETER.name].value_as_number)
        ),
        monitoring=DatabaseMonitoring(event_topic=topic),
    )
    cluster.add_alarms(topic)
    admit_clients(cluster.connections, parameters)
    resource = cluster.cluster.node.default_child
    assert isinstance(resource, rds.CfnDBCluster)
    resource.add_property_override("DeletionProtection", parameters[DELETION_PROTECTION_PARAMETER.name].value_as_string)
    group = cluster.node.find_child("SubnetGroup").node.default_child
    assert isinstance(group, rds.CfnDBSubnetGroup)
    group.subnet_ids = parameters[_SUBNETS].value_as_list
    keep_replicas_as_asked(cluster.instances[1:], cluster.event_subscriptions, count=parameters[_READERS])
    assert cluster.secret
    return {
        "Endpoint": cluster.endpoint.hostname,
        "ReaderEndpoint": cluster.reader_endpoint.hostname,
        "Port": Token.as_string(cluster.endpoint.port),
        "AdministratorSecretArn": cluster.secret.secret_arn,
        "SecurityGroupId": cluster.security_group.security_group_id,
        "EncryptionKeyArn": key.key_arn,
    }


def _version(parameters: Parameters) -> rds.AuroraPostgresEngineVersion:
    version = parameters["EngineVersion"].value_as_string
    return rds.AuroraPostgresEngineVersion.of(version, Fn.select(0, Fn.split(".", version)))


def _minimum_fits(parameters: Parameters) -> ICfnRuleConditionExpression:
    """The minimum is one of those that are not above the maximum: rules of CloudFormation do not compare numbers."""
    minimum, maximum = parameters["MinimumCapacity"].value_as_string, parameters["MaximumCapacity"].value_as_string
    return Fn.condition_or(
        *(
            Fn.condition_and(
                Fn.condition_equals(minimum, least),
                Fn.condition_contains([most for most in _MAXIMUM if float(most) >= float(least)], maximum),
            )
            for least in _MINIMUM
        )
    )


PRODUCT = Product(
    key="aurora-cluster",
    title="Aurora cluster",
    version="1.0.0",
    summary=(
        "An Aurora PostgreSQL cluster in two zones that scales with its load, is encrypted, backed up, watched, and "
        "reached over TLS from the network only."
    ),
    parameters=(
        Parameter(
            name="EngineVersion",
            label="Version of PostgreSQL",
            group=_CLUSTER,
            help=(
                "The version of Aurora PostgreSQL, as the console of RDS offers it; Aurora MySQL is not offered. Newer "
                "minor versions are installed by themselves. The major version cannot be changed later."
            ),
            default="17.6",
            pattern=r"(16|17)\.[0-9]{1,2}",
            constraint="A version of PostgreSQL 16 or 17, such as 17.6.",
        ),
        Parameter(
            name="DatabaseName",
            label="Name of the database",
            group=_CLUSTER,
            help="The database that is made at first.",
            default="application",
            pattern=r"[a-z][a-z0-9_]{0,62}",
            constraint="A lower-case letter, then letters, digits and underscores, at most 63.",
        ),
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
            name="MinimumCapacity",
            label="Capacity units at least",
            group=_SIZE,
            help="What each instance has when there is little to do. A unit is 2 GiB of memory with processors for it.",
            type="Number",
            default=1,
            allowed_values=_MINIMUM,
            constraint=f"One of {', '.join(_MINIMUM)}.",
        ),
        Parameter(
            name="MaximumCapacity",
            label="Capacity units at most",
            group=_SIZE,
            help="What each instance grows to when there is much to do; it bounds the bill.",
            type="Number",
            default=16,
            allowed_values=_MAXIMUM,
            constraint=f"One of {', '.join(_MAXIMUM)}.",
        ),
        replica_count_parameter(
            _READERS,
            label="Readers",
            help=(
                "The first takes over within a minute when the instance or the zone fails that takes writes. 0: a new "
                "instance must be made then, which takes up to an hour."
            ),
        ),
        BACKUP_RETENTION_PARAMETER,
        DELETION_PROTECTION_PARAMETER,
        ALARM_EMAIL_PARAMETER,
    ),
    rules=(
        subnets_in_vpc(_SUBNETS),
        *zones_of_subnets(_SUBNETS),
        Rule(
            name="MinimumNotAboveMaximum",
            description="Choose in MinimumCapacity no more than in MaximumCapacity.",
            assertion=_minimum_fits,
        ),
    ),
    outputs=(
        Output(name="Endpoint", purpose="The host name that applications write to, over TLS."),
        Output(name="ReaderEndpoint", purpose="The host name that applications only read from; it spreads the load."),
        Output(name="Port", purpose="The port that applications connect to."),
        Output(
            name="AdministratorSecretArn", purpose="Has the administrator's password, to make the first users with."
        ),
        Output(name="SecurityGroupId", purpose="The firewall of the cluster."),
        Output(name="EncryptionKeyArn", purpose="Who reads the administrator's secret needs kms:Decrypt on it."),
    ),
    build=_build,
)
