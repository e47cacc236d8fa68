"""What a product team types, from the list of products to the end of a launch."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.launching import operations, progress
from pavedroad_platform.launching.client import Clients
from pavedroad_platform.launching.offers import find_offer
from pavedroad_platform.launching.operations import Order
from pavedroad_platform.launching.standing import find_standing, require_standing


def test_products_are_listed_with_versions(pavedroad: Any) -> None:
    said = pavedroad("products", "--json")
    assert {each["product"]: list(each["versions"]) for each in said.json} == {
        "broken": ["1.0.0"],
        "files": ["1.0.0", "1.1.0"],
        "table": ["1.0.0", "2.0.0"],
    }
    assert "What files is for" in pavedroad("products").out


def test_a_deprecated_version_is_told_and_not_chosen_by_itself(pavedroad: Any, shop: Any) -> None:
    offer = find_offer(shop.clients.catalog, "files")
    newest = {"ProductId": offer.id, "ProvisioningArtifactId": offer.version("1.1.0").id}
    shop.admin("servicecatalog").update_provisioning_artifact(**newest, Guidance="DEPRECATED")
    try:
        assert "1.1.0 deprecated" in pavedroad("products").out
        assert pavedroad("show", "files").out.startswith("files 1.0.0:")
    finally:
        shop.admin("servicecatalog").update_provisioning_artifact(**newest, Guidance="DEFAULT")


def test_the_form_is_shown_in_its_order_with_limits_rules_tags_and_outputs(pavedroad: Any) -> None:
    shown = pavedroad("show", "files", "--version", "1.0.0").out
    assert shown.index("What it is") < shown.index("Name (") < shown.index("How long it keeps") < shown.index("Days (")
    for text in (
        "Days (Days until deletion; Number; default 30)\n      When it ends.\n",
        "MaxValue 400",
        "Name (Name; String; needs a value)",
        "One of test, archive.",
        "Rules\n  An archive needs Days of its own.",
        "Tags to choose\n  lifetime: permanent, temporary",
        "Outputs\n  BucketName: Where files are put.",
    ):
        assert text in shown
    form = pavedroad("show", "files", "--json").json
    assert (form["version"], form["parameters"]["Days"]["default"]) == ("1.1.0", "30")


def test_a_launch_shows_a_plan_and_events_and_hands_out_outputs(pavedroad: Any, launched: Any, tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text("parameters:\n  Name: from-file\n  Days: 90\n")
    said = launched("files", "orders", "--file", str(file), "--set", "Name=orders", "--version", "1.0.0", "--json")
    assert said.code == 0, said.error
    assert said.json == {
        "name": "orders",
        "product": "files",
        "version": "1.0.0",
        "status": "AVAILABLE",
        "outputs": [{"name": "BucketName", "value": "files-orders", "purpose": "Where files are put."}],
    }
    assert "Launch files 1.0.0 as orders: account 200000000021, eu-west-1" in said.error
    assert "CREATE_COMPLETE" in said.error
    assert "AWS::S3::Bucket Bucket" in said.error
    status = pavedroad("status", "orders").out
    assert "orders: files 1.0.0, AVAILABLE\n  BucketName = files-orders" in status
    assert [each["name"] for each in pavedroad("status", "--json").json] == ["orders"]


def test_a_repeated_launch_is_not_made_twice(launched: Any, pavedroad: Any, shop: Any) -> None:
    first = launched("files", "again", "--set", "Name=again", "--json")
    before = require_standing(shop.clients, "again").record
    assert launched("files", "again", "--set", "Name=again", "--json").json == first.json
    assert require_standing(shop.clients, "again").record == before


def test_what_was_ended_can_be_launched_anew_with_the_same_values(launched: Any, pavedroad: Any) -> None:
    launched("files", "anew", "--set", "Name=anew")
    assert pavedroad("terminate", "anew", "--yes", "--json").json["status"] == "TERMINATED"
    assert launched("files", "anew", "--set", "Name=anew").code == 0
    assert "anew: files 1.1.0, AVAILABLE" in pavedroad("status", "anew").out


def test_every_wrong_value_is_told_at_once_before_anything_is_made(pavedroad: Any, shop: Any) -> None:
    wrong = ("--set", "Days=500", "--set", "Purpose=archiv", "--set", "Dais=3", "--tag", "lifetime=forever")
    said = pavedroad("launch", "files", "wrong name", *wrong, "--yes")
    assert said.code == 1
    for text in (
        "'wrong name' is no name",
        "Days: '500' is out of range\n    Give a number not greater than 400.",
        "Purpose: 'archiv' is not among its values\n    Did you mean archive?",
        "Dais: the form has no such parameter\n    Did you mean Days?",
        "--tag lifetime: 'forever' is not among the tag's values",
        "Name: it needs a value\n    Add --set Name=...",
        "6 problems",
    ):
        assert text in said.error
    assert find_standing(shop.clients, "wrong name") is None


def test_a_broken_rule_is_told_before_anything_is_made(pavedroad: Any, shop: Any) -> None:
    values = ("--set", "Name=archive", "--set", "Purpose=archive", "--tag", "lifetime=permanent", "--yes")
    said = pavedroad("launch", "files", "archive", *values)
    assert (said.code, "rule: An archive needs Days of its own." in said.error) == (1, True)
    assert find_standing(shop.clients, "archive") is None


def test_without_a_terminal_nothing_is_launched_unasked(pavedroad: Any, shop: Any) -> None:
    said = pavedroad("launch", "files", "unasked", "--set", "Name=unasked", "--tag", "lifetime=temporary")
    assert said.code == 1
    assert "--yes: nobody can be asked" in said.error
    assert find_standing(shop.clients, "unasked") is None


def test_a_launch_that_fails_half_way_is_told_with_what_failed_first(launched: Any, pavedroad: Any) -> None:
    said = launched("broken", "half-way")
    assert said.code == 1
    assert "half-way: failed first at Bucket (AWS::S3::Bucket):" in said.error
    assert "rolled back" in said.error
    assert "pavedroad terminate half-way" in said.error
    assert "Traceback" not in said.error
    assert "half-way: broken 1.0.0, ERROR" in pavedroad("status", "half-way").out
    again = launched("broken", "half-way")
    assert "the name is in use: broken 1.0.0, ERROR" in again.error
    assert "end it with pavedroad terminate half-way" in again.error


def test_a_permission_that_the_launch_role_lacks_is_told_as_the_platform_teams(
    launched: Any, launch_role: Callable[..., None]
) -> None:
    launch_role("s3:PutLifecycleConfiguration")
    said = launched("files", "lacking", "--set", "Name=lacking", "--json")
    assert said.code == 1
    (problem,) = json.loads(said.out)["problems"]
    assert "is not authorized to perform: s3:PutLifecycleConfiguration" in problem["cause"]
    assert "launch role lacks a permission; your values are not to blame" in problem["fix"]


def test_an_upgrade_tells_its_changes_and_keeps_values(launched: Any, pavedroad: Any, shop: Any) -> None:
    launched("files", "grows", "--set", "Name=grows", "--set", "Days=90", "--version", "1.0.0")
    said = pavedroad("upgrade", "grows", "--yes", "--json")
    assert said.code == 0, said.error
    assert said.json["version"] == "1.1.0"
    assert "created" in said.error
    assert "AWS::SNS::Topic" in said.error
    (rule,) = shop.admin("s3").get_bucket_lifecycle_configuration(Bucket="files-grows")["Rules"]
    assert rule["Expiration"]["Days"] == 90
    changed = pavedroad("upgrade", "grows", "--set", "Days=7", "--yes")
    assert "LifecycleConfiguration" in changed.error
    (rule,) = shop.admin("s3").get_bucket_lifecycle_configuration(Bucket="files-grows")["Rules"]
    assert rule["Expiration"]["Days"] == 7
    before = require_standing(shop.clients, "grows").record
    assert "No resource changes." in pavedroad("upgrade", "grows", "--yes").error
    assert require_standing(shop.clients, "grows").record == before


def test_an_upgrade_that_would_replace_a_table_is_refused(launched: Any, pavedroad: Any, shop: Any) -> None:
    launched("table", "ledger", "--version", "1.0.0")
    before = require_standing(shop.clients, "ledger")
    said = pavedroad("upgrade", "ledger", "--yes")
    assert said.code == 1
    assert "Table: AWS::DynamoDB::Table would be " in said.error
    assert "it holds data (KeySchema would change)" in said.error
    assert require_standing(shop.clients, "ledger") == before
    allowed = pavedroad("upgrade", "ledger", "--yes", "--allow-replacement", "--json")
    assert (allowed.code, allowed.json["version"]) == (0, "2.0.0")


def test_a_value_that_would_replace_a_bucket_is_refused(launched: Any, pavedroad: Any) -> None:
    launched("files", "renamed", "--set", "Name=renamed")
    said = pavedroad("upgrade", "renamed", "--set", "Name=other-name", "--yes")
    assert said.code == 1
    assert "Bucket: AWS::S3::Bucket would be replaced, and it holds data (BucketName" in said.error


def test_a_plan_that_an_interruption_left_does_not_stand_in_the_way(launched: Any, pavedroad: Any, shop: Any) -> None:
    launched("files", "planned", "--set", "Name=planned", "--version", "1.0.0")
    offer = find_offer(shop.clients.catalog, "files")
    shop.clients.catalog.create_provisioned_product_plan(
        PlanName="pavedroad-upgrade-planned",
        PlanType="CLOUDFORMATION",
        ProductId=offer.id,
        ProvisionedProductName="planned",
        ProvisioningArtifactId=offer.version("1.1.0").id,
        ProvisioningParameters=[{"Key": "Name", "UsePreviousValue": True}],
    )
    assert require_standing(shop.clients, "planned").status == "PLAN_IN_PROGRESS"
    assert pavedroad("upgrade", "planned", "--yes").code == 0
    assert shop.clients.catalog.list_provisioned_product_plans()["ProvisionedProductPlans"] == []


def test_two_launches_at_once_of_one_name_make_one(shop: Any, pavedroad: Any, launched: Any) -> None:
    offer = find_offer(shop.clients.catalog, "files")
    order = Order(
        offer=offer,
        version=offer.version("1.0.0"),
        path=offer.path(None),
        name="both",
        values={"Name": "both"},
        tags={"lifetime": "temporary"},
    )
    outcomes: list[Any] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(operations.launch(shop.clients, order, lambda _: None)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [outcomes[0]] * 2
    history = shop.clients.catalog.list_record_history()["RecordDetails"]
    assert [each["RecordType"] for each in history if each["ProvisionedProductName"] == "both"] == ["PROVISION_PRODUCT"]
    pavedroad("terminate", "both", "--yes")


def test_another_launch_of_a_name_in_use_is_refused(launched: Any, pavedroad: Any) -> None:
    launched("files", "mine", "--set", "Name=mine", "--version", "1.0.0")
    for arguments in (("files", "mine", "--set", "Name=other"), ("table", "mine")):
        said = pavedroad("launch", *arguments, "--tag", "lifetime=temporary", "--yes")
        assert said.code == 1
        assert "mine: the name is in use: files 1.0.0, AVAILABLE" in said.error
        assert "pavedroad upgrade mine" in said.error
    same_version = ("--set", "Name=other", "--version", "1.0.0", "--tag", "lifetime=temporary", "--yes")
    assert "the name is in use" in pavedroad("launch", "files", "mine", *same_version).error


def test_an_interrupted_launch_goes_on_and_is_followed_by_the_same_command(
    launched: Any, pavedroad: Any, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_events: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(progress.StackEvents, "new", interrupted)
        said = launched("files", "stopped", "--set", "Name=stopped")
    assert said.code == 130
    assert "Interrupted; it goes on in AWS. Repeat the command to follow it" in said.error
    again = launched("files", "stopped", "--set", "Name=stopped", "--json")
    assert (again.code, again.json["status"]) == (0, "AVAILABLE")
    history = shop.clients.catalog.list_record_history()["RecordDetails"]
    assert [each["RecordType"] for each in history if each["ProvisionedProductName"] == "stopped"] == [
        "PROVISION_PRODUCT"
    ]


class _Answering:
    """A client whose answers for some calls are given."""

    def __init__(self, real: Any, **answers: Any) -> None:
        self._real, self._answers = real, answers

    def __getattr__(self, name: str) -> Any:
        return self._answers.get(name) or getattr(self._real, name)


def _under_change(shop: Any, kind: str) -> Clients:
    """A launch that another operation is changing, as Service Catalog describes it."""
    real = shop.clients.catalog

    def provisioned(**arguments: Any) -> Any:
        described = real.describe_provisioned_product(**arguments)
        described["ProvisionedProductDetail"]["Status"] = "UNDER_CHANGE"
        return described

    def record(**arguments: Any) -> Any:
        described = real.describe_record(**arguments)
        described["RecordDetail"]["RecordType"] = kind
        return described

    catalog = _Answering(real, describe_provisioned_product=provisioned, describe_record=record)
    return Clients(service=lambda _: catalog, account=shop.clients.account, region="eu-west-1")


def test_an_operation_that_runs_is_followed_and_another_one_is_refused(launched: Any, shop: Any) -> None:
    launched("files", "busy", "--set", "Name=busy", "--version", "1.0.0")
    clients = _under_change(shop, "UPDATE_PROVISIONED_PRODUCT")
    standing = require_standing(clients, "busy")
    same = operations.followed_instead(standing, clients, "UPDATE_PROVISIONED_PRODUCT", standing.version_id)
    assert same == standing.record
    with pytest.raises(PlatformError, match=r"update provisioned product of files 1\.0\.0 is running under this name"):
        operations.terminate(clients, standing, lambda _: None)


def test_a_termination_ends_everything(launched: Any, pavedroad: Any, shop: Any) -> None:
    launched("files", "gone", "--set", "Name=gone")
    assert pavedroad("terminate", "gone").code == 1  # nobody can be asked
    said = pavedroad("terminate", "gone", "--yes")
    assert (said.code, said.out) == (0, "gone: files 1.1.0, TERMINATED\n")
    assert "files-gone" not in [bucket["Name"] for bucket in shop.admin("s3").list_buckets()["Buckets"]]
