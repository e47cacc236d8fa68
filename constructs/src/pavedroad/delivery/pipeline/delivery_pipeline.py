"""A pipeline that builds, tests, checks and deploys an application."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from aws_cdk import Annotations, Duration, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline import order
from pavedroad.delivery.pipeline.alarms import DeliveryPipelineAlarmThresholds, build_alarms
from pavedroad.delivery.pipeline.artifacts import ArtifactStore
from pavedroad.delivery.pipeline.builds import BuildNetwork, Builds, BuildStep
from pavedroad.delivery.pipeline.conditions import rendered
from pavedroad.delivery.pipeline.deployments import Approval, DeploymentStage
from pavedroad.delivery.pipeline.notifications import PipelineNotifications, encrypted_topic
from pavedroad.delivery.pipeline.roles import ActionRoles, as_it_is
from pavedroad.delivery.pipeline.scanning import Scanning, check_scans
from pavedroad.delivery.pipeline.scans import Scan, thresholds
from pavedroad.delivery.pipeline.security_check import default_specification
from pavedroad.delivery.pipeline.sources import Source
from pavedroad.invariants import hold
from pavedroad.network.selection import selected_subnets
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.observability.topics import own_events, publishing
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.version_stamp import stamp

_BUILD = BuildStep()
_TEST = BuildStep(specification_file="buildspec.test.yml")
_SECURITY_CHECK = BuildStep(specification=default_specification())
_RESERVED = ("Source", "Build", order.TEST_STAGE, order.SECURITY_CHECK_STAGE)
_ON_FAILURE = {
    "rollback": codepipeline.FailureConditions(result=codepipeline.Result.ROLLBACK),
    "retry": codepipeline.FailureConditions(
        result=codepipeline.Result.RETRY, retry_mode=codepipeline.RetryMode.FAILED_ACTIONS
    ),
    "fail": None,
}
_DEFAULT_THRESHOLDS = DeliveryPipelineAlarmThresholds()


class DeliveryPipeline(Construct):
    """A CodePipeline (V2) from a source to production: build, test, security check, deployments, approval.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        source: Where it starts: a ``ConnectionSource``, ``CodeCommitSource`` or ``BucketSource``.
        stages: The environments, in the order in which they are deployed to.
        build: Makes what is deployed. Left out: the repository's ``buildspec.yml``. ``None``: the source is deployed.
        test: Tests it: runs in the source, with what was built in ``$CODEBUILD_SRC_DIR_Build``. Left out: the
            repository's ``buildspec.test.yml``. ``None`` leaves the warning ``pavedroad:pipeline-no-test``.
        security_check: Checks dependencies, secrets, templates and the images that the build pushes, which it may
            pull; has the source and what was built as ``test`` has. Left out: pip-audit, Trivy and checkov. ``None``
            leaves the warning ``pavedroad:pipeline-no-security-check`` unless one of ``scans`` takes its place.
        scans: Further steps of the security check, side by side with it: ``DependencyAudit``, Inspector's ``ImageScan``
            and ``SourceCodeScan``, ``SoftwareBillOfMaterials``. Left out: none.
        pipeline_name: The pipeline's name. Left out: CloudFormation names it, which is what a template deployed more
            than once needs.
        execution_mode: ``SUPERSEDED`` (a newer change overtakes one that waits) or ``QUEUED`` (each in turn).
            ``PARALLEL`` is refused: two executions would deploy to one environment. Left out: ``SUPERSEDED``.
        encryption_key: Encrypts artefacts, logs and messages. Left out: a new key with yearly rotation, kept when the
            stack is deleted. An imported key must admit CloudWatch Logs.
        artifact_retention: How long artefacts are kept, in days; a rollback needs them. Left out: 90 days.
        artifact_replicas: An encrypted bucket for each further region that a deployment names, and a stack with
            an explicit region. Left out: none; such a deployment is then refused (a ``CdkDeployment`` needs none).
        bill_retention: How long the scans' bills of materials are kept. Left out: for good.
        log_retention: How long builds' logs are kept. Left out: a year.
        notification_topic: Told of failures and approvals. Left out: a new encrypted topic.
        vpc: The network that builds run in; it needs a way to the package registries. Left out: CodeBuild's own.
        vpc_subnets: The subnets in it. Left out: the private ones with egress.

    Attributes:
        pipeline: The L2 pipeline, with the id ``Resource``.
        artifact_bucket: The bucket of the artefacts.
        bill_bucket: The bucket of the bills of materials, a folder for each execution; ``None`` where no scan makes
            one.
        encryption_key: The key in use.
        topic: Where failures and approvals are told.
        log_group: The builds' log group, a stream prefix a project.
        projects: The CodeBuild projects: ``Build``, ``Test``, ``SecurityCheck``, one for each ``CdkDeployment``, by
            stage and name, such as ``ProductionDeploy``, and for each scan in CodeBuild. Grant to ``roles``: the
            projects' own roles are sealed.
        roles: The actions' and builds' roles by name, such as ``Source``, ``Build`` or ``ProductionDeploy``.
        security_group: Of the builds in ``vpc``; ``None`` without one.

    Raises:
        InvalidArgumentsError: Arguments cannot work or hold a credential in clear text; all are named.

    Controls: CodeBuild.1 and .2 (no credentials in clear text), CodeBuild.3 and .4 (encrypted logs), CodeBuild.5 and
        nag CB3 (not privileged), nag CB4 (KMS key), nag CB5 (AWS's images), KMS.4 (rotation), SNS.1 and nag SNS3, NIST
        CM-3 and CM-5 (approved changes), SA-11 (tests and vulnerability scans), AC-6, AU-11, SC-12, SC-13, SC-28.

    Example:
        >>> from pavedroad.delivery.pipeline.builds import BuildStep
        >>> from pavedroad.delivery.pipeline.conditions import AlarmSilent, DeploymentWindow
        >>> from pavedroad.delivery.pipeline.deployments import Approval, CdkDeployment, DeploymentStage
        >>> from pavedroad.delivery.pipeline.scans import DependencyAudit, ImageScan, SoftwareBillOfMaterials
        >>> from pavedroad.delivery.pipeline.sources import ConnectionSource
        >>> images = ecr.Repository.from_repository_name(stack, "Images", "orders/storefront")
        >>> pipeline = DeliveryPipeline(
        ...     stack,
        ...     "Delivery",
        ...     source=ConnectionSource(
        ...         connection_arn="arn:aws:codeconnections:eu-west-1:111111111111:connection/storefront",
        ...         repository="orders/storefront",
        ...     ),
        ...     build=BuildStep(pushes=[images], cache="s3"),
        ...     scans=[DependencyAudit(), ImageScan(repository=images), SoftwareBillOfMaterials()],
        ...     stages=[
        ...         DeploymentStage(
        ...             name="Production",
        ...             production=True,
        ...             approval=Approval(
        ...                 comment="Is the change agreed on?", review_link="https://changes.example.com/storefront"
        ...             ),
        ...             entry=[DeploymentWindow(name="OfficeHours", cron="* * 9-16 ? * MON-THU")],
        ...             deployments=[CdkDeployment(account="777777777777", region="eu-west-1")],
        ...             success=[
        ...                 AlarmSilent(
        ...                     name="NoErrors",
        ...                     alarm=cloudwatch.Alarm.from_alarm_name(stack, "Errors", "storefront-errors"),
        ...                 ),
        ...             ],
        ...         ),
        ...     ],
        ... )
        >>> alarms = pipeline.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: Source,
        stages: Sequence[DeploymentStage],
        build: BuildStep | None = _BUILD,
        test: BuildStep | None = _TEST,
        security_check: BuildStep | None = _SECURITY_CHECK,
        scans: Sequence[Scan] = (),
        pipeline_name: str | None = None,
        execution_mode: codepipeline.ExecutionMode = codepipeline.ExecutionMode.SUPERSEDED,
        encryption_key: kms.IKey | None = None,
        artifact_retention: Duration | None = None,
        artifact_replicas: Mapping[str, s3.IBucket] | None = None,
        bill_retention: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        notification_topic: sns.ITopic | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        replicas = artifact_replicas or {}
        steps = {"build": build, "test": test, "security_check": security_check}
        arguments = Arguments(self)
        _check_pipeline(arguments, pipeline_name, execution_mode)
        source.check(arguments)
        for name, step in steps.items():
            if step:
                step.check(name, arguments)
        check_scans(arguments, scans, builds=build is not None, taken=_RESERVED)
        _check_stages(arguments, stages)
        _check_regions(arguments, stages, replicas, Stack.of(self).region)
        arguments.check()

        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Delivery by {self.node.path}")
        self.log_group = encrypted_log_group(self, "Logs", encryption_key=self.encryption_key, retention=log_retention)
        self.topic = notification_topic or encrypted_topic(self, "Topic", self.encryption_key)
        artifacts = ArtifactStore(
            self,
            "Artifacts",
            encryption_key=self.encryption_key,
            retention=artifact_retention or Duration.days(90),
            replicas=replicas.values(),
        )
        self.artifact_bucket = artifacts.bucket
        self._roles = ActionRoles(self, "Roles", artifacts=artifacts)
        self.roles = self._roles.by_name
        self._builds = Builds(
            self,
            "Builds",
            roles=self._roles,
            encryption_key=self.encryption_key,
            log_group=self.log_group,
            network=_network(vpc, vpc_subnets),
        )
        self.projects = self._builds.projects
        self.security_group = self._builds.security_group
        self.pipeline = self._pipeline(pipeline_name, execution_mode, replicas)
        self._asked = [stage.name for stage in stages if stage.asked]
        self._scanning = (
            Scanning(
                self,
                "Scans",
                scans=scans,
                pipeline=self.pipeline,
                encryption_key=self.encryption_key,
                log_retention=log_retention,
                bill_retention=bill_retention,
            )
            if scans
            else None
        )
        self.bill_bucket = self._scanning.bill_bucket if self._scanning else None
        deployed = self._prepare(source, build, test, security_check)
        for stage in stages:
            self._deploy(stage, deployed)
        PipelineNotifications(self, "Notifications", pipeline=self.pipeline, topic=self.topic)
        is_checked = security_check is not None or any(scan.finds for scan in scans)
        self._warn(stages, is_tested=test is not None, is_checked=is_checked)
        self._hold(stages, scans, is_tested=test is not None, is_checked=is_checked)
        stamp(self)

    def grant_start(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` start the pipeline and follow the execution."""
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["codepipeline:GetPipelineExecution", "codepipeline:StartPipelineExecution"],
            resource_arns=[self.pipeline.pipeline_arn],
        )

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` see the pipeline, its state and its executions."""
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[
                "codepipeline:GetPipeline",
                "codepipeline:GetPipelineExecution",
                "codepipeline:GetPipelineState",
                "codepipeline:ListPipelineExecutions",
            ],
            resource_arns=[self.pipeline.pipeline_arn],
        )

    def grant_approve(self, grantee: iam.IGrantable, stage: str) -> iam.Grant:
        """Let ``grantee`` approve or refuse the deployment to ``stage`` and no other.

        Args:
            grantee: Who decides.
            stage: The stage's name as it was given, such as ``Production``.

        Raises:
            ValueError: The pipeline asks nobody before ``stage``.
        """
        if stage not in self._asked:
            asked = ", ".join(self._asked) or "none"
            raise ValueError(f"stage={stage!r}: has no approval before it; the stages that have: {asked}")
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["codepipeline:GetPipelineState"],
            resource_arns=[self.pipeline.pipeline_arn],
        )
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["codepipeline:PutApprovalResult"],
            resource_arns=[f"{self.pipeline.pipeline_arn}/Approve{stage}/Approve"],
        )

    def metric_failed_builds(
        self, project: str, *, statistic: str = "Sum", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """Failed builds of one of ``projects``, such as ``Build``; every 5 minutes unless ``period`` says otherwise."""
        return self.projects[project].metric_failed_builds(statistic=statistic, period=period)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: DeliveryPipelineAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Alarms on failing and on slow builds, two a project; a failed execution is told by ``self.topic``."""
        return build_alarms(self, self.projects, topic, thresholds)

    def _pipeline(
        self,
        name: str | None,
        execution_mode: codepipeline.ExecutionMode,
        replicas: Mapping[str, s3.IBucket],
    ) -> codepipeline.Pipeline:
        return codepipeline.Pipeline(
            self,
            "Resource",
            pipeline_name=name,
            pipeline_type=codepipeline.PipelineType.V2,
            execution_mode=execution_mode,
            artifact_bucket=None if replicas else self.artifact_bucket,
            cross_region_replication_buckets=(
                {Stack.of(self).region: self.artifact_bucket, **replicas} if replicas else None
            ),
            role=as_it_is(self._roles.pipeline_role),
        )

    def _prepare(
        self,
        source: Source,
        build: BuildStep | None,
        test: BuildStep | None,
        security_check: BuildStep | None,
    ) -> codepipeline.Artifact:
        """The stages up to what is deployed."""
        fetched = codepipeline.Artifact("Source")
        built = codepipeline.Artifact("Build") if build else None
        self._fetch(source, fetched)
        build_action = (
            self._builds.action("Build", build, inputs=[fetched], output=built, kind=actions.CodeBuildActionType.BUILD)
            if build
            else None
        )
        if build and build_action:
            self._run("Build", [build_action], retry=build.retry)
        checked = [fetched, built] if built else [fetched]
        if test:
            self._run(order.TEST_STAGE, [self._check(order.TEST_STAGE, test, checked)], retry=test.retry)
        pushed = build.pushes if build else ()
        checks: list[codepipeline.IAction] = []
        if security_check:
            security_check = replace(security_check, pulls=[*security_check.pulls, *pushed])
            checks.append(self._check(order.SECURITY_CHECK_STAGE, security_check, checked))
        if self._scanning:
            checks += self._scanning.actions(self._builds, checked, build_action, pushed)
        if checks:
            self._run(order.SECURITY_CHECK_STAGE, checks, retry=security_check is not None and security_check.retry)
        return built or fetched

    def _fetch(self, source: Source, output: codepipeline.Artifact) -> None:
        action = source.action(self._roles, output)
        self.pipeline.add_stage(stage_name="Source", actions=[action])
        push_filter = source.push_filter()
        if push_filter:
            self.pipeline.add_trigger(
                provider_type=codepipeline.ProviderType.CODE_STAR_SOURCE_CONNECTION,
                git_configuration=codepipeline.GitConfiguration(source_action=action, push_filter=[push_filter]),
            )
        change = source.change(Stack.of(self))
        if change:
            role = ManagedPolicyRole(
                self,
                "ChangeRole",
                assumed_by=own_events(self),
                description="EventBridge: starts the pipeline when its source changes",
            )
            role.add_to_principal_policy(
                iam.PolicyStatement(
                    actions=["codepipeline:StartPipelineExecution"], resources=[self.pipeline.pipeline_arn]
                )
            )
            events.Rule(
                self,
                "Change",
                event_pattern=change,
                targets=[targets.CodePipeline(self.pipeline, event_role=role.without_policy_updates())],
            )

    def _check(self, name: str, step: BuildStep, checked: Sequence[codepipeline.Artifact]) -> actions.CodeBuildAction:
        return self._builds.action(name, step, inputs=checked, kind=actions.CodeBuildActionType.TEST)

    def _run(self, name: str, stage_actions: Sequence[codepipeline.IAction], *, retry: bool) -> None:
        self.pipeline.add_stage(
            stage_name=name, actions=list(stage_actions), on_failure=_ON_FAILURE["retry"] if retry else None
        )

    def _deploy(self, stage: DeploymentStage, artifact: codepipeline.Artifact) -> None:
        if stage.asked:
            # In a stage of its own: a rollback of the deployment does not wait for somebody to approve it.
            self._ask(stage.name, stage.asked)
        self.pipeline.add_stage(
            stage_name=stage.name,
            actions=[
                action
                for deployment in stage.deployments
                for action in deployment.actions(stage.name, self._builds, artifact)
            ],
            before_entry=rendered(stage.entry, f"{stage.name}Entry", codepipeline.Result.FAIL, self._roles),
            on_success=rendered(stage.success, f"{stage.name}Success", _on_success(stage), self._roles),
            on_failure=_ON_FAILURE[stage.on_failure],
        )

    def _ask(self, stage: str, approval: Approval) -> None:
        role = self._roles.make(f"Approve{stage}", publishing(self.topic))
        self.pipeline.add_stage(
            stage_name=f"Approve{stage}",
            actions=[
                actions.ManualApprovalAction(
                    action_name="Approve",
                    additional_information=approval.comment or f"The next stage is {stage}.",
                    external_entity_link=approval.review_link,
                    notification_topic=self.topic,
                    timeout=approval.timeout,
                    role=as_it_is(role),
                )
            ],
        )

    def _warn(self, stages: Sequence[DeploymentStage], *, is_tested: bool, is_checked: bool) -> None:
        annotations = Annotations.of(self)
        if not is_tested:
            annotations.add_warning_v2("pavedroad:pipeline-no-test", "Changes reach their users untested.")
        if not is_checked:
            annotations.add_warning_v2(
                "pavedroad:pipeline-no-security-check",
                "Nothing looks for vulnerable dependencies, secrets and open templates before they are deployed.",
            )
        for stage in stages:
            if stage.unattended:
                annotations.add_warning_v2(
                    "pavedroad:pipeline-unattended-production", f"{stage.name} is production and nobody approves it."
                )

    def _hold(
        self, stages: Sequence[DeploymentStage], scans: Sequence[Scan], *, is_tested: bool, is_checked: bool
    ) -> None:
        resource = self.pipeline.node.default_child
        assert isinstance(resource, codepipeline.CfnPipeline)
        before = [order.TEST] if is_tested else []
        before += [order.SECURITY_CHECK] if is_checked else []
        demanded = {
            stage.name: before if stage.unattended else [*before, order.APPROVAL]
            for stage in stages
            if stage.production
        }
        hold(
            self,
            f"Before each of the production stages {', '.join(demanded)} stand {', '.join([*before, order.APPROVAL])}; "
            "a stage was removed, moved or put between",
            lambda: order.keeps_order(resource, demanded),
        )
        if scans:
            demanded_scans = {scan.name: thresholds(scan) for scan in scans}
            hold(
                self,
                f"The scans {', '.join(demanded_scans)} stand in the stage {order.SECURITY_CHECK_STAGE} with their "
                "thresholds; one was removed or lets more through",
                lambda: order.keeps_scans(resource, demanded_scans),
            )
        for name in self.projects:
            hold(
                self,
                f"The builds of {name} are encrypted with the pipeline's key, logged and privileged only where that "
                "was asked for; one of these was changed",
                partial(self._builds.is_hardened, name),
            )


def _on_success(stage: DeploymentStage) -> codepipeline.Result:
    return codepipeline.Result.ROLLBACK if stage.on_failure == "rollback" else codepipeline.Result.FAIL


def _network(vpc: ec2.IVpc | None, subnets: ec2.SubnetSelection | None) -> BuildNetwork | None:
    if vpc is None:
        return None
    chosen = subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
    return BuildNetwork(
        vpc=vpc,
        subnet_ids=selected_subnets(vpc, chosen).subnet_ids,
    )


def _check_pipeline(arguments: Arguments, name: str | None, mode: codepipeline.ExecutionMode) -> None:
    arguments.matches("pipeline_name", name, r"[A-Za-z0-9.@_-]{1,100}", "1 to 100 letters, digits and .@_-")
    if mode is codepipeline.ExecutionMode.PARALLEL:
        arguments.refuse("execution_mode", "PARALLEL", "two executions would deploy to one environment at a time")


def _check_stages(arguments: Arguments, stages: Sequence[DeploymentStage]) -> None:
    names = [stage.name for stage in stages]
    if not names:
        arguments.refuse("stages", names, "must have at least one stage to deploy to")
    taken = [*_RESERVED, *(f"Approve{stage.name}" for stage in stages if stage.asked)]
    if len({*names, *taken}) != len(names) + len(taken):
        arguments.refuse("stages", names, f"must differ from each other and from {', '.join(taken)}")
    for stage in stages:
        stage.check(arguments)


def _check_regions(
    arguments: Arguments, stages: Sequence[DeploymentStage], replicas: Mapping[str, s3.IBucket], own: str
) -> None:
    if replicas and Token.is_unresolved(own):
        arguments.refuse("artifact_replicas", list(replicas), "needs a stack with an explicit region")
    for stage in stages:
        for deployment in stage.deployments:
            # Without a replica the CDK would make a support stack beside this one, which no product may have.
            if deployment.artifact_region not in (None, own, *replicas):
                arguments.refuse(
                    f"stages.{stage.name}.{deployment.name}.region",
                    deployment.artifact_region,
                    "needs a bucket of that region in artifact_replicas, or a CdkDeployment",
                )
