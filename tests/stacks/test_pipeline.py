"""The pipeline that deploys the platform."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account, PipelineFile
from pavedroad_platform.rehearsal.build_specification import parse
from pavedroad_platform.rehearsal.definition import stages_in
from stacks.pipeline import PipelineStack

STACK = "pavedroad-pipeline"


@pytest.fixture(scope="module")
def pipeline(resources) -> Mapping[str, Any]:
    (made,) = resources(STACK, "AWS::CodePipeline::Pipeline").values()
    return made["Properties"]


@pytest.fixture(scope="module")
def projects(resources) -> Mapping[str, Any]:
    """The CodeBuild projects by the name of their step."""
    made = resources(STACK, "AWS::CodeBuild::Project").values()
    return {each["Properties"]["LogsConfig"]["CloudWatchLogs"]["StreamName"]: each["Properties"] for each in made}


@pytest.fixture
def rights(templates, projects) -> Callable[[str], list[dict[str, Any]]]:
    """The statements of the policies that are a step's own."""

    def statements(step: str) -> list[dict[str, Any]]:
        role = projects[step]["ServiceRole"]["Fn::GetAtt"][0]
        return [
            statement
            for resource in templates[STACK]["Resources"].values()
            if resource["Type"] == "AWS::IAM::ManagedPolicy"
            and {"Ref": role} in resource["Properties"].get("Roles", ())
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]
        ]

    return statements


