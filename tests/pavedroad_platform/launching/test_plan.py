"""What an upgrade would do, from Service Catalog's plan or from the templates."""

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.launching.causes import likely_fix
from pavedroad_platform.launching.changes import Change
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.comparison import compare
from pavedroad_platform.launching.plan import plan_upgrade, refuse_loss


def _database(**properties: Any) -> dict[str, Any]:
    return {
        "Parameters": {"Size": {"Type": "Number"}, "User": {"Type": "String"}},
        "Conditions": {"IsLarge": {"Fn::Equals": [{"Ref": "Size"}, "100"]}},
        "Resources": {
            "Database": {
                "Type": "AWS::RDS::DBInstance",
                "Properties": {"AllocatedStorage": {"Ref": "Size"}, "MasterUsername": {"Ref": "User"}} | properties,
            }
        },
    }


def test_nothing_changes_where_nothing_differs() -> None:
    assert compare(_database(), _database(), []) == []


@pytest.mark.parametrize(
    ("after", "changed", "what", "causes"),
    [
        ({}, ["Size"], "changed", ("AllocatedStorage",)),
        ({}, ["User"], "replaced", ("MasterUsername",)),
        ({"DBName": "orders"}, [], "replaced", ("DBName",)),
        ({"DeletionProtection": True}, [], "changed", ("DeletionProtection",)),
        ({"MultiAZ": True}, [], "perhaps replaced", ("MultiAZ",)),
        ({"Port": {"Fn::If": ["IsLarge", 1, 2]}}, ["Size"], "changed", ("AllocatedStorage", "Port")),
    ],
)
def test_a_change_of_a_database(after: dict[str, Any], changed: list[str], what: str, causes: tuple[str, ...]) -> None:
    (change,) = compare(_database(), _database(**after), changed)
    assert (change.what, change.causes, change.loses_data) == (what, causes, "replaced" in what)


def test_a_parameter_reaches_a_resource_through_a_condition() -> None:
    template = _database(DBName={"Fn::If": ["IsLarge", "large", "small"]})
    (change,) = compare(template, template, ["Size"])
    assert (change.what, change.causes) == ("replaced", ("DBName",))


def test_a_database_that_is_gone_is_deleted_and_one_of_another_name_created() -> None:
    after = _database()
    after["Resources"] = {"Other": after["Resources"]["Database"]}
    changes = compare(_database(), after, [])
    assert [(change.what, change.resource) for change in changes] == [("deleted", "Database"), ("created", "Other")]
    with pytest.raises(PlatformError, match=r"Database: AWS::RDS::DBInstance would be deleted, and it holds data"):
        refuse_loss(changes)


def test_what_holds_no_data_may_be_replaced() -> None:
    refuse_loss([Change(action="MODIFY", resource="Topic", type="AWS::SNS::Topic", replacement="TRUE")])


class _Catalog:
    """Service Catalog as it answers on AWS, where a plan takes a while."""

    def __init__(self, *statuses: str, message: str = "", denied: bool = False) -> None:
        self.statuses, self.message, self.denied = list(statuses), message, denied
        self.deleted: list[str] = []

    def create_provisioned_product_plan(self, **_: Any) -> Any:
        if self.denied:
            raise ClientError(
                {"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "CreateProvisionedProductPlan"
            )
        return {"PlanId": "plan-1"}

    def describe_provisioned_product_plan(self, *, PlanId: str, PageToken: str = "") -> Any:  # noqa: N803
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        modified = {
            "Action": "MODIFY",
            "LogicalResourceId": "Database",
            "ResourceType": "AWS::RDS::DBInstance",
            "Replacement": "CONDITIONAL",
            "Details": [{"Target": {"Attribute": "PROPERTIES", "Name": "DBName"}}],
        }
        added = {"Action": "ADD", "LogicalResourceId": "Topic", "ResourceType": "AWS::SNS::Topic"}
        page = {"ResourceChanges": [added]} if PageToken else {"ResourceChanges": [modified], "NextPageToken": "more"}
        return page | {"ProvisionedProductPlanDetails": {"Status": status, "StatusMessage": self.message}}

    def delete_provisioned_product_plan(self, *, PlanId: str) -> None:  # noqa: N803
        self.deleted.append(PlanId)

    def describe_provisioning_artifact(self, *, ProductId: str, ProvisioningArtifactId: str) -> Any:  # noqa: N803
        return {"Info": {"TemplateUrl": f"https://assets.s3.eu-west-1.amazonaws.com/{ProvisioningArtifactId}.json"}}


class _Buckets:
    def get_object(self, *, Bucket: str, Key: str) -> Any:  # noqa: N803
        assert Bucket == "assets"
        template = _database(DBName="new") if Key == "version-2.json" else _database()
        return {"Body": io.BytesIO(json.dumps(template).encode())}


class _ClosedBuckets:
    def get_object(self, **_: Any) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetObject")


def _plan(catalog: _Catalog, buckets: Any = None) -> list[Change]:
    services = {"servicecatalog": catalog, "s3": buckets}
    clients = Clients(service=services.__getitem__, account="111111111111", region="eu-west-1")
    standing: Any = SimpleNamespace(name="orders", status="AVAILABLE", product_id="prod-1", version_id="version-1")
    return plan_upgrade(clients, standing, "version-2", "path", [{"Key": "Size", "UsePreviousValue": True}])


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pavedroad_platform.launching.plan._PAUSE", 0)


def test_service_catalogs_plan_is_awaited_read_to_its_last_page_and_deleted() -> None:
    catalog = _Catalog("CREATE_IN_PROGRESS", "CREATE_SUCCESS")
    first, second = _plan(catalog)
    assert (first.what, first.causes, first.loses_data) == ("perhaps replaced", ("DBName",), True)
    assert (second.what, second.resource) == ("created", "Topic")
    assert catalog.deleted == ["plan-1"]


def test_a_plan_that_fails_is_told_and_deleted() -> None:
    catalog = _Catalog("CREATE_FAILED", message="A rule is broken")
    with pytest.raises(PlatformError, match="the upgrade cannot be planned: A rule is broken"):
        _plan(catalog)
    assert catalog.deleted == ["plan-1"]


def test_a_plan_without_changes_is_none() -> None:
    assert _plan(_Catalog("CREATE_FAILED", message="The submitted information didn't contain changes.")) == []


def test_who_may_make_no_plan_gets_a_comparison_of_the_templates() -> None:
    (change,) = _plan(_Catalog(denied=True), _Buckets())
    assert (change.resource, change.what, change.causes) == ("Database", "replaced", ("DBName",))


def test_where_neither_is_allowed_it_says_so() -> None:
    with pytest.raises(PlatformError, match=r"you may make no plan, and the templates cannot be compared"):
        _plan(_Catalog(denied=True), _ClosedBuckets())


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        ("explicit deny in a service control policy: is not authorized to perform: s3:CreateBucket", "guardrail"),
        ("User: x is not authorized to perform: s3:CreateBucket", "launch role lacks a permission"),
        ("orders-files already exists", "another value"),
        ("You have exceeded your quota of addresses", "quota"),
        ("Service did not stabilize", "its own logs"),
        ("something else", "platform team"),
    ],
)
def test_a_failure_is_told_with_its_likely_cause(said: str, fix: str) -> None:
    assert fix in likely_fix(said)
