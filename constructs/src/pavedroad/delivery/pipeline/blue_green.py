"""A blue/green deployment of an ECS service whose deployments CodeDeploy controls."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_iam as iam

from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.builds import Builds
from pavedroad.delivery.pipeline.deployments import ROLE_ARN, Deployment, own_or_given_role
from pavedroad.delivery.pipeline.ecs_action import EcsDeployByName
from pavedroad.delivery.pipeline.rights import Rights, task_definition_rights
from pavedroad.delivery.pipeline.roles import as_it_is

_NAME = (r"[\w+=,.@-]{1,100}", "1 to 100 letters, digits and _+=,.@-")


@dataclass(frozen=True, kw_only=True)
class CodeDeployEcsDeployment(Deployment):
    """A blue/green deployment by CodeDeploy, for a service with the deployment controller ``CODE_DEPLOY``.

    ECS has a blue/green strategy of its own, for which an ``EcsDeployment`` is enough; this is for a team that has
    CodeDeploy's application and deployment group already. The build's output holds the three files.

    Attributes:
        application_name: CodeDeploy's application.
        deployment_group_name: The deployment group, which names cluster, service, target groups and alarms.
        task_role_arns: The service's task and execution roles, which the deployment hands to the tasks and no others.
        task_definition_file: The new task definition. Left out: ``taskdef.json``.
        specification_file: The AppSpec file. Left out: ``appspec.yaml``.
        image_placeholder: What stands for the image in the task definition, as ``<IMAGE1_NAME>``; the build's
            ``imageDetail.json`` says which image it is. ``None``: the task definition names the image. Left out:
            ``IMAGE1_NAME``.
        role_arn: The role of another account that deploys there and trusts the pipeline's role, as a
            ``DeploymentTargetRole`` is. Left out: a role of this account is made.
        region: The deployment group's region. Left out: the pipeline's.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html
    """

    application_name: str
    deployment_group_name: str
    task_role_arns: Sequence[str]
    task_definition_file: str = "taskdef.json"
    specification_file: str = "appspec.yaml"
    image_placeholder: str | None = "IMAGE1_NAME"
    role_arn: str | None = None
    region: str | None = None

    @property
    def artifact_region(self) -> str | None:
        """The region of the action."""
        return self.region

    def check(self, stage: str, arguments: Arguments) -> None:
        """Refuse names that CodeDeploy would refuse, and missing roles."""
        where = f"stages.{stage}.{self.name}"
        arguments.matches(f"{where}.application_name", self.application_name, *_NAME)
        arguments.matches(f"{where}.deployment_group_name", self.deployment_group_name, *_NAME)
        arguments.matches(f"{where}.image_placeholder", self.image_placeholder, r"\w+", "letters, digits and _")
        arguments.matches(f"{where}.role_arn", self.role_arn, *ROLE_ARN)
        for arn in self.task_role_arns:
            arguments.matches(f"{where}.task_role_arns", arn, *ROLE_ARN)
        if not self.task_role_arns and self.role_arn is None:
            arguments.refuse(
                f"{where}.task_role_arns", self.task_role_arns, "must name the service's task and execution roles"
            )

    def actions(self, stage: str, builds: Builds, artifact: codepipeline.Artifact) -> list[codepipeline.IAction]:
        """The deployment action."""
        assert artifact.artifact_name is not None
        configuration = {
            "ApplicationName": self.application_name,
            "DeploymentGroupName": self.deployment_group_name,
            "TaskDefinitionTemplateArtifact": artifact.artifact_name,
            "TaskDefinitionTemplatePath": self.task_definition_file,
            "AppSpecTemplateArtifact": artifact.artifact_name,
            "AppSpecTemplatePath": self.specification_file,
        }
        if self.image_placeholder:
            configuration["Image1ArtifactName"] = artifact.artifact_name
            configuration["Image1ContainerName"] = self.image_placeholder
        return [
            EcsDeployByName(
                action_name=self.name,
                provider="CodeDeployToECS",
                configuration=configuration,
                artifact=artifact,
                region=self.region,
                role=as_it_is(own_or_given_role(self, stage, builds.roles, self.role_arn)),
            )
        ]

    def rights(self, stack: Stack, stage: str) -> Rights:  # noqa: ARG002
        """Deploying by the one deployment group, with task definitions that have the named roles."""
        group = self._arn(stack, "deploymentgroup", f"{self.application_name}/{self.deployment_group_name}")
        configurations = self._arn(stack, "deploymentconfig", "*")
        registration = task_definition_rights(stack, self.region, self.task_role_arns)
        return Rights(
            statements=[
                iam.PolicyStatement(
                    actions=[
                        "codedeploy:GetApplication",
                        "codedeploy:GetApplicationRevision",
                        "codedeploy:RegisterApplicationRevision",
                    ],
                    resources=[self._arn(stack, "application", self.application_name)],
                ),
                iam.PolicyStatement(
                    actions=["codedeploy:CreateDeployment", "codedeploy:GetDeployment"], resources=[group]
                ),
                iam.PolicyStatement(actions=["codedeploy:GetDeploymentConfig"], resources=[configurations]),
                *registration.statements,
            ],
            reasons={
                configurations: "The deployment group chooses the configuration, and may change it; reading one tells "
                "how fast traffic is shifted and nothing else.",
                **registration.reasons,
            },
        )

    def _arn(self, stack: Stack, resource: str, name: str) -> str:
        return stack.format_arn(
            service="codedeploy",
            region=self.region or stack.region,
            resource=resource,
            resource_name=name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
