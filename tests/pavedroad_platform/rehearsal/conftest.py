"""A small pipeline, synthesised, and the folder of its rehearsals."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_sns as sns

from pavedroad_platform.rehearsal.actions import Surroundings
from pavedroad_platform.rehearsal.definition import Stage, stages_in
from pavedroad_platform.rehearsal.directory import RehearsalDirectory
from pavedroad_platform.rehearsal.references import Deployed
from pavedroad_platform.rehearsal.run import Show
from pavedroad_platform.rehearsal.source import commit_of

BUILD = {
    "version": "0.2",
    "env": {"shell": "bash", "exported-variables": ["PLAN"]},
    "phases": {"build": {"commands": ["mkdir out", 'tr a-z A-Z < words > "out/words"', 'export PLAN="2 words"']}},
    "artifacts": {"base-directory": "out", "files": ["**/*"]},
}
DEPLOY = {
    "version": "0.2",
    "phases": {
        "build": {
            "commands": ['echo "$TOPIC $ROLE: $(cat "$CODEBUILD_SRC_DIR_Built/words")"', "[ ! -e broken ]"],
            "finally": ["echo finally"],
        },
        "post_build": {"commands": ['[ "$CODEBUILD_BUILD_SUCCEEDING" = 1 ] || echo told']},
    },
}


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The template of a pipeline: source, build, approval, and a production that is rolled back."""
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Delivery")
    topic = sns.Topic(stack, "Topic")
    bucket = cdk.aws_s3.Bucket.from_bucket_name(stack, "Artifacts", "artifacts")
    source, built = codepipeline.Artifact("Source"), codepipeline.Artifact("Built")

    def project(name: str, specification: Mapping[str, Any]) -> codebuild.PipelineProject:
        return codebuild.PipelineProject(
            stack,
            name,
            build_spec=codebuild.BuildSpec.from_object(dict(specification)),
            environment_variables={"TOPIC": codebuild.BuildEnvironmentVariable(value=topic.topic_arn)},
        )

    make = actions.CodeBuildAction(
        action_name="Make",
        project=project("MakeProject", BUILD),
        input=source,
        outputs=[built],
        variables_namespace="Made",
    )
    pipeline = codepipeline.Pipeline(
        stack, "Pipeline", artifact_bucket=bucket, pipeline_type=codepipeline.PipelineType.V2
    )
    repository = cdk.aws_codecommit.Repository.from_repository_name(stack, "Repository", "words")
    pipeline.add_stage(
        stage_name="Source",
        actions=[
            actions.CodeCommitSourceAction(
                action_name="Get", repository=repository, output=source, trigger=actions.CodeCommitTrigger.NONE
            )
        ],
    )
    pipeline.add_stage(stage_name="Build", actions=[make])
    pipeline.add_stage(
        stage_name="Approve",
        actions=[
            actions.ManualApprovalAction(action_name="Ask", additional_information=f"Change {make.variable('PLAN')}?")
        ],
    )
    pipeline.add_stage(
        stage_name="Production",
        actions=[
            actions.CodeBuildAction(
                action_name="Deploy",
                project=project("DeployProject", DEPLOY),
                input=source,
                extra_inputs=[built],
                environment_variables={"PLANNED": codebuild.BuildEnvironmentVariable(value=make.variable("PLAN"))},
            )
        ],
        on_failure=codepipeline.FailureConditions(result=codepipeline.Result.ROLLBACK),
    )
    made: dict[str, Any] = app.synth().get_stack_by_name("Delivery").template
    return made


@pytest.fixture
def changed(template: dict[str, Any]) -> dict[str, Any]:
    """The template with another pipeline."""
    copy: dict[str, Any] = json.loads(json.dumps(template))
    (made,) = [each for each in copy["Resources"].values() if each["Type"] == "AWS::CodePipeline::Pipeline"]
    made["Properties"]["Stages"][2]["Actions"][0]["Name"] = "AskAgain"
    return copy


@dataclass
class Rehearsed:
    """A repository whose pipeline is rehearsed.

    Attributes:
        repository: It has one commit; its file says one thing there and another in the working tree.
        folder: Where rehearsals are kept.
        template: The pipeline's.
        told: What a person was told besides the actions.
        lines: What builds printed.
    """

    repository: Path
    folder: Path
    template: Mapping[str, Any]
    told: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def show(self) -> Show:
        """Keeps what is shown."""
        return Show(began=lambda *_: None, line=self.lines.append, ended=lambda _: None, said=self.told.append)

    @property
    def head(self) -> str:
        """The id of the last commit."""
        return commit_of(self.repository, "HEAD")

    def commit(self, **files: str) -> str:
        """Commit files with these texts; return the commit's id."""
        identity = ["-c", "user.name=Robin", "-c", "user.email=robin@example.com", "-c", "commit.gpgsign=false"]
        self.repository.mkdir(exist_ok=True)
        for name, text in files.items():
            (self.repository / name).write_text(text)
        for arguments in (["init", "-q"], ["add", "--all"], [*identity, "commit", "-q", "--message", "words"]):
            subprocess.run(["git", *arguments], cwd=self.repository, check=True)
        return self.head

    def pipeline(self, *templates: Mapping[str, Any]) -> Callable[[], tuple[Sequence[Stage], Surroundings]]:
        """What reads the pipeline: these templates one after the other, and the last of them from then on."""
        left = list(templates or [self.template])

        def read() -> tuple[Sequence[Stage], Surroundings]:
            current = left.pop(0) if len(left) > 1 else left[0]
            deployed = Deployed(
                account="555555555555",
                region="eu-west-1",
                types={name: resource["Type"] for name, resource in current["Resources"].items()},
                ids={name: f"made-{name}" for name in current["Resources"]},
            )
            around = Surroundings(
                checkout=self.repository,
                directory=RehearsalDirectory(self.folder),
                pipeline="words",
                deployed=deployed,
                account=RoleOfTheBuild(),
            )
            return stages_in(current), around

        return read


class RoleOfTheBuild:
    """Tells a build which role it was given."""

    def variables(self, role_arn: str, session: str) -> Mapping[str, str]:
        return {"ROLE": f"{role_arn} as {session}"}


@pytest.fixture
def words(template: dict[str, Any], tmp_path: Path) -> Rehearsed:
    made = Rehearsed(repository=tmp_path / "repository", folder=tmp_path / "rehearsal", template=template)
    made.commit(words="one")
    (made.repository / "words").write_text("uncommitted")
    return made
