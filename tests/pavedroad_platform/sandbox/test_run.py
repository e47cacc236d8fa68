"""The main job, end to end: the real CDK CLI against the embedded AWS, then plain boto3."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from botocore.exceptions import ClientError

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.product import ProductOutput
from pavedroad_platform.organization import Organization
from pavedroad_platform.sandbox.sign_in import sign_in

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[3]
PAVEDROAD = Path(sys.executable).with_name("pavedroad")


def client(sandbox, service: str, account: str, **credentials: str) -> Any:
    credentials = credentials or {"aws_access_key_id": account, "aws_secret_access_key": "sandbox"}
    return boto3.client(service, endpoint_url=sandbox.endpoint, region_name="eu-west-1", **credentials)


def pavedroad(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PAVEDROAD, "sandbox", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def person(sandbox, organization: Organization, role: str, *, team: str = "orders") -> dict[str, str]:
    account = organization.accounts["orders-development"]
    return sign_in(sandbox.endpoint, organization, person="sam@example.com", team=team, role_key=role, account=account)


def test_every_stack_stands_in_the_account_that_it_belongs_to(sandbox, organization: Organization) -> None:
    stacks = {(row["account"], row["name"]) for row in sandbox.report["stacks"]}
    names = {account.id: key for key, account in organization.accounts.items()}
    assert {(names[account], name) for account, name in stacks} == {
        ("gateway", "pavedroad-gateway"),
        ("log-archive", "pavedroad-logging"),
        ("management", "pavedroad-organization"),
        ("audit", "pavedroad-security"),
        ("shared-services", "pavedroad-catalog"),
        ("shared-services", "pavedroad-pipeline"),
        ("catalog-test", "pavedroad-catalog-test"),
        ("orders-development", "pavedroad-workload-orders-development"),
        ("orders-production", "pavedroad-workload-orders-production"),
    }
    for account, name in stacks:
        [stack] = client(sandbox, "cloudformation", account).describe_stacks(StackName=name)["Stacks"]
        assert stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def test_what_is_emulated_and_what_is_a_record_is_told_apart(sandbox) -> None:
    for row in sandbox.report["stacks"]:
        assert row["native"] + row["schema_checked"] == row["resources"] > 0


def test_progress_is_shown_throughout(sandbox) -> None:
    for step in ("Bootstrap the accounts", "Synthesise with all checks", "Deploy the landing zone", "Launch a product"):
        assert step in sandbox.progress
    assert "pavedroad-workload-orders-production" in sandbox.progress


def test_the_product_team_launched_a_hardened_bucket_and_could_not_make_one_by_hand(sandbox) -> None:
    launch = sandbox.report["launch"]
    assert "is not authorized to perform: s3:CreateBucket" in launch["refused"]
    s3 = client(sandbox, "s3", "666666666666")
    bucket = launch["outputs"]["BucketName"]
    [rule] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]}
    assert {"application", "team", "environment", "cost-centre", "data-classification"} <= tags.keys()
    assert tags["team"] == "orders"


def test_the_log_archive_is_locked_encrypted_and_takes_the_organisations_trail(sandbox) -> None:
    s3 = client(sandbox, "s3", "333333333333")
    bucket = "pavedroad-log-archive-333333333333-eu-west-1"
    lock = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 365}
    trails = client(sandbox, "cloudtrail", "111111111111").describe_trails()["trailList"]
    [trail] = [trail for trail in trails if trail["S3BucketName"] == bucket]
    assert trail["IsOrganizationTrail"]
    assert trail["IsMultiRegionTrail"]
    assert trail["LogFileValidationEnabled"]


def test_launch_roles_reach_every_account_that_launches_and_no_other(sandbox, organization: Organization) -> None:
    names = {organization.names.launch_role(product) for product in organization.catalog.products}
    for key, having in {
        "shared-services": names,
        "orders-development": names,
        "orders-production": names,
        "gateway": set(),
        "log-archive": set(),
    }.items():
        roles = client(sandbox, "iam", organization.accounts[key].id).get_paginator("list_roles").paginate()
        found = {role["RoleName"] for page in roles for role in page["Roles"]}
        assert {name for name in found if name.startswith("PavedRoadLaunch")} == having, key


def test_a_portfolio_has_its_budget(sandbox) -> None:
    catalog = client(sandbox, "servicecatalog", "555555555555")
    portfolios = {each["DisplayName"]: each["Id"] for each in catalog.list_portfolios()["PortfolioDetails"]}
    (shown,) = catalog.list_budgets_for_resource(ResourceId=portfolios["Building blocks"])["Budgets"]
    budget = client(sandbox, "budgets", "555555555555").describe_budget(
        AccountId="555555555555", BudgetName=shown["BudgetName"]
    )["Budget"]
    (counted,) = budget["CostFilters"]["TagKeyValue"]
    assert counted.endswith(f":portfolio/{portfolios['Building blocks']}")


def test_no_role_of_an_account_can_be_taken_past_the_gateway(sandbox) -> None:
    role = "arn:aws:iam::666666666666:role/PavedRoadDeveloper"
    for outsider in ("111111111111", "222222222222", "666666666666"):
        with pytest.raises(ClientError, match="AccessDenied"):
            client(sandbox, "sts", outsider).assume_role(
                RoleArn=role, RoleSessionName="stranger", SourceIdentity="stranger"
            )


def test_a_person_of_another_team_does_not_get_in(sandbox, organization: Organization) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        person(sandbox, organization, "developer", team="payments")


def test_there_is_no_iam_user_anywhere(sandbox, organization: Organization) -> None:
    users = {key: client(sandbox, "iam", a.id).list_users()["Users"] for key, a in organization.accounts.items()}
    assert not any(users.values())


@pytest.fixture(scope="module")
def network(sandbox) -> Mapping[ProductOutput, str]:
    """The network of the workload account, as a person reads it off to fill in a form."""
    ssm, ec2 = (client(sandbox, service, "666666666666") for service in ("ssm", "ec2"))
    vpc = ssm.get_parameter(Name="/pavedroad/networks/orders-development/vpc-id")["Parameter"]["Value"]
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    ids = ",".join(subnet["SubnetId"] for subnet in subnets[:2])
    handed_out = {output.name: ids for output in products.load("network").outputs} | {"VpcId": vpc}
    return {ProductOutput(product="network", output=name): value for name, value in handed_out.items()}


@pytest.mark.parametrize("key", products.KEYS)
def test_every_product_launches_with_the_values_of_its_form(
    key: str, sandbox, organization: Organization, network: Mapping[ProductOutput, str]
) -> None:
    role = "platform-engineer" if key == "network" else "developer"
    catalog = client(sandbox, "servicecatalog", "", **person(sandbox, organization, role))
    name = f"form-{key}"
    values = {
        parameter.name: network.get(parameter.canary, parameter.launch_value)
        for parameter in products.load(key).parameters
    }
    form = catalog.describe_provisioning_parameters(ProductName=key, ProvisioningArtifactName="1.0.0")
    assert {field["ParameterKey"] for field in form["ProvisioningArtifactParameters"]} >= values.keys()
    record = catalog.provision_product(
        ProductName=key,
        ProvisioningArtifactName="1.0.0",
        ProvisionedProductName=name,
        ProvisioningParameters=[{"Key": field, "Value": value} for field, value in values.items()],
        Tags=[{"Key": option["Key"], "Value": option["Values"][0]} for option in form["TagOptions"]],
    )["RecordDetail"]["RecordId"]
    done = finished(catalog, record)
    assert done["RecordDetail"]["Status"] == "SUCCEEDED", done["RecordDetail"]["RecordErrors"]
    handed_out = {output["OutputKey"] for output in done["RecordOutputs"]}
    assert handed_out >= {output.name for output in products.load(key).outputs}
    if "DeletionProtection" in values:
        # As its team does before it ends what holds data.
        update_without_protection(catalog, name, key, values)
    ended = catalog.terminate_provisioned_product(ProvisionedProductName=name)["RecordDetail"]["RecordId"]
    done = finished(catalog, ended)
    assert done["RecordDetail"]["Status"] == "SUCCEEDED", done["RecordDetail"]["RecordErrors"]


def update_without_protection(catalog: Any, name: str, key: str, values: Mapping[str, str]) -> None:
    kept = [{"Key": field, "UsePreviousValue": True} for field in values if field != "DeletionProtection"]
    record = catalog.update_provisioned_product(
        ProvisionedProductName=name,
        ProductName=key,
        ProvisioningArtifactName="1.0.0",
        ProvisioningParameters=[*kept, {"Key": "DeletionProtection", "Value": "false"}],
    )["RecordDetail"]["RecordId"]
    done = finished(catalog, record)
    assert done["RecordDetail"]["Status"] == "SUCCEEDED", done["RecordDetail"]["RecordErrors"]


def finished(catalog: Any, record: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        described: dict[str, Any] = catalog.describe_record(Id=record)
        if described["RecordDetail"]["Status"] in {"SUCCEEDED", "FAILED"}:
            return described
        time.sleep(0.1)
    raise AssertionError(f"{record} does not end")


def test_a_second_run_finds_everything_as_it_is(sandbox) -> None:
    done = pavedroad("--directory", sandbox.directory, "up", "--json")
    assert done.returncode == 0, done.stderr
    again = json.loads(done.stdout)
    assert again["endpoint"] == sandbox.endpoint
    assert [row["seconds"] for row in again["stacks"]] == [None] * len(again["stacks"])
    assert again["launch"]["outputs"] == sandbox.report["launch"]["outputs"]


def test_another_port_than_the_running_one_is_refused(sandbox) -> None:
    done = pavedroad("--directory", sandbox.directory, "up", "--port", "1234")
    assert done.returncode == 1
    assert "the sandbox is running on port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_busy_port_gives_one_message(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = pavedroad("--directory", tmp_path / "s", "up", "--port", taken.getsockname()[1])
    assert done.returncode == 1
    assert "cannot be used: Address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_real_aws_endpoint_in_the_environment_is_refused(tmp_path: Path) -> None:
    done = pavedroad("--directory", tmp_path / "s", "up", AWS_ENDPOINT_URL="https://sts.eu-west-1.amazonaws.com")
    assert done.returncode == 1
    assert "unset AWS_ENDPOINT_URL" in done.stderr
    assert not (tmp_path / "s").exists()


def children_of(folder: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["cmdline", "environ"]):
        told = [*(process.info["cmdline"] or []), *(process.info["environ"] or {}).values()]
        if process.pid != os.getpid() and any(str(folder) in text for text in told):
            yield process


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let what is started be interrupted: what runs in the background ignores it, and hands that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_run_leaves_nothing_running(tmp_path: Path) -> None:
    folder = tmp_path / "interrupted"
    with subprocess.Popen(
        [PAVEDROAD, "sandbox", "--directory", str(folder), "up"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "Bootstrap the accounts" in line:
                break
        # As a terminal does: to the whole foreground group.
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(timeout=60) == 130, rest
    assert "Interrupted" in rest
    assert "Traceback" not in rest
    assert [process.info["cmdline"] for process in children_of(folder)] == []
    assert not (folder / "emulator.json").exists()


def test_a_dead_emulator_is_told_and_the_next_run_starts_afresh(sandbox, tmp_path: Path) -> None:
    # A state file whose process is gone stands for an emulator that died.
    folder = tmp_path / "dead"
    folder.mkdir()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (folder / "emulator.json").write_text(json.dumps({"port": 9, "pid": ended.pid, "started": 1.0}))
    done = pavedroad("--directory", folder, "status")
    assert done.returncode == 1
    assert done.stdout == "No sandbox is running.\n"
