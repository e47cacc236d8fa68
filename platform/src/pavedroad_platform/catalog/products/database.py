"""The product database: a PostgreSQL database for an application."""

from collections.abc import Mapping

from aws_cdk import Duration, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds

from pavedroad.database.rds.database import Database
from pavedroad.database.rds.monitoring import DatabaseMonitoring
from pavedroad.database.rds.recovery import DatabaseRecovery
from pavedroad.database.rds.storage import DatabaseStorage
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.network_parameters import (
    CLIENTS_PARAMETER,
    VPC_PARAMETER,
    admit_clients,
    chosen_vpc,
    subnets_in_vpc,
    subnets_parameter,
)
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product
from pavedroad_platform.catalog.recovery_parameters import (
    BACKUP_RETENTION_PARAMETER,
    DELETION_PROTECTION_PARAMETER,
    SAFETY,
)

_DATABASE = "Database"
_SIZE = "Size"
_SUBNETS = "SubnetIds"

_CLASSES = ("t4g.medium", "m7g.large", "m7g.xlarge", "m7g.2xlarge", "r7g.large", "r7g.xlarge", "r7g.2xlarge")


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    key = rotated_key(stack, "Key", description="Encrypts the database, its logs, secret and alarms")
    topic = alarm_topic(stack, encryption_key=key, email=parameters[ALARM_EMAIL_PARAMETER.name].value_as_string)
    database = Database(
        stack,
        "Database",
        engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17),
        vpc=chosen_vpc(stack, parameters, isolated_subnets=_SUBNETS),
        instance_type=ec2.InstanceType(parameters["InstanceClass"].value_as_string),
        database_name=parameters["DatabaseName"].value_as_string,
        encryption_key=key,
        storage=DatabaseStorage(allocated_storage=parameters["StorageGiB"].value_as_number),
        recovery=DatabaseRecovery(
            backup_retention=Duration.days(parameters[BACKUP_RETENTION_PARAMETER.name].value_as_number)
        ),
        monitoring=DatabaseMonitoring(event_topic=topic),
    )
    database.add_alarms(topic)
    admit_clients(database.connections, parameters)
    _place_and_protect_as_asked(database, parameters)
    return {
        "Endpoint": database.endpoint.hostname,
        "Port": Token.as_string(database.endpoint.port),
        "AdministratorSecretArn": database.secret.secret_arn,
        "SecurityGroupId": database.security_group.security_group_id,
        "EncryptionKeyArn": key.key_arn,
    }


def _place_and_protect_as_asked(database: Database, parameters: Parameters) -> None:
    """Set what a construct decides in Python and a form at launch on the resources themselves."""
    instance = database.instance.node.default_child
    assert isinstance(instance, rds.CfnDBInstance)
    instance.add_property_override("MultiAZ", parameters["Standby"].value_as_string)
    instance.add_property_override("DeletionProtection", parameters[DELETION_PROTECTION_PARAMETER.name].value_as_string)
    group = database.node.find_child("SubnetGroup").node.default_child
    assert isinstance(group, rds.CfnDBSubnetGroup)
    group.subnet_ids = parameters[_SUBNETS].value_as_list
    acknowledge(
        instance,
        "cfn-lint::W3691",
        "RDS takes a major version by itself and installs its current default minor version. A released template never "
        "changes: a minor version in it would be outdated at once, refused by RDS within a year or two, and behind "
        "what the automatic minor upgrades had long installed.",
    )
    for finding in ("AwsSolutions-RDS13", "NIST.800.53.R5-RDSInstanceBackupEnabled"):
        acknowledge(
            instance,
            finding,
            "The check cannot read the days, which are chosen at launch: the form takes 7 to 35 only.",
        )


PRODUCT = Product(
    key="database",
    title="Database",
    version="1.0.0",
    summary=(
        "A PostgreSQL 17 database that is encrypted, backed up, watched, and reached over TLS from the network only."
    ),
    parameters=(
        Parameter(
            name="DatabaseName",
            label="Name of the database",
            group=_DATABASE,
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
        CLIENTS_PARAMETER,
        Parameter(
            name="InstanceClass",
            label="Instance class",
            group=_SIZE,
            help="Processors and memory: m7g.large has 2 and 8 GiB. A change restarts the database.",
            default="m7g.large",
            allowed_values=_CLASSES,
            constraint=f"One of {', '.join(_CLASSES)}.",
        ),
        Parameter(
            name="StorageGiB",
            label="Storage in GiB",
            group=_SIZE,
            help="The storage to begin with; it grows by itself.",
            type="Number",
            default=100,
            minimum=20,
            maximum=16384,
        ),
        Parameter(
            name="Standby",
            label="Standby in another zone",
            group=SAFETY,
            help="Whether a standby takes over when the instance or its zone fails. It costs as much again.",
            default="true",
            allowed_values=("true", "false"),
            constraint="Either true or false.",
        ),
        BACKUP_RETENTION_PARAMETER,
        DELETION_PROTECTION_PARAMETER,
        ALARM_EMAIL_PARAMETER,
    ),
    rules=(subnets_in_vpc(_SUBNETS),),
    outputs=(
        Output(name="Endpoint", purpose="The host name that applications connect to, over TLS."),
        Output(name="Port", purpose="The port that applications connect to."),
        Output(
            name="AdministratorSecretArn", purpose="Has the administrator's password, to make the first users with."
        ),
        Output(name="SecurityGroupId", purpose="The firewall of the database."),
        Output(name="EncryptionKeyArn", purpose="Who reads the administrator's secret needs kms:Decrypt on it."),
    ),
    build=_build,
)
