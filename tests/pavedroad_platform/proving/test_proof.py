from collections.abc import Iterator
from typing import Any

import pytest

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching import operations
from pavedroad_platform.proving import fresh
from pavedroad_platform.proving.acceptance import Launched
from pavedroad_platform.proving.proof import ProofFailedError, prove, require_proofs


def launches(world: Any) -> list[str]:
    found = world.clients("catalog-test").catalog.search_provisioned_products(
        AccessLevelFilter={"Key": "Account", "Value": "self"}
    )
    return sorted(each["Name"] for each in found["ProvisionedProducts"])


def problems_of(world: Any) -> list[Problem]:
    with pytest.raises(PlatformError) as told:
        world.prove()
    return list(told.value.problems)


def test_a_version_is_launched_tested_ended_and_recorded_once(world: Any) -> None:
    world.release("1.0.0")
    clients, _ = world.as_role("catalog-test", "PavedRoadCatalogProof")
    seen = []
    (proved,) = prove(clients, world.organization, world.published, lambda name, event: seen.append((name, event)))
    assert (proved.product, proved.version, proved.earlier) == ("files", "1.0.0", False)
    names = {name for name, _ in seen}
    assert names == {"pavedroad-canaries", "files 1.0.0"}
    (again,) = prove(clients, world.organization, world.published, lambda name, _: pytest.fail(name))
    assert (again.earlier, again.proved) == (True, proved.proved)
    assert require_proofs(clients, world.organization, world.published) == [again]
    assert launches(world) == ["canary-files"]


def test_the_kept_canary_is_upgraded_from_the_version_before(world: Any) -> None:
    world.release("1.0.0")
    clients, _ = world.as_role("catalog-test", "PavedRoadCatalogProof")
    world.prove()
    before = clients.catalog.describe_provisioned_product(Name="canary-files")["ProvisionedProductDetail"]
    world.release("1.1.0")
    states = world.prove()
    assert [(each.version, each.earlier) for each in states] == [("1.0.0", True), ("1.1.0", False)]
    assert not states[0].retained
    (bucket,) = states[1].retained
    assert (bucket.resource, bucket.type, bucket.policy) == ("Bucket", "AWS::S3::Bucket", "Retain")
    world.clients("catalog-test").s3.head_bucket(Bucket=bucket.identifier)
    assert str(bucket) == f"{bucket.identifier} (AWS::S3::Bucket)"
    assert states[1].as_json()["retained"] == [vars(bucket)]
    after = clients.catalog.describe_provisioned_product(Name="canary-files")["ProvisionedProductDetail"]
    assert after["Id"] == before["Id"]
    assert after["ProvisioningArtifactId"] != before["ProvisioningArtifactId"]


def test_an_upgrade_that_fails_is_told_rolled_back_and_not_recorded(world: Any, launch_role: Any) -> None:
    world.release("1.0.0")
    world.prove()
    launch_role("sns:CreateTopic")
    world.release("1.1.0")
    for _ in range(2):  # repeating it changes nothing
        (problem,) = problems_of(world)
        assert problem.path == "files 1.1.0"
        assert problem.cause.startswith(
            "the kept canary could not be upgraded from 1.0.0 to 1.1.0: Topic (AWS::SNS::Topic): User: "
        )
        assert problem.fix.startswith("The product's launch role lacks a permission")
        assert "The kept canaries are rolled back to what stood; what ended ones retain, such as keys" in problem.fix
    cloudformation = world.clients("catalog-test").cloudformation
    (stack,) = cloudformation.describe_stacks(StackName="pavedroad-canaries")["Stacks"]
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert launches(world) == ["canary-files"]
    catalog = world.clients("catalog-test").catalog
    shown = catalog.get_provisioned_product_outputs(ProvisionedProductName="canary-files")
    assert shown["Outputs"]
    with pytest.raises(PlatformError, match=r"files 1\.1\.0: this version was not proved as it is published"):
        require_proofs(world.clients("catalog-test"), world.organization, world.published)


