"""The ECS deployment action for a service that is known by its names only."""

import jsii
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_iam as iam
from constructs import Construct


class EcsDeployByName(codepipeline.Action):
    """The CDK's ``EcsDeployAction`` takes a service with its network and derives an account from it; this takes names.

    A service of another account is reached by the role, and neither a lookup nor a support stack is needed.

    Args:
        action_name: The action's name.
        configuration: As the action reference has it.
        artifact: The build's output.
        region: The service's region; ``None``: the pipeline's.
        role: What the action acts as.
        provider: ``ECS`` or ``CodeDeployToECS``.

    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECS.html
    """

    def __init__(
        self,
        *,
        action_name: str,
        configuration: dict[str, str],
        artifact: codepipeline.Artifact,
        region: str | None,
        role: iam.IRole,
        provider: str = "ECS",
    ) -> None:
        super().__init__()
        self._configuration = configuration
        self._properties = codepipeline.ActionProperties(
            action_name=action_name,
            artifact_bounds=codepipeline.ActionArtifactBounds(min_inputs=1, max_inputs=1, min_outputs=0, max_outputs=0),
            category=codepipeline.ActionCategory.DEPLOY,
            provider=provider,
            inputs=[artifact],
            region=region,
            role=role,
        )

    @property
    @jsii.member(jsii_name="providedActionProperties")
    def _provided_action_properties(self) -> codepipeline.ActionProperties:
        return self._properties

    @jsii.member(jsii_name="bound")
    def _bound(
        self,
        scope: Construct,  # noqa: ARG002
        stage: codepipeline.IStage,  # noqa: ARG002
        options: codepipeline.ActionBindOptions | None = None,  # noqa: ARG002
        **_: object,
    ) -> codepipeline.ActionConfig:
        return codepipeline.ActionConfig(configuration=self._configuration)
