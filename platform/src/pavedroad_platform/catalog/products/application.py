"""The product application: a web application with its database, its bucket, alarms, dashboard and backups."""

from collections.abc import Mapping

from aws_cdk import Annotations, Stack, Token
from aws_cdk import aws_rds as rds

from pavedroad.application.application import Application
from pavedroad.application.operation_settings import AlarmSettings
from pavedroad.application.settings import DatabaseSettings, ServiceSettings
from pavedroad.compute.ecs.ecr_image import EcrImage
from pavedroad.compute.ecs.fargate_service import FargateService
from pavedroad.database.aurora.aurora_cluster import AuroraCluster
from pavedroad.database.aurora.capacity import AuroraServerlessCapacity
from pavedroad.observability.sns.subscriptions import AlarmSubscriptions
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER
from pavedroad_platform.catalog.container_parameters import (
    CERTIFICATE_PARAMETER,
    HEALTH_CHECK_PARAMETER,
    IMAGE_PARAMETER,
    PORT_PARAMETER,
    TASK_SIZE_PARAMETER,
    chosen_certificate,
    chosen_container,
    chosen_health_check,
    chosen_size,
    place_and_protect,
)
from pavedroad_platform.catalog.launch_numbers import whole_number
from pavedroad_platform.catalog.network_parameters import (
    VPC_PARAMETER,
    chosen_vpc,
    subnets_in_vpc,
    subnets_parameter,
)
from pavedroad_platform.catalog.ownership import ownership_tags
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product

_PUBLIC = "PublicSubnetIds"
_PRIVATE = "PrivateSubnetIds"
_ISOLATED = "IsolatedSubnetIds"


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    cpu, memory_mib = chosen_size(stack, parameters)
    team = AlarmSubscriptions(email_addresses=[parameters[ALARM_EMAIL_PARAMETER.name].value_as_string])
    application = Application(
        stack,
        "WebApplication",
        tags=ownership_tags(parameters),
        vpc=chosen_vpc(stack, parameters, public_subnets=_PUBLIC, private_subnets=_PRIVATE, isolated_subnets=_ISOLATED),
        service=ServiceSettings(
            image=EcrImage(parameters[IMAGE_PARAMETER.name].value_as_string),
            certificate=chosen_certificate(stack, parameters),
            container=chosen_container(parameters),
            cpu=cpu,
            memory_mib=memory_mib,
            health_check=chosen_health_check(parameters),
        ),
        database=DatabaseSettings(
            serverless=AuroraServerlessCapacity(maximum=whole_number(parameters, "DatabaseMaxCapacity"))
        ),
        alarms=AlarmSettings(critical=team, warning=team),
        # An objective is agreed with users, when it is known what the application does for them.
        objective=None,
    )
    Annotations.of(application).acknowledge_warning(
        "pavedroad:application-no-budget", "The account has a budget; what the product makes counts towards it."
    )
    service, database = application.service, application.database
    assert isinstance(service, FargateService)
    assert isinstance(database, AuroraCluster)
    place_and_protect(service, parameters, public=_PUBLIC, private=_PRIVATE)
    _place_and_protect(database, parameters)
    execution_role = service.task_definition.execution_role
    assert execution_role
    assert application.bucket
    assert database.secret
    return {
        "LoadBalancerName": service.load_balancer.load_balancer_dns_name,
        "ClusterName": service.cluster.cluster_name,
        "ServiceName": service.service.service_name,
        "TaskRoleArn": service.task_definition.task_role.role_arn,
        "ExecutionRoleArn": execution_role.role_arn,
        "DatabaseEndpoint": database.endpoint.hostname,
        "DatabasePort": Token.as_string(database.endpoint.port),
        "AdministratorSecretArn": database.secret.secret_arn,
        "BucketName": application.bucket.bucket.bucket_name,
        "LogGroupName": service.log_group.log_group_name,
    }


def _place_and_protect(database: AuroraCluster, parameters: Parameters) -> None:
    """Set what a construct decides in Python and a form at launch on the resources themselves."""
    cluster = database.cluster.node.default_child
    assert isinstance(cluster, rds.CfnDBCluster)
    cluster.add_property_override("DeletionProtection", parameters["DeletionProtection"].value_as_string)
    group = database.node.find_child("SubnetGroup").node.default_child
    assert isinstance(group, rds.CfnDBSubnetGroup)
    group.subnet_ids = parameters[_ISOLATED].value_as_list


PRODUCT = Product(
    key="application",
    title="Application",
    version="1.0.0",
    summary=(
        "A whole web application: a container behind HTTPS with a web firewall, a PostgreSQL database, a bucket,"
        " alarms, a dashboard and daily backups, wired and encrypted with one key."
    ),
    parameters=(
        IMAGE_PARAMETER,
        PORT_PARAMETER,
        HEALTH_CHECK_PARAMETER,
        TASK_SIZE_PARAMETER,
        Parameter(
            name="DatabaseMaxCapacity",
            label="Most capacity of the database",
            group="Size",
            help=(
                "Capacity units, of 2 GiB of memory each, that each of its two instances grows to; it shrinks to one by"
                " itself. The database is always made: without one, launch fargate-service."
            ),
            type="Number",
            default=8,
            minimum=1,
            maximum=128,
        ),
        VPC_PARAMETER,
        subnets_parameter(
            _PUBLIC, label="Public subnets", help="Of the load balancer: the output PublicSubnetIds of the network."
        ),
        subnets_parameter(
            _PRIVATE, label="Private subnets", help="Of the tasks: the output PrivateSubnetIds of the network."
        ),
        subnets_parameter(
            _ISOLATED, label="Isolated subnets", help="Of the database: the output IsolatedSubnetIds of the network."
        ),
        CERTIFICATE_PARAMETER,
        Parameter(
            name="DeletionProtection",
            label="Protect from deletion",
            group="Safety",
            help=(
                "Of load balancer and database. Set it to false before the product is terminated; a last snapshot is"
                " taken and the bucket is kept in any case."
            ),
            default="true",
            canary="false",
            allowed_values=("true", "false"),
            constraint="Either true or false.",
        ),
        ALARM_EMAIL_PARAMETER,
    ),
    rules=(subnets_in_vpc(_PUBLIC), subnets_in_vpc(_PRIVATE), subnets_in_vpc(_ISOLATED)),
    outputs=(
        Output(name="LoadBalancerName", purpose="The target of the DNS record of the application's name."),
        Output(name="ClusterName", purpose="Goes into the form of the product delivery-pipeline."),
        Output(name="ServiceName", purpose="Goes into the form of the product delivery-pipeline."),
        Output(name="TaskRoleArn", purpose="What more the application may do is granted to this role."),
        Output(
            name="ExecutionRoleArn", purpose="Starts the tasks; goes into the form of the product delivery-pipeline."
        ),
        Output(name="DatabaseEndpoint", purpose="The host that the variable DATABASE_HOST names, over TLS."),
        Output(name="DatabasePort", purpose="The port that the variable DATABASE_PORT names."),
        Output(
            name="AdministratorSecretArn",
            purpose="Has the password with which the user application is made once, who logs in with IAM.",
        ),
        Output(name="BucketName", purpose="The bucket that the variable BUCKET_NAME names."),
        Output(name="LogGroupName", purpose="Where the application's log is."),
    ),
    build=_build,
)
