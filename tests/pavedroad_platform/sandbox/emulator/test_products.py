"""Every product is launched with its form's values alone, under its launch role, and keeps what it promises."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.launch_policies import policies, statements
from pavedroad_platform.catalog.permissions import permissions
from pavedroad_platform.catalog.product import ProductOutput
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.organization.names import Names, tag_parameter
from pavedroad_platform.proving.acceptance import Launched, acceptance_test
from pavedroad_platform.proving.inputs import canary_inputs, in_order

ACCOUNT, REGION = "888888888888", "eu-west-1"
TAGS = {"application": "order-service", "team": "orders", "environment": "development", "cost-centre": "2000"}


@pytest.fixture(scope="module")
def account(emulator: Any) -> Any:
    """An account with what the baseline gives it: ownership parameters, boundary and launch roles."""
    for key, value in TAGS.items():
        emulator.client("ssm", ACCOUNT).put_parameter(Name=tag_parameter(key), Value=value, Type="String")
    emulator.client("s3", ACCOUNT).create_bucket(
        Bucket="product-templates", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    emulator.client("iam", ACCOUNT).create_policy(PolicyName="PavedRoadBoundary", PolicyDocument=json.dumps(everything))
    for key in products.KEYS:
        _make_launch_role(emulator, key)
    return emulator


def _make_launch_role(emulator: Any, key: str, *, without: str = "") -> str:
    """Make the launch role, or another with one action less; return its name."""
    iam, name = emulator.client("iam", ACCOUNT), Names("pavedroad").launch_role(key)
    name += without.partition(":")[2]
    trust = {"Effect": "Allow", "Principal": {"Service": "servicecatalog.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/PavedRoadBoundary",
    )
    templates = Releases(key).offered_templates()
    needed = [permission for permission in permissions(templates) if permission.action != without]
    for number, policy in enumerate(policies(statements(needed, templates))):
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement.as_json() for statement in policy]})
        for variable, value in {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}.items():
            document = document.replace(f"${{{variable}}}", value)
        made = iam.create_policy(PolicyName=f"{name}{number}", PolicyDocument=document)
        iam.attach_role_policy(RoleName=name, PolicyArn=made["Policy"]["Arn"])
    return name


def _launch(
    emulator: Any, key: str, known: Mapping[ProductOutput, str], *, role_of: str, attempt: str = ""
) -> dict[str, str]:
    """Launch the newest release as Service Catalog does; return its outputs."""
    name = _start(emulator, key, known, role=Names("pavedroad").launch_role(role_of), attempt=attempt)
    cloudformation = emulator.client("cloudformation", ACCOUNT)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _start(emulator: Any, key: str, known: Mapping[ProductOutput, str], *, role: str, attempt: str) -> str:
    """Start to launch the newest release under a role; return the stack's name."""
    releases = Releases(key)
    emulator.client("s3", ACCOUNT).put_object(Bucket="product-templates", Key=key, Body=releases.text(releases.newest))
    product = products.load(key)
    inputs = canary_inputs(product, {}, name=key)
    values = {
        parameter.name: parameter.launch_value
        if isinstance(value := inputs.get(parameter.name, parameter.launch_value), ProductOutput) and value not in known
        else known.get(value, value)
        for parameter in product.parameters
    }
    cloudformation, name = emulator.client("cloudformation", ACCOUNT), f"SC-{ACCOUNT}-pp-{key}{attempt}"
    cloudformation.create_stack(
        StackName=name,
        TemplateURL=f"{emulator.endpoint}/product-templates/{key}",
        Parameters=[{"ParameterKey": parameter, "ParameterValue": value} for parameter, value in values.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
        RoleARN=f"arn:aws:iam::{ACCOUNT}:role/{role}",
    )
    return name


def test_every_product_is_launched_by_its_own_role_and_is_as_promised(account: Any) -> None:
    known: dict[ProductOutput, str] = {}
    clients = Clients(service=lambda name: account.client(name, ACCOUNT), account=ACCOUNT, region=REGION)
    for product in in_order(map(products.load, products.KEYS)):
        outputs = _launch(account, product.key, known, role_of=product.key)
        assert set(outputs) == {output.name for output in product.outputs}
        test = acceptance_test(product.key)
        assert test is not None
        assert list(test(Launched(outputs=outputs, clients=clients))) == [], product.key
        known |= {ProductOutput(product=product.key, output=name): value for name, value in outputs.items()}


def test_a_launch_role_makes_nothing_of_another_product(account: Any) -> None:
    with pytest.raises(Exception, match="Waiter StackCreateComplete failed"):
        _launch(account, "network", {}, role_of="secure-bucket", attempt="-refused")
    events = account.client("cloudformation", ACCOUNT).describe_stack_events(
        StackName=f"SC-{ACCOUNT}-pp-network-refused"
    )["StackEvents"]
    reasons = " ".join(event.get("ResourceStatusReason", "") for event in events)
    assert "PavedRoadLaunchSecureBucket" in reasons
    assert "is not authorized to perform" in reasons


@pytest.mark.parametrize(
    ("key", "action"),
    [
        ("secure-bucket", "s3:CreateBucket"),
        ("secure-bucket", "s3:PutEncryptionConfiguration"),
        ("network", "ec2:CreateVpc"),
        ("network", "ec2:CreateFlowLogs"),
    ],
)
def test_a_launch_role_without_one_of_its_actions_fails_the_launch_and_names_it(
    account: Any, key: str, action: str
) -> None:
    role = _make_launch_role(account, key, without=action)
    name = _start(account, key, {}, role=role, attempt=f"-{role.lower()}")
    assert account.settled(name, ACCOUNT)["StackStatus"] == "ROLLBACK_COMPLETE"
    events = account.client("cloudformation", ACCOUNT).describe_stack_events(StackName=name)["StackEvents"]
    reasons = [event.get("ResourceStatusReason", "") for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
    assert any(f"{role}" in reason and f"not authorized to perform: {action} " in reason for reason in reasons)


def test_subnets_of_another_network_are_refused_before_anything_is_made(account: Any) -> None:
    with pytest.raises(Exception, match="Choose in SubnetIds only subnets of the network"):
        _launch(account, "database", {}, role_of="database", attempt="-elsewhere")
