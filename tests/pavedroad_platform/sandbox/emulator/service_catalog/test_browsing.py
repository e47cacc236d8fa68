"""What a user finds in the catalogue, and what a launch asks for."""

from typing import Any

import pytest


def test_a_product_tells_its_versions_and_paths(catalogue: Any) -> None:
    shown = catalogue.user.describe_product(Name="Bucket")
    assert shown["ProductViewSummary"]["Owner"] == "Platform team"
    assert [version["Name"] for version in shown["ProvisioningArtifacts"]] == ["1.0.0", "1.1.0"]
    (path,) = catalogue.user.list_launch_paths(ProductId=catalogue.product)["LaunchPathSummaries"]
    assert path["Name"] == "Building blocks"
    assert [constraint["Type"] for constraint in path["ConstraintSummaries"]] == ["LAUNCH", "TEMPLATE"]


def test_search_is_full_text(catalogue: Any) -> None:
    def found(words: str) -> int:
        return len(catalogue.user.search_products(Filters={"FullTextSearch": [words]})["ProductViewSummaries"])

    assert (found("files"), found("database")) == (1, 0)


def test_parameters_tell_their_constraints(catalogue: Any) -> None:
    shown = catalogue.user.describe_provisioning_parameters(
        ProductId=catalogue.product, ProvisioningArtifactId=catalogue.versions[0]
    )
    parameters = {each["ParameterKey"]: each for each in shown["ProvisioningArtifactParameters"]}
    assert parameters["Days"]["ParameterConstraints"] == {"MaxValue": "400", "MinValue": "1"}
    assert parameters["Days"]["DefaultValue"] == "30"
    assert parameters["Name"]["ParameterConstraints"]["AllowedPattern"] == "[a-z-]{3,20}"
    assert parameters["Environment"]["ParameterConstraints"]["AllowedValues"] == ["development", "production"]
    assert shown["TagOptions"] == [{"Key": "cost-centre", "Values": ["4711", "4712"]}]


def test_a_deprecated_version_says_so_and_an_inactive_one_is_gone(catalogue: Any) -> None:
    def change(**settings: Any) -> None:
        catalogue.admin.update_provisioning_artifact(
            ProductId=catalogue.product, ProvisioningArtifactId=catalogue.versions[0], **settings
        )

    change(Guidance="DEPRECATED")
    versions = catalogue.user.describe_product(Id=catalogue.product)["ProvisioningArtifacts"]
    assert [version["Guidance"] for version in versions] == ["DEPRECATED", "DEFAULT"]
    change(Active=False)
    try:
        versions = catalogue.user.describe_product(Id=catalogue.product)["ProvisioningArtifacts"]
        assert [version["Name"] for version in versions] == ["1.1.0"]
        with pytest.raises(catalogue.user.exceptions.ResourceNotFoundException):
            catalogue.launch("late")
        detail = catalogue.admin.describe_provisioning_artifact(
            ProductId=catalogue.product, ProvisioningArtifactId=catalogue.versions[0]
        )["ProvisioningArtifactDetail"]
        assert (detail["Active"], detail["Guidance"]) == (False, "DEPRECATED")
    finally:
        change(Active=True, Guidance="DEFAULT")
