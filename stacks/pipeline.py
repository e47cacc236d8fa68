"""The pipeline that deploys the platform: checked once, proven on a test catalogue, approved, promoted."""

import json
from pathlib import Path

from aws_cdk import Duration, Environment, Stack, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codecommit as codecommit
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.delivery.pipeline.artifacts import ArtifactStore
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.observability.topics import own_events, publishing
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Purpose
from stacks.log_retention import log_retention
from stacks.permissions import make_adoption_reports, promote_products
from stacks.pipeline_access import DEPLOY, READ, bootstrap_roles, may, may_take
from stacks.pipeline_builds import PipelineBuilds, build_environment
from stacks.pipeline_notifications import PlatformPipelineNotifications, mailing_topic

_PACKAGES = Path(__file__).resolve().parent.parent / "package.json"
_DEPLOY = "cdk --app cdk.out deploy --require-approval never --progress events"

_SEE_WHAT_RUNS = frozenset({"SearchProducts", "ListVersions", "ReadAccounts"})
_ALLOWED = {
    "Reconcile": _SEE_WHAT_RUNS | {"SetStatesOfVersions"},
    "Announce": _SEE_WHAT_RUNS | {"TellOwners", "RememberWhoWasTold", "EncryptAnnouncements"},
}


class PipelineStack(Stack):
    """The self-mutating pipeline (CodePipeline V2): synth with all checks, test, prove, approve, promote, announce.

    Production is one action, however many accounts there are: the CDK CLI takes the bootstrap role of each. The stack
    depends on no other: the pipeline would have to deploy that one before it changes itself.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.
        test_stack: The stack of the test catalogue, which is deployed and proven before production.

    Attributes:
        pipeline: The L2 pipeline.

    Source: https://docs.aws.amazon.com/cdk/v2/guide/cdk-pipeline.html
    Controls: CodeBuild.3, .4 and .5, nag CB3, CB4 and CB5, KMS.4, SNS.1, NIST CM-3, CM-5 (approved changes), AC-6,
        AU-11, SC-13, SC-28.
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization, test_stack: str) -> None:
        account = organization.account_with_purpose(Purpose.SHARED_SERVICES)
        super().__init__(
            scope,
            construct_id,
            env=Environment(account=account.id, region=organization.home_region),
            description="The pipeline that deploys the platform: checks, test, proof, approval, production",
            termination_protection=True,
        )
        organization.tags_for(account).apply(self)
        self._organization = organization
        self._key = rotated_key(self, "Key", description="The platform's pipeline: artefacts, logs and messages")
        retention = log_retention(organization.logging.log_group_retention_days)
        log_group = encrypted_log_group(self, "Logs", encryption_key=self._key, retention=retention)
        topic = mailing_topic(self, "Topic", encryption_key=self._key, emails=organization.pipeline_emails)
        artifacts = ArtifactStore(self, "Artifacts", encryption_key=self._key, retention=Duration.days(365))
        self._role = ManagedPolicyRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("codepipeline.amazonaws.com"),
            description="CodePipeline: hands artefacts on, starts the builds and asks for approval",
        )
        self._role.add_managed_policy(artifacts.readers)
        self._role.add_managed_policy(artifacts.writers)
        self.pipeline = codepipeline.Pipeline(
            self,
            "Resource",
            pipeline_name=construct_id,
            pipeline_type=codepipeline.PipelineType.V2,
            execution_mode=codepipeline.ExecutionMode.SUPERSEDED,
            artifact_bucket=artifacts.bucket,
            role=self._role.without_policy_updates(),
            restart_execution_on_update=True,
            use_pipeline_role_for_actions=True,
        )
        self._builds = PipelineBuilds(
            self, "Builds", source=self._source(), artifacts=artifacts, log_group=log_group, topic=topic
        )
        promotion = self._promotion()
        self._test(promotion, test_stack)
        self._approve(promotion)
        self._promote(promotion)
        promotion.build_pipeline()
        self._seal(promotion)
        PlatformPipelineNotifications(self, "Notifications", pipeline=self.pipeline, topic=topic)

    def _source(self) -> pipelines.CodePipelineSource:
        source = self._organization.pipeline.source
        if source.connection_arn:
            service = source.connection_arn.split(":")[2]
            self._may(f"{service}:UseConnection", source.connection_arn)
            return pipelines.CodePipelineSource.connection(
                source.repository, source.branch, connection_arn=source.connection_arn, action_name="Source"
            )
        repository = codecommit.Repository.from_repository_name(self, "Repository", source.repository)
        for action in ("CancelUploadArchive", "GetBranch", "GetCommit", "GetRepository", "GetUploadArchiveStatus"):
            self._may(f"codecommit:{action}", repository.repository_arn)
        self._may("codecommit:UploadArchive", repository.repository_arn)
        return pipelines.CodePipelineSource.code_commit(
            repository,
            source.branch,
            action_name="Source",
            trigger=actions.CodeCommitTrigger.EVENTS,
            event_role=ManagedPolicyRole(
                self, "ChangeRole", assumed_by=own_events(self), description="EventBridge: a commit starts the pipeline"
            ),
        )

    def _promotion(self) -> pipelines.CodePipeline:
        synth = self._builds.step(
            "Synth", ["make check"], tools="tools", output="cdk.out", compute_type=codebuild.ComputeType.MEDIUM
        )
        return pipelines.CodePipeline(
            self,
            "Promotion",
            synth=synth,
            code_pipeline=self.pipeline,
            use_pipeline_role_for_actions=True,
            cli_version=json.loads(_PACKAGES.read_text())["devDependencies"]["aws-cdk"],
            self_mutation_code_build_defaults=pipelines.CodeBuildOptions(
                build_environment=build_environment(), logging=self._builds.logging("SelfMutate")
            ),
        )

    def _test(self, promotion: pipelines.CodePipeline, stack: str) -> None:
        """Deploy the test catalogue and prove it; what fails here reaches no team."""
        assembly = promotion.cloud_assembly_file_set
        # Without what it depends on, which is production's.
        deploy = self._builds.step("DeployTest", [f"{_DEPLOY} --exclusively {stack}"], assembly=assembly)
        prove = self._builds.step("Prove", ["pavedroad catalog prove"], assembly=assembly)
        prove.add_step_dependency(deploy)
        promotion.add_wave("Test", pre=[deploy, prove])
        test = self._organization.account_with_purpose(Purpose.CATALOG_TEST).id
        may_take(
            self._builds.roles["DeployTest"], bootstrap_roles(self._organization, DEPLOY, test), self._organization
        )
        self._may_prove(self._builds.roles["Prove"])

    def _approve(self, promotion: pipelines.CodePipeline) -> None:
        """Tell what production will change, and wait for somebody to agree to that."""
        plan = self._builds.step(
            "Plan",
            ["pavedroad deployment plan --app cdk.out --summary plan.txt"],
            assembly=promotion.cloud_assembly_file_set,
            exports={"PLAN": '"$(cat plan.txt)"', "PLAN_LINK": '"$CODEBUILD_BUILD_URL"'},
        )
        steps: list[pipelines.Step] = [plan]
        if self._organization.pipeline.approval:
            approvers = mailing_topic(
                self, "Approvers", encryption_key=self._key, emails=self._organization.pipeline.approvers
            )
            for statement in publishing(approvers):
                self._role.add_to_principal_policy(statement)
            summary, link = plan.exported_variable("PLAN"), plan.exported_variable("PLAN_LINK")
            approve = pipelines.ManualApprovalStep(
                "Approve",
                comment=f"{summary} The whole plan: {link}",  # aws_cdk.pipelines finds variables in the comment only
                review_url=link,
                notification_topic=approvers,
            )
            approve.add_step_dependency(plan)
            steps.append(approve)
        promotion.add_wave("Approve", pre=steps)
        may_take(self._builds.roles["Plan"], bootstrap_roles(self._organization, READ), self._organization)

    def _promote(self, promotion: pipelines.CodePipeline) -> None:
        """Deploy all but the pipeline, which changed itself already and must not be what a rollback changes."""
        assembly = promotion.cloud_assembly_file_set
        # Nor the canaries: their proof deploys them.
        others = f"'!({self.stack_name}|{self._organization.names.stack('canaries')})'"
        deploy = self._builds.step("Deploy", [f"{_DEPLOY} --concurrency 4 {others}"], assembly=assembly)
        reconcile = self._builds.step("Reconcile", ["pavedroad catalog reconcile"], assembly=assembly)
        reconcile.add_step_dependency(deploy)
        promotion.add_wave("Production", pre=[deploy, reconcile])
        promotion.add_wave(
            "Announce", pre=[self._builds.step("Announce", ["pavedroad catalog announce"], assembly=assembly)]
        )
        may_take(self._builds.roles["Deploy"], bootstrap_roles(self._organization, DEPLOY), self._organization)
        allowed = (*make_adoption_reports(self._organization), *promote_products(self._organization))
        for name, sids in _ALLOWED.items():
            may(self._builds.roles[name], [each for each in allowed if each.sid in sids])
        self._may_prove(self._builds.roles["Reconcile"])

    def _may_prove(self, role: ManagedPolicyRole) -> None:
        """Let it take the role that proves versions, and knows which were proved."""
        test = self._organization.account_with_purpose(Purpose.CATALOG_TEST).id
        proof_role = f"arn:aws:iam::{test}:role/{self._organization.names.proof_role}"
        may_take(role, [proof_role], self._organization)

    def _seal(self, promotion: pipelines.CodePipeline) -> None:
        """Hold every role to what it needs, and let a failed promotion go back to the assembly before it."""
        self._self_mutate_with_own_role(promotion)
        projects = [step.project for step in self._builds.steps.values()]
        for name, step in self._builds.steps.items():
            policy = self._builds.roles[name].policy
            assert policy is not None
            step.project.node.add_dependency(policy)
        self._role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
                resources=[each.project_arn for each in (*projects, promotion.self_mutation_project)],
            )
        )
        resource = self.pipeline.node.default_child
        assert isinstance(resource, codepipeline.CfnPipeline)
        production = [stage.stage_name for stage in self.pipeline.stages].index("Production")
        resource.add_property_override(f"Stages.{production}.OnFailure", {"Result": "ROLLBACK"})

    def _self_mutate_with_own_role(self, promotion: pipelines.CodePipeline) -> None:
        # aws_cdk.pipelines takes no role for it, and makes one that may take any bootstrap role of the account.
        project = promotion.self_mutation_project
        role = self._builds.role("SelfMutate")
        may_take(role, bootstrap_roles(self._organization, DEPLOY, self.account), self._organization)
        resource = project.node.default_child
        assert isinstance(resource, codebuild.CfnProject)
        resource.service_role = role.role_arn
        project.node.try_remove_child("Role")
        assert role.policy is not None
        resource.node.add_dependency(role.policy)

    def _may(self, action: str, resource: str) -> None:
        self._role.add_to_principal_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
