"""The same architecture in plain CDK, with the defaults of its constructs."""

from aws_cdk import Duration, Stack, Tags
from aws_cdk import aws_backup as backup
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as pipeline_actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ecs_patterns as ecs_patterns
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

CONNECTION = "arn:aws:codeconnections:eu-west-1:111111111111:connection/orders"
TAGS = {
    "application": "orders",
    "team": "shop",
    "environment": "production",
    "cost-centre": "2000",
    "data-classification": "confidential",
}


def orders(stack: Stack, vpc: ec2.IVpc, certificate: acm.ICertificate, images: ecr.IRepository) -> None:
    """The application."""
    bucket = s3.Bucket(stack, "Bucket")
    database = _database(stack, vpc)
    image = ecs.ContainerImage.from_ecr_repository(images, "1.4.2")
    service = _service(stack, vpc, certificate, image)
    service.task_definition.default_container.add_environment("BUCKET_NAME", bucket.bucket_name)
    service.task_definition.default_container.add_environment("DATABASE_HOST", database.cluster_endpoint.hostname)
    bucket.grant_read_write(service.task_definition.task_role)
    database.connections.allow_default_port_from(service.service)
    database.grant_connect(service.task_definition.task_role, "application")
    topic = sns.Topic(stack, "Alarms")
    topic.add_subscription(subscriptions.EmailSubscription("orders@example.com"))
    _pipeline(stack, service.service, images, topic)
    alarms = _alarms(stack, service, database, topic)
    _dashboard(stack, service, database, alarms)
    _budget(stack)
    _backups(stack)
    for key, value in TAGS.items():
        Tags.of(stack).add(key, value)


def _database(stack: Stack, vpc: ec2.IVpc) -> rds.DatabaseCluster:
    return rds.DatabaseCluster(
        stack,
        "Database",
        engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_6),
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        writer=rds.ClusterInstance.serverless_v2("Writer"),
        readers=[rds.ClusterInstance.serverless_v2("Reader", scale_with_writer=True)],
        serverless_v2_min_capacity=1,
        serverless_v2_max_capacity=16,
        default_database_name="application",
        storage_encrypted=True,
        iam_authentication=True,
    )


def _service(
    stack: Stack,
    vpc: ec2.IVpc,
    certificate: acm.ICertificate,
    image: ecs.ContainerImage,
) -> ecs_patterns.ApplicationLoadBalancedFargateService:
    service = ecs_patterns.ApplicationLoadBalancedFargateService(
        stack,
        "Service",
        vpc=vpc,
        certificate=certificate,
        redirect_http=True,
        cpu=512,
        memory_limit_mib=1024,
        desired_count=2,
        min_healthy_percent=100,
        circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
        task_image_options=ecs_patterns.ApplicationLoadBalancedTaskImageOptions(
            image=image,
            container_name="application",
            container_port=8080,
            environment={"DATABASE_NAME": "application", "DATABASE_USER": "application"},
        ),
    )
    scaling = service.service.auto_scale_task_count(min_capacity=2, max_capacity=10)
    scaling.scale_on_cpu_utilization("Cpu", target_utilization_percent=60)
    scaling.scale_on_memory_utilization("Memory", target_utilization_percent=70)
    return service


def _pipeline(stack: Stack, service: ecs.FargateService, images: ecr.IRepository, topic: sns.Topic) -> None:
    source, built = codepipeline.Artifact(), codepipeline.Artifact()
    build = codebuild.PipelineProject(stack, "Build")
    images.grant_pull_push(build)
    test = codebuild.PipelineProject(
        stack, "Test", build_spec=codebuild.BuildSpec.from_source_filename("buildspec.test.yml")
    )
    check = codebuild.PipelineProject(
        stack, "SecurityCheck", build_spec=codebuild.BuildSpec.from_source_filename("buildspec.security.yml")
    )
    pipeline = codepipeline.Pipeline(stack, "Pipeline", pipeline_type=codepipeline.PipelineType.V2)
    fetch = pipeline_actions.CodeStarConnectionsSourceAction(
        action_name="Source", connection_arn=CONNECTION, owner="shop", repo="orders", branch="main", output=source
    )
    pipeline.add_stage(stage_name="Source", actions=[fetch])
    pipeline.add_stage(
        stage_name="Build",
        actions=[pipeline_actions.CodeBuildAction(action_name="Build", project=build, input=source, outputs=[built])],
    )
    for name, project in (("Test", test), ("SecurityCheck", check)):
        action = pipeline_actions.CodeBuildAction(action_name=name, project=project, input=source)
        pipeline.add_stage(stage_name=name, actions=[action])
    approve = pipeline_actions.ManualApprovalAction(action_name="Approve", notification_topic=topic)
    pipeline.add_stage(stage_name="Approve", actions=[approve])
    deploy = pipeline_actions.EcsDeployAction(action_name="Deploy", service=service, input=built)
    pipeline.add_stage(stage_name="Production", actions=[deploy])


