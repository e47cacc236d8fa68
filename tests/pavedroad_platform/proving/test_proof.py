import pytest

from pavedroad_platform.proving.proof import prove


def test_a_version_is_launched_tested_ended_and_recorded_once(world) -> None:
    world.release("1.0.0")
    clients, _ = world.as_role("catalog-test", "PavedRoadCatalogProof")
    seen = []
    (proved,) = prove(clients, world.organization, world.published, lambda name, event: seen.append((name, event)))
    assert (proved.product, proved.version, proved.earlier) == ("files", "1.0.0", False)
    names = {name for name, _ in seen}
    assert names == {"pavedroad-canaries", "files 1.0.0"}
    (again,) = prove(clients, world.organization, world.published, lambda name, event: pytest.fail(name))
    assert (again.earlier, again.proved) == (True, proved.proved)
    launches = clients.catalog.search_provisioned_products(AccessLevelFilter={"Key": "Account", "Value": "self"})
    assert [each["Name"] for each in launches["ProvisionedProducts"]] == ["canary-files"]


def test_the_kept_canary_is_upgraded_from_the_version_before(world) -> None:
    world.release("1.0.0")
    clients, _ = world.as_role("catalog-test", "PavedRoadCatalogProof")
    prove(clients, world.organization, world.published, lambda *_: None)
    before = clients.catalog.describe_provisioned_product(Name="canary-files")["ProvisionedProductDetail"]
    world.release("1.1.0")
    states = prove(clients, world.organization, world.published, lambda *_: None)
    assert [(each.version, each.earlier) for each in states] == [("1.0.0", True), ("1.1.0", False)]
    after = clients.catalog.describe_provisioned_product(Name="canary-files")["ProvisionedProductDetail"]
    assert after["Id"] == before["Id"]
    assert after["ProvisioningArtifactId"] != before["ProvisioningArtifactId"]
