"""The ready scans of a pipeline: what runs, what ends the execution, what is kept, and what cannot be undone."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import DeliveryPipeline
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.delivery.pipeline.builds import BuildStep
from pavedroad.delivery.pipeline.deployments import CdkDeployment, DeploymentStage
from pavedroad.delivery.pipeline.scan_specifications import audit_specification, bill_specification
from pavedroad.delivery.pipeline.scans import (
    DependencyAudit,
    ImageScan,
    Scan,
    SoftwareBillOfMaterials,
    SourceCodeScan,
)
from pavedroad.delivery.pipeline.sources import CodeCommitSource

LANGUAGES = ("python", "node", "others")


def repository(stack: cdk.Stack) -> ecr.IRepository:
    return ecr.Repository.from_repository_name(stack, "Images", "orders/storefront")


def pipeline(stack: cdk.Stack, *scans: Scan, **arguments: Any) -> DeliveryPipeline:
    deployment = CdkDeployment(account="777777777777", region="eu-west-1")
    return DeliveryPipeline(
        stack,
        "Delivery",
        **{
            "source": CodeCommitSource(repository="storefront"),
            "stages": [DeploymentStage(name="Production", production=True, deployments=[deployment])],
            "scans": scans,
            **arguments,
        },
    )


def checks(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    found = Template.from_stack(stack).find_resources("AWS::CodePipeline::Pipeline")
    stages = next(iter(found.values()))["Properties"]["Stages"]
    return {
        action["Name"]: action for stage in stages if stage["Name"] == "SecurityCheck" for action in stage["Actions"]
    }


def allowed(stack: cdk.Stack, delivery: DeliveryPipeline, name: str) -> list[dict[str, Any]]:
    role = stack.resolve(delivery.roles[name].role_name)
    return [
        statement
        for policy in Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        if policy["Properties"].get("Roles") == [role]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def test_scans_run_beside_the_security_check(stack: cdk.Stack) -> None:
    delivery = pipeline(stack, DependencyAudit(), SourceCodeScan())
    found = checks(stack)
    assert list(found) == ["SecurityCheck", "DependencyAudit", "SourceCodeScan", "KeepSourceCodeScan"]
    assert [action["RunOrder"] for action in found.values()] == [1, 1, 1, 2]
    assert "DependencyAudit" in delivery.projects


def test_without_scans_there_is_nothing_of_them(stack: cdk.Stack) -> None:
    assert pipeline(stack).bill_bucket is None
    assert list(checks(stack)) == ["SecurityCheck"]
    assert len(Template.from_stack(stack).find_resources("AWS::S3::Bucket")) == 2


def test_packs_find_nothing_with_all_scans(stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]) -> None:
    images = repository(stack)
    pipeline(
        stack,
        DependencyAudit(),
        ImageScan(repository=images),
        SourceCodeScan(),
        SoftwareBillOfMaterials(),
        build=BuildStep(pushes=[images]),
    )
    assert pack_findings(stack) == []


def test_inspector_scans_the_image_that_the_build_tagged_and_lets_nothing_grave_through(stack: cdk.Stack) -> None:
    pipeline(stack, ImageScan(repository=repository(stack), medium=10))
    action = checks(stack)["ImageScan"]
    assert action["ActionTypeId"] == {
        "Category": "Invoke",
        "Owner": "AWS",
        "Provider": "InspectorScan",
        "Version": "1",
    }
    assert action["Configuration"] == {
        "InspectorRunMode": "ECRImageScan",
        "ECRRepositoryName": "orders/storefront",
        "ImageTag": "#{Build_Build_NS.IMAGE_TAG}",
        "CriticalThreshold": 0,
        "HighThreshold": 0,
        "MediumThreshold": 10,
    }


def test_an_image_may_be_named_by_a_tag(stack: cdk.Stack) -> None:
    tag = cdk.CfnParameter(stack, "Tag").value_as_string
    pipeline(stack, ImageScan(repository=repository(stack), image_tag=tag), build=None)
    assert checks(stack)["ImageScan"]["Configuration"]["ImageTag"] == {"Ref": "Tag"}


def test_thresholds_may_be_parameters(stack: cdk.Stack) -> None:
    number = cdk.CfnParameter(stack, "High", type="Number").value_as_number
    pipeline(stack, SourceCodeScan(high=number))  # type: ignore[arg-type]
    assert checks(stack)["SourceCodeScan"]["Configuration"]["HighThreshold"] == {"Ref": "High"}


def test_inspector_reads_the_source_alone(stack: cdk.Stack) -> None:
    pipeline(stack, SourceCodeScan())
    action = checks(stack)["SourceCodeScan"]
    assert action["Configuration"]["InspectorRunMode"] == "SourceCodeScan"
    assert action["InputArtifacts"] == [{"Name": "Source"}]


def test_the_image_scan_may_pull_from_its_repository_and_logs_encrypted(stack: cdk.Stack) -> None:
    images = repository(stack)
    delivery = pipeline(stack, ImageScan(repository=images))
    statements = allowed(stack, delivery, "ImageScan")
    pulls = [each["Resource"] for each in statements if "ecr:BatchGetImage" in each["Action"]]
    assert pulls == [stack.resolve(images.repository_arn)]
    (anywhere,) = [each["Action"] for each in statements if each["Resource"] == "*"]
    assert set(anywhere) == {"inspector-scan:ScanSbom", "ecr:GetAuthorizationToken"}
    Template.from_stack(stack).has_resource(
        "AWS::Logs::LogGroup",
        {
            "Properties": {
                "KmsKeyId": stack.resolve(delivery.encryption_key.key_arn),
                "LogGroupName": stack.resolve(f"/aws/codepipeline/{delivery.pipeline.pipeline_name}"),
                "RetentionInDays": 365,
            },
            "DeletionPolicy": "Retain",
        },
    )


def test_bills_are_kept_for_good_in_a_bucket_of_their_own_by_execution(stack: cdk.Stack) -> None:
    delivery = pipeline(stack, SoftwareBillOfMaterials())
    assert delivery.bill_bucket
    name = stack.resolve(delivery.bill_bucket.bucket_name)
    keep = checks(stack)["KeepBillOfMaterials"]
    assert keep["InputArtifacts"] == [{"Name": "BillOfMaterials"}]
    assert keep["Configuration"] == {
        "BucketName": name,
        "Extract": "true",
        "ObjectKey": "#{codepipeline.PipelineExecutionId}/BillOfMaterials",
    }
    bucket = Template.from_stack(stack).find_resources("AWS::S3::Bucket")[name["Ref"]]
    rules = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    assert [rule for rule in rules if "ExpirationInDays" in rule] == []
    assert bucket["DeletionPolicy"] == "Retain"


def test_bills_may_expire(stack: cdk.Stack) -> None:
    pipeline(stack, SourceCodeScan(), bill_retention=cdk.Duration.days(3650))
    rule = Match.object_like({"Id": "expire-bills", "ExpirationInDays": 3650})
    Template.from_stack(stack).has_resource_properties(
        "AWS::S3::Bucket", {"LifecycleConfiguration": {"Rules": Match.array_with([rule])}}
    )


def test_who_keeps_a_bill_writes_to_its_folder_and_may_delete_nothing(stack: cdk.Stack) -> None:
    delivery = pipeline(stack, SoftwareBillOfMaterials())
    statements = allowed(stack, delivery, "KeepBillOfMaterials")
    (write,) = [each for each in statements if each["Action"] == "s3:PutObject"]
    assert json.dumps(write["Resource"]).endswith('"/*/BillOfMaterials/*"]]}')
    assert "Delete" not in json.dumps(statements)


def test_logical_ids_of_what_is_kept_are_a_contract(stack: cdk.Stack) -> None:
    pipeline(stack, SourceCodeScan())
    template = Template.from_stack(stack)
    assert "DeliveryScansBillsOfMaterialsBucket17E023FE" in template.find_resources("AWS::S3::Bucket")
    assert "DeliveryScansInspectorLogsD4B0B44F" in template.find_resources("AWS::Logs::LogGroup")


def test_the_bill_lists_the_images_that_the_build_pushed(stack: cdk.Stack) -> None:
    images = repository(stack)
    delivery = pipeline(stack, SoftwareBillOfMaterials(), build=BuildStep(pushes=[images]))
    arn = stack.resolve(images.repository_arn)
    actions = {
        name
        for each in allowed(stack, delivery, "BillOfMaterials")
        if each["Resource"] == arn
        for name in each["Action"]
    }
    assert "ecr:BatchGetImage" in actions
    assert "ecr:PutImage" not in actions


@pytest.mark.parametrize(
    ("scan", "warns"), [(DependencyAudit(), False), (SourceCodeScan(), False), (SoftwareBillOfMaterials(), True)]
)
def test_a_scan_that_judges_takes_the_place_of_the_security_check(stack: cdk.Stack, scan: Scan, warns: bool) -> None:
    pipeline(stack, scan, security_check=None)
    found = Annotations.from_stack(stack).find_warning(
        "*", Match.string_like_regexp("pavedroad:pipeline-no-security-check")
    )
    assert bool(found) is warns
    assert scan.name in checks(stack)


def resource_of(delivery: DeliveryPipeline) -> codepipeline.CfnPipeline:
    resource = delivery.pipeline.node.default_child
    assert isinstance(resource, codepipeline.CfnPipeline)
    return resource


def weaken(delivery: DeliveryPipeline, change: Callable[[list[dict[str, Any]]], object]) -> None:
    resource = resource_of(delivery)
    stages = cdk.Stack.of(delivery).resolve(resource.stages)
    change(next(stage["actions"] for stage in stages if stage["name"] == "SecurityCheck"))
    resource.stages = cdk.Token.as_any(stages)


@pytest.mark.parametrize(
    "change",
    [
        lambda actions: actions.pop(1),
        lambda actions: actions[1]["configuration"].pop("CriticalThreshold"),
        lambda actions: actions[1]["configuration"].update(HighThreshold=99),
    ],
    ids=["removed", "without a threshold", "a higher threshold"],
)
def test_no_scan_can_be_taken_away_or_let_more_through(
    stack: cdk.Stack, change: Callable[[list[dict[str, Any]]], object]
) -> None:
    weaken(pipeline(stack, SourceCodeScan()), change)
    with pytest.raises(Exception, match="one was removed or lets more through"):
        Template.from_stack(stack)


def test_a_pipeline_without_its_only_scan_reaches_no_production(stack: cdk.Stack) -> None:
    delivery = pipeline(stack, SourceCodeScan(), security_check=None)
    resource = resource_of(delivery)
    stages = [stage for stage in stack.resolve(resource.stages) if stage["name"] != "SecurityCheck"]
    resource.stages = cdk.Token.as_any(stages)
    with pytest.raises(Exception, match="a security check stage, an approval; a stage was removed"):
        Template.from_stack(stack)


class Product(servicecatalog.ProductStack):
    """A product whose repository is a parameter."""

    def __init__(self, scope: cdk.Stack) -> None:
        super().__init__(scope, "Product")
        name = cdk.CfnParameter(self, "Repository").value_as_string
        images = ecr.Repository.from_repository_name(self, "Images", name)
        pipeline(self, ImageScan(repository=images), SoftwareBillOfMaterials())


def test_scans_work_in_a_product(
    app: cdk.App, stack: cdk.Stack, pack_findings: Callable[[cdk.Stack], list[str]]
) -> None:
    product = Product(stack)
    assert pack_findings(product) == []
    assembly = app.synth()
    assert [each.stack_name for each in assembly.stacks] == ["Stack"]
    text = (Path(assembly.directory) / product.template_file).read_text()
    assert '"ECRRepositoryName": {' in text or '"ECRRepositoryName":{' in text


def test_what_cannot_work_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(InvalidArgumentsError) as error:
        pipeline(
            stack,
            DependencyAudit(name="Build", languages=["cobol"], severity="low"),  # type: ignore[list-item,arg-type]
            DependencyAudit(name="None", languages=[], build=BuildStep(environment={"TOKEN": "x"})),
            ImageScan(repository=repository(stack)),
            ImageScan(name="Two words", repository=repository_of(stack), image_tag="a b", high=-1),
            SoftwareBillOfMaterials(bill_format="csv"),  # type: ignore[arg-type]
            build=None,
        )
    message = str(error.value)
    for problem in (
        "must have names that differ from each other and from Source, Build, Test, SecurityCheck",
        "scans.Build.languages='cobol': must be one of node, others, python",
        "scans.Build.severity='low': must be one of critical, high, medium",
        "scans.None.languages=[]: must name at least one language",
        "scans.None.build.environment='TOKEN': looks like a credential in clear text",
        "scans.ImageScan.image_tag=None: must name the tag: there is no build that exports IMAGE_TAG",
        "scans.name='Two words': must be 1 to 64 letters, digits, _ and -",
        "scans.Two words.image_tag='a b': must be an image's tag",
        "scans.Two words.high=-1: must be from 0 to 100000",
        "scans.BillOfMaterials.bill_format='csv': must be one of cyclonedx, spdx-json",
    ):
        assert problem in message


def repository_of(stack: cdk.Stack) -> ecr.IRepository:
    return ecr.Repository.from_repository_name(stack, "OtherImages", "orders/other")


def commands(stack: cdk.Stack, specification: Any) -> list[str]:
    phases: dict[str, Any] = json.loads(stack.resolve(specification.to_build_spec()))["phases"]
    return [command for phase in phases.values() for command in phase["commands"]]


def test_each_language_is_audited_by_its_tool_and_no_other_is_installed(stack: cdk.Stack) -> None:
    tools = {"python": "pip-audit", "node": "npm audit", "others": "trivy"}
    for language, tool in tools.items():
        text = "\n".join(commands(stack, audit_specification([language], "high")))
        assert [name for name in tools.values() if name in text] == [tool]


@pytest.mark.parametrize(
    ("severity", "level", "severities"),
    [
        ("medium", "moderate", "MEDIUM,HIGH,CRITICAL"),
        ("high", "high", "HIGH,CRITICAL"),
        ("critical", "critical", "CRITICAL"),
    ],
)
def test_findings_from_a_severity_on_end_the_audit(
    stack: cdk.Stack, severity: str, level: str, severities: str
) -> None:
    text = "\n".join(commands(stack, audit_specification(LANGUAGES, severity)))
    assert f"--audit-level={level}" in text
    assert f"--severity {severities} --exit-code 1" in text


@pytest.mark.parametrize("specification", [audit_specification(LANGUAGES, "high"), bill_specification("spdx-json")])
def test_every_command_is_a_bash_program_that_stops_at_the_first_failure(stack: cdk.Stack, specification: Any) -> None:
    bash = shutil.which("bash")
    assert bash
    for command in commands(stack, specification):
        checked = subprocess.run([bash, "-n", "-c", command], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        assert command.startswith("(\nset -euo pipefail\n")


def run(command: str, tools: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    bash = shutil.which("bash")
    assert bash
    search_path = f"{tools}:{os.environ['PATH']}"
    return subprocess.run(
        [bash, "-c", command.replace("/tmp/", f"{tools}/")],
        env={"PATH": search_path, **environment},
        cwd=tools,
        capture_output=True,
        check=False,
    )


def tool(path: Path, seen: Path, failing: str = "nothing") -> None:
    path.write_text(f'#!/bin/sh\necho "$*" >> {seen}\ncase "$*" in *{failing}*) exit 1 ;; esac\n')
    path.chmod(0o755)


def test_every_lock_file_of_node_is_audited_and_one_finding_ends_it(stack: cdk.Stack, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    tool(tmp_path / "npm", seen, failing="first")
    for folder in ("first one", "second", "second/node_modules/dependency"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "package-lock.json").touch()
    (command,) = [each for each in commands(stack, audit_specification(["node"], "high")) if "npm" in each]
    assert run(command, tmp_path).returncode != 0
    audited = seen.read_text().splitlines()
    assert sorted(audited) == [
        "audit --prefix ./first one --package-lock-only --audit-level=high",
        "audit --prefix ./second --package-lock-only --audit-level=high",
    ]


def test_the_bills_of_source_build_and_every_image_are_written(stack: cdk.Stack, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    tool(tmp_path / "trivy", seen)
    images = [{"name": name, "imageUri": f"registry/{name}:1"} for name in ("web", "worker")]
    (tmp_path / "imagedefinitions.json").write_text(json.dumps(images))
    listed = [each for each in commands(stack, bill_specification("cyclonedx")) if "--format" in each]
    for command in listed:
        done = run(command, tmp_path, CODEBUILD_SRC_DIR="/source", CODEBUILD_SRC_DIR_Build=str(tmp_path))
        assert done.returncode == 0, done.stderr
    assert [line.split()[0] + " " + line.split()[-1] for line in seen.read_text().splitlines()] == [
        "filesystem /source",
        f"filesystem {tmp_path}",
        "image registry/web:1",
        "image registry/worker:1",
    ]


def test_an_image_that_cannot_be_listed_ends_it(stack: cdk.Stack, tmp_path: Path) -> None:
    tool(tmp_path / "trivy", tmp_path / "seen", failing="web")
    images = [{"name": name, "imageUri": f"registry/{name}:1"} for name in ("web", "worker")]
    (tmp_path / "imagedefinitions.json").write_text(json.dumps(images))
    command = commands(stack, bill_specification("cyclonedx"))[-1]
    assert run(command, tmp_path, CODEBUILD_SRC_DIR_Build=str(tmp_path)).returncode != 0