def _alarms(
    stack: Stack,
    service: ecs_patterns.ApplicationLoadBalancedFargateService,
    database: rds.DatabaseCluster,
    topic: sns.Topic,
) -> list[cloudwatch.IAlarm]:
    targets = service.target_group.metrics
    watched: dict[str, tuple[cloudwatch.Metric, float]] = {
        "ServerErrors": (targets.http_code_target(elbv2.HttpCodeTarget.TARGET_5XX_COUNT), 10),
        "UnhealthyTasks": (targets.unhealthy_host_count(), 1),
        "ResponseTime": (targets.target_response_time(statistic="p99"), 2),
        "ServiceCpu": (service.service.metric_cpu_utilization(), 85),
        "ServiceMemory": (service.service.metric_memory_utilization(), 85),
        "DatabaseCpu": (database.metric_cpu_utilization(), 85),
        "DatabaseCapacity": (database.metric_acu_utilization(), 90),
        "DatabaseConnections": (database.metric_database_connections(), 500),
    }
    alarms: list[cloudwatch.IAlarm] = []
    for name, (metric, threshold) in watched.items():
        alarm = metric.create_alarm(stack, name, threshold=threshold, evaluation_periods=3)
        alarm.add_alarm_action(cloudwatch_actions.SnsAction(topic))
        alarms.append(alarm)
    return alarms


def _dashboard(
    stack: Stack,
    service: ecs_patterns.ApplicationLoadBalancedFargateService,
    database: rds.DatabaseCluster,
    alarms: list[cloudwatch.IAlarm],
) -> None:
    targets = service.target_group.metrics
    dashboard = cloudwatch.Dashboard(stack, "Dashboard")
    dashboard.add_widgets(cloudwatch.AlarmStatusWidget(alarms=alarms, width=24))
    dashboard.add_widgets(
        cloudwatch.GraphWidget(title="Requests", left=[targets.request_count()]),
        cloudwatch.GraphWidget(title="Response time", left=[targets.target_response_time()]),
        cloudwatch.GraphWidget(
            title="Service",
            left=[service.service.metric_cpu_utilization(), service.service.metric_memory_utilization()],
        ),
        cloudwatch.GraphWidget(
            title="Database", left=[database.metric_cpu_utilization(), database.metric_database_connections()]
        ),
    )


def _budget(stack: Stack) -> None:
    subscriber = budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address="orders@example.com")
    budgets.CfnBudget(
        stack,
        "Budget",
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=800, unit="USD"),
            cost_filters={"TagKeyValue": ["user:application$orders"]},
        ),
        notifications_with_subscribers=[
            budgets.CfnBudget.NotificationWithSubscribersProperty(
                notification=budgets.CfnBudget.NotificationProperty(
                    comparison_operator="GREATER_THAN", notification_type=kind, threshold=100
                ),
                subscribers=[subscriber],
            )
            for kind in ("ACTUAL", "FORECASTED")
        ],
    )


def _backups(stack: Stack) -> None:
    plan = backup.BackupPlan(stack, "Backups")
    plan.add_rule(backup.BackupPlanRule.daily())
    plan.add_rule(backup.BackupPlanRule(rule_name="Monthly", delete_after=Duration.days(365)))
    plan.add_selection("Application", resources=[backup.BackupResource.from_tag("application", "orders")])