def test_a_first_launch_that_fails_leaves_nothing_and_is_mended_by_a_repetition(world: Any, launch_role: Any) -> None:
    world.release("1.0.0")
    launch_role("s3:CreateBucket")
    (problem,) = problems_of(world)
    assert problem.path == "files 1.0.0"
    assert "the kept canary could not be launched" in problem.cause
    assert "s3:CreateBucket" in problem.cause
    assert problem.fix.startswith("The product's launch role lacks a permission")
    assert launches(world) == []
    launch_role()
    (proved,) = world.prove()
    assert not proved.earlier


def test_what_is_not_as_promised_fails_the_proof_and_its_canary_is_ended(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def test(launched: Launched) -> Iterator[str]:
        bucket = launched.outputs["BucketName"]
        if launched.client("s3").get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
            yield "the bucket keeps no versions"

    world.release("1.0.0")
    monkeypatch.setattr(fresh, "acceptance_test", lambda key: test if key == "files" else None)
    assert [str(problem) for problem in problems_of(world)] == [
        f"files 1.0.0: {what}: the bucket keeps no versions\n"
        "    Mend it in a new version of the product; this one is not promoted."
        for what in ("the kept canary", "proof-files-1-0-0")
    ]
    assert launches(world) == ["canary-files"]


def test_an_acceptance_test_that_stumbles_fails_its_product_alone_and_what_is_left_is_told(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def test(launched: Launched) -> Iterator[str]:
        yield launched.outputs["Endpoint"]

    world.release("1.1.0")
    monkeypatch.setattr(fresh, "acceptance_test", lambda _key: test)
    with pytest.raises(ProofFailedError) as told:
        world.prove()
    assert [str(problem) for problem in told.value.problems] == [
        f"files 1.1.0: {what}: the acceptance test did not understand an answer of AWS: KeyError('Endpoint')\n"
        "    Mend the acceptance test of files, then prove it again."
        for what in ("the kept canary", "proof-files-1-1-0")
    ]
    assert [each.resource for each in told.value.retained["files", "1.1.0"]] == ["Bucket"]


def test_what_was_never_made_outlives_nothing(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.release("1.1.0")
    never = [("Bucket", "AWS::S3::Bucket", "", "CREATE_FAILED")]
    monkeypatch.setattr(fresh.FreshCanary, "_ended", lambda _self, _stack: iter(never))
    (proved,) = world.prove()
    assert not proved.retained


def test_a_last_snapshot_is_told_as_what_it_is() -> None:
    snapshot = fresh.Retained(resource="Cluster", type="AWS::RDS::DBCluster", identifier="orders", policy="Snapshot")
    assert str(snapshot) == "orders (the last snapshot of AWS::RDS::DBCluster)"


def test_what_an_acceptance_test_cannot_find_is_told_as_well(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def test(launched: Launched) -> Iterator[str]:
        launched.client("s3").get_bucket_policy(Bucket=launched.outputs["BucketName"])
        yield from ()

    world.release("1.0.0")
    monkeypatch.setattr(fresh, "acceptance_test", lambda _key: test)
    assert {problem.path for problem in problems_of(world)} == {"files 1.0.0: GetBucketPolicy"}


def test_what_is_left_after_the_end_fails_the_proof(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.release("1.0.0")
    left = [("Bucket", "AWS::S3::Bucket", "files", "DELETE_FAILED")]
    monkeypatch.setattr(fresh.FreshCanary, "_ended", lambda _self, _stack: iter(left))
    (problem,) = problems_of(world)
    assert str(problem) == (
        "files 1.0.0: Bucket (AWS::S3::Bucket) is left after the launch was ended\n"
        "    Find out why CloudFormation passed over it, delete it by hand, and mend it in a new version."
    )


def test_a_canary_that_an_interrupted_run_left_is_ended_first(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.release("1.0.0")

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(operations, "terminate", interrupted)
        with pytest.raises(KeyboardInterrupt):
            world.prove()
    assert launches(world) == ["canary-files", "proof-files-1-0-0"]
    (proved,) = world.prove()
    assert not proved.earlier
    assert launches(world) == ["canary-files"]
