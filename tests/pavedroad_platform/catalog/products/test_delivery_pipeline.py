import json
import subprocess

import pytest


@pytest.fixture
def stages(templates):
    resources = templates["delivery-pipeline"]["Resources"].values()
    (pipeline,) = (resource for resource in resources if resource["Type"] == "AWS::CodePipeline::Pipeline")
    return {stage["Name"]: stage["Actions"] for stage in pipeline["Properties"]["Stages"]}


def test_every_change_is_built_tested_checked_and_approved(stages) -> None:
    assert list(stages) == ["Source", "Build", "Test", "SecurityCheck", "ApproveProduction", "Production"]


@pytest.mark.parametrize("step", ["Test", "SecurityCheck"])
def test_tests_and_checks_run_in_the_repository_and_not_in_what_was_built(stages, step) -> None:
    (action,) = stages[step]
    assert action["InputArtifacts"] == [{"Name": "Source"}, {"Name": "Build"}]
    assert action["Configuration"]["PrimarySource"] == "Source"


def test_the_form_says_what_is_built(stages) -> None:
    (source,) = stages["Source"]
    assert source["Configuration"]["ConnectionArn"] == {"Ref": "ConnectionArn"}
    assert source["Configuration"]["BranchName"] == {"Ref": "Branch"}


def test_the_form_says_where_to(stages) -> None:
    (deployment,) = stages["Production"]
    assert deployment["Configuration"]["ClusterName"] == {"Ref": "ClusterName"}
    assert deployment["Configuration"]["ServiceName"] == {"Ref": "ServiceName"}


def test_the_deployment_hands_on_the_roles_of_the_service_only(templates) -> None:
    statements = [
        statement
        for resource in templates["delivery-pipeline"]["Resources"].values()
        if resource["Type"] == "AWS::IAM::ManagedPolicy"
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]
        if statement["Action"] == "iam:PassRole"
    ]
    (statement,) = statements
    assert statement["Resource"] == [{"Ref": "ExecutionRoleArn"}, {"Ref": "TaskRoleArn"}]


@pytest.fixture
def build_project(templates):
    resources = templates["delivery-pipeline"]["Resources"].values()
    projects = [each["Properties"] for each in resources if each["Type"] == "AWS::CodeBuild::Project"]
    (project,) = (each for each in projects if each["Environment"]["PrivilegedMode"])
    return project


def test_only_the_build_of_the_image_may_run_docker(templates, build_project) -> None:
    resources = templates["delivery-pipeline"]["Resources"].values()
    projects = [each["Properties"] for each in resources if each["Type"] == "AWS::CodeBuild::Project"]
    assert len(projects) == 3
    variables = {each["Name"] for each in build_project["Environment"]["EnvironmentVariables"]}
    assert variables == {"IMAGE_REPOSITORY_URI"}


def test_without_a_specification_the_image_is_built_and_handed_on(build_project, tmp_path) -> None:
    condition, own, given = build_project["Source"]["BuildSpec"]["Fn::If"]
    assert (condition, own) == ("HasOwnBuildSpecification", {"Ref": "BuildSpecification"})
    specification = json.loads(given)
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\necho "$@" >> docker.log\n')
    docker.chmod(0o755)
    aws = tmp_path / "aws"
    aws.write_text("#!/bin/sh\necho token\n")
    aws.chmod(0o755)
    repository = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders/service"
    image = f"{repository}:0123abc-7"
    environment = {
        "PATH": f"{tmp_path}:/usr/bin:/bin",
        "IMAGE_REPOSITORY_URI": repository,
        "CODEBUILD_RESOLVED_SOURCE_VERSION": "0123abc",
        "CODEBUILD_BUILD_NUMBER": "7",
    }
    commands = [command for phase in specification["phases"].values() for command in phase["commands"]]
    subprocess.run(["bash", "-ec", "\n".join(commands)], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "docker.log").read_text().splitlines() == [
        "login --username AWS --password-stdin 111111111111.dkr.ecr.eu-west-1.amazonaws.com",
        f"build --tag {image} .",
        f"push {image}",
    ]
    (artifact,) = specification["artifacts"]["files"]
    assert json.loads((tmp_path / artifact).read_text()) == [{"name": "application", "imageUri": image}]