def taken(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [statement for statement in statements if "sts:AssumeRole" in statement["Action"]]


def made_with(feature_flags: dict[str, Any], organization: Organization) -> Template:
    app = cdk.App(context=feature_flags, builtin_cloud_formation_validation=False, analytics_reporting=False)
    stack = PipelineStack(app, STACK, organization=organization, test_stack="pavedroad-catalog-test")
    return Template.from_stack(stack)


def test_it_synthesises_once_proves_asks_promotes_and_tells(pipeline) -> None:
    assert pipeline["PipelineType"] == "V2"
    assert {stage["Name"]: [action["Name"] for action in stage["Actions"]] for stage in pipeline["Stages"]} == {
        "Source": ["Source"],
        "Build": ["Synth"],
        "UpdatePipeline": ["SelfMutate"],
        "Test": ["DeployTest", "Prove"],
        "Approve": ["Plan", "Approve"],
        "Production": ["Deploy", "Reconcile"],
        "Announce": ["Announce"],
    }
    for stage in pipeline["Stages"]:
        assert [action["RunOrder"] for action in stage["Actions"]] == list(range(1, len(stage["Actions"]) + 1))


def test_every_step_after_the_synthesis_has_the_assembly_that_was_checked(pipeline) -> None:
    actions = {action["Name"]: action for stage in pipeline["Stages"] for action in stage["Actions"]}
    (made,) = actions["Synth"]["OutputArtifacts"]
    for name in ("SelfMutate", "DeployTest", "Prove", "Plan", "Deploy", "Reconcile", "Announce"):
        assert made in actions[name]["InputArtifacts"]


def test_fifty_accounts_more_change_nothing_in_it(templates, organization, feature_flags) -> None:
    more = {
        f"team-{number}": Account.model_validate(
            {
                "(key)": f"team-{number}",
                "id": f"9{number:011}",
                "email": f"team-{number}@example.com",
                "organizational_unit": "workloads-production",
                "purpose": "workload",
                "environment": "production",
                "team": "orders",
            }
        )
        for number in range(50)
    }
    grown = organization.model_copy(update={"accounts": {**organization.accounts, **more}})
    assert made_with(feature_flags, grown).to_json() == templates[STACK]


def test_the_approver_is_sent_the_plan_and_where_the_whole_of_it_is(pipeline, projects) -> None:
    [approve] = [action for stage in pipeline["Stages"] for action in stage["Actions"] if action["Name"] == "Approve"]
    [plan] = [action for stage in pipeline["Stages"] for action in stage["Actions"] if action["Name"] == "Plan"]
    variable = f"#{{{plan['Namespace']}.%s}}"
    assert variable % "PLAN" in approve["Configuration"]["CustomData"]
    assert approve["Configuration"]["ExternalEntityLink"] == variable % "PLAN_LINK"
    assert approve["Configuration"]["NotificationArn"]
    exported = json.loads(projects["Plan"]["Source"]["BuildSpec"])["env"]["exported-variables"]
    assert exported == ["PLAN", "PLAN_LINK"]


def test_a_failed_promotion_goes_back_to_the_assembly_before_it_and_never_touches_the_pipeline(
    pipeline, projects
) -> None:
    rolled_back = [stage["Name"] for stage in pipeline["Stages"] if stage.get("OnFailure") == {"Result": "ROLLBACK"}]
    assert rolled_back == ["Production"]
    assert f"'!({STACK}|pavedroad-canaries)'" in projects["Deploy"]["Source"]["BuildSpec"]


def test_without_approval_nobody_is_waited_for_and_codecommit_starts_it_by_an_event(
    organization, feature_flags
) -> None:
    changed = PipelineFile.model_validate({"source": {"repository": "platform"}, "approval": False})
    made = made_with(feature_flags, organization.model_copy(update={"pipeline": changed}))
    (pipeline,) = made.find_resources("AWS::CodePipeline::Pipeline").values()
    kinds = [action["ActionTypeId"] for stage in pipeline["Properties"]["Stages"] for action in stage["Actions"]]
    assert [kind["Provider"] for kind in kinds if kind["Category"] == "Source"] == ["CodeCommit"]
    assert "Approval" not in {kind["Category"] for kind in kinds}
    made.has_resource_properties("AWS::Events::Rule", {"EventPattern": {"source": ["aws.codecommit"]}})
    assert not made.find_resources("AWS::IAM::Policy")


def test_builds_are_logged_encrypted_and_have_no_rights_on_their_host(projects) -> None:
    assert set(projects) == {
        "Synth",
        "SelfMutate",
        "DeployTest",
        "Prove",
        "Plan",
        "Deploy",
        "Reconcile",
        "Announce",
    }
    for project in projects.values():
        assert project["Environment"]["PrivilegedMode"] is False
        assert project["EncryptionKey"]
        assert project["LogsConfig"]["CloudWatchLogs"]["Status"] == "ENABLED"


@pytest.mark.parametrize(
    ("step", "roles"),
    [
        ("Synth", []),
        ("Announce", ["arn:aws:iam::*:role/PavedRoadAdoption"]),
        (
            "Reconcile",
            ["arn:aws:iam::*:role/PavedRoadAdoption", "arn:aws:iam::888888888888:role/PavedRoadCatalogProof"],
        ),
        ("Plan", ["arn:aws:iam::*:role/cdk-hnb659fds-lookup-role-*-eu-west-1"]),
        ("Prove", ["arn:aws:iam::888888888888:role/PavedRoadCatalogProof"]),
        (
            "SelfMutate",
            [
                f"arn:aws:iam::555555555555:role/cdk-hnb659fds-{name}-role-555555555555-eu-west-1"
                for name in ("deploy", "file-publishing", "lookup")
            ],
        ),
        (
            "DeployTest",
            [
                f"arn:aws:iam::888888888888:role/cdk-hnb659fds-{name}-role-888888888888-eu-west-1"
                for name in ("deploy", "file-publishing", "lookup")
            ],
        ),
        (
            "Deploy",
            [
                f"arn:aws:iam::*:role/cdk-hnb659fds-{name}-role-*-eu-west-1"
                for name in ("deploy", "file-publishing", "lookup")
            ],
        ),
    ],
)
def test_a_step_takes_the_roles_that_it_needs_in_accounts_of_the_organisation(rights, step, roles) -> None:
    statements = taken(rights(step))
    named = [statement["Resource"] for statement in statements]
    assert [arn for each in named for arn in ([each] if isinstance(each, str) else each)] == roles
    for statement in statements:
        assert statement["Condition"] == {"StringEquals": {"aws:ResourceOrgID": "o-exampleorgid"}}


def test_a_failure_is_told_with_its_reason_and_its_log(resources, projects) -> None:
    rules = resources(STACK, "AWS::Events::Rule").values()
    [failures] = [rule for rule in rules if rule["Properties"]["EventPattern"]["detail"]["state"] == ["FAILED"]]
    [target] = failures["Properties"]["Targets"]
    assert (
        "$.detail.execution-result.external-execution-summary" in target["InputTransformer"]["InputPathsMap"].values()
    )
    assert "$.detail.execution-result.external-execution-url" in target["InputTransformer"]["InputPathsMap"].values()
    for name, project in projects.items():
        if name != "SelfMutate":
            commands = json.loads(project["Source"]["BuildSpec"])["phases"]["post_build"]["commands"]
            assert commands == [
                f'[ "$CODEBUILD_BUILD_SUCCEEDING" = 1 ] || pavedroad deployment failure {name} --log step.log'
            ]


def test_a_rehearsal_knows_all_that_its_builds_use(templates) -> None:
    stages = stages_in(templates[STACK])
    assert [stage.name for stage in stages if stage.rolls_back] == ["Production"]
    projects = {action.name: action.project for stage in stages for action in stage.actions if action.project}
    specifications = {name: parse(project.build_spec, place=name) for name, project in projects.items()}
    assert specifications["Synth"].output is not None
    assert specifications["Plan"].exported == ["PLAN", "PLAN_LINK"]
    assert all(specification.phases["build"].commands for specification in specifications.values())
