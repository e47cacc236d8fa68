import pytest


@pytest.fixture
def stages(templates):
    resources = templates["delivery-pipeline"]["Resources"].values()
    (pipeline,) = (resource for resource in resources if resource["Type"] == "AWS::CodePipeline::Pipeline")
    return {stage["Name"]: stage["Actions"] for stage in pipeline["Properties"]["Stages"]}


def test_every_change_is_built_tested_checked_and_approved(stages) -> None:
    assert list(stages) == ["Source", "Build", "Test", "SecurityCheck", "ApproveProduction", "Production"]


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
