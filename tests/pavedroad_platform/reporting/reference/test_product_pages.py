"""The page of a product tells everything that a team asks before it launches, from what is frozen."""

import json
from collections.abc import Mapping

import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.changelog import changelog
from pavedroad_platform.catalog.permissions import permissions
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.organization import Organization
from pavedroad_platform.reporting.reference.product_pages.controls import constructs_of
from pavedroad_platform.reporting.reference.product_pages.pages import product_pages

BUCKET = "secure-bucket"
HEADINGS = (
    "Launch",
    "Parameters",
    "Outputs",
    "Resources",
    "Permissions",
    "Controls",
    "Monthly cost",
    "Upgrade",
    "Changelog",
)


@pytest.fixture(scope="module")
def pages(organization: Organization) -> Mapping[str, str]:
    catalog = [(products.load(key), Releases(key)) for key in products.KEYS]
    return {path.as_posix(): text for path, text in product_pages(catalog, organization).items()}


def pages_of(releases: Releases, organization: Organization) -> dict[str, str]:
    """The pages of a bucket that has other releases than the catalogue's."""
    templates = {version: releases.template(version) for version in releases.digests}
    releases.changelog.write_text(changelog("Secure bucket", templates))
    written = product_pages([(products.load(BUCKET), releases)], organization)
    return {path.as_posix(): text for path, text in written.items()}


@pytest.fixture(scope="module")
def one_release(organization: Organization, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    releases = Releases(BUCKET, tmp_path_factory.mktemp("one"))
    releases.add("1.0.0", newest_text(BUCKET))
    return pages_of(releases, organization)


@pytest.fixture(scope="module")
def two_releases(organization: Organization, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """One field of the second release takes fewer values."""
    releases = Releases(BUCKET, tmp_path_factory.mktemp("two"))
    releases.add("1.0.0", newest_text(BUCKET))
    template = releases.template("1.0.0")
    template["Parameters"]["Events"] |= {"AllowedValues": ["ON"], "Default": "ON"}
    releases.add("2.0.0", json.dumps(template))
    return pages_of(releases, organization)


def newest_text(key: str) -> str:
    releases = Releases(key)
    return releases.text(str(releases.newest))


def section(page: str, heading: str) -> str:
    return page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("key", products.KEYS)
def test_every_product_has_its_page_and_its_line_in_the_index(pages: Mapping[str, str], key: str) -> None:
    product = products.load(key)
    assert product.documentation == f"docs/products/{key}.md"
    page = pages[f"{key}.md"]
    assert f"\n# {product.title} {Releases(key).newest}\n" in page
    assert f"[{product.title}]({key}.md)" in pages["README.md"]
    for heading in (
        "Launch",
        "Parameters",
        "Resources",
        "Permissions",
        "Controls",
        "Monthly cost",
        "Upgrade",
        "Changelog",
    ):
        assert section(page, heading).strip(), heading


@pytest.mark.parametrize("key", products.KEYS)
def test_every_field_output_type_action_and_construct_is_there(pages: Mapping[str, str], key: str) -> None:
    page, releases = pages[f"{key}.md"], Releases(key)
    template = releases.template(str(releases.newest))
    for name, parameter in template["Parameters"].items():
        row = next(line for line in section(page, "Parameters").splitlines() if f"| `{name}` |" in line)
        assert ("to fill in" in row) == ("Default" not in parameter)
        assert all(f"`{value}`" in row for value in parameter.get("AllowedValues", ()))
    assert all(f"| `{name}` |" in section(page, "Outputs") for name in template["Outputs"])
    for resource in template["Resources"].values():
        assert f"| `{resource['Type']}` |" in section(page, "Resources")
    actions = {permission.action.partition(":")[2] for permission in permissions([template])}
    assert actions <= set(section(page, "Permissions").replace(",", " ").split())
    assert constructs_of(key)
    assert all(f"reference/constructs.md#{name.lower()})" in section(page, "Controls") for name in constructs_of(key))


def test_the_command_fills_in_what_has_no_default_and_chooses_the_tags(pages: Mapping[str, str]) -> None:
    assert (
        "```text\n"
        f"pavedroad launch network my-network --version {Releases('network').newest} \\\n"
        "  --set AddressRange=10.64.0.0/18 \\\n"
        "  --tag lifetime=permanent\n"
        "```\n"
    ) in section(pages["network.md"], "Launch")
    console = section(pages["network.md"], "Launch")
    assert "Choose **network** of the portfolio **Foundations**" in console
    assert "Fill in **Address range**; all else has a default. Choose the tag `lifetime`." in console
    assert "Every field has a default." in pages["secure-bucket.md"]


def test_it_says_whom_to_ask_and_who_may_launch(pages: Mapping[str, str]) -> None:
    facts = pages["secure-bucket.md"].partition("\n## ")[0]
    assert "| owner and support | Platform Engineering, [platform@example.com](mailto:platform@example.com) |" in facts
    assert "portfolio Building blocks to `PavedRoadDeveloper`, `PavedRoadPlatformEngineer`" in facts


def test_the_cost_is_a_hint_of_the_defaults_that_tells_fixed_cost_from_usage(pages: Mapping[str, str]) -> None:
    cost = section(pages["network.md"], "Monthly cost")
    assert "A hint, not a quote: list prices of eu-west-1 on demand" in cost
    assert "| NAT gateway | 3 | 105.12 |" in cost, "the form's default is one in each zone"
    assert "interface endpoint in a zone" not in cost, "the form's default is none"
    assert "| `AWS::EC2::NatGateway` | 0.048 USD for each GB that passes |" in cost


def test_rules_alarms_and_roles_are_told(pages: Mapping[str, str]) -> None:
    page = pages["fargate-service.md"]
    assert "- Choose in PublicSubnetIds only subnets of the network that is chosen in VpcId.\n" in page
    assert "- The service answers with 5xx. Look at the application's log and the last deployment.\n" in page
    assert "| `ecs-tasks.amazonaws.com` | Starts the tasks of Service: image, secrets, log |" in page


def test_a_release_keeps_its_page_when_a_newer_one_comes(
    two_releases: Mapping[str, str], one_release: Mapping[str, str]
) -> None:
    assert set(two_releases) == {"README.md", "secure-bucket.md", "secure-bucket/1.0.0.md"}
    newest, before = two_releases["secure-bucket.md"], two_releases["secure-bucket/1.0.0.md"]
    assert "| releases | **2.0.0** (this page), [1.0.0](secure-bucket/1.0.0.md) (active) |" in newest
    assert "| releases | [2.0.0](../secure-bucket.md) (active), **1.0.0** (this page) |" in before
    assert "../../../platform/catalog/secure-bucket/1.0.0.template.json" in before
    for heading in ("Parameters", "Outputs", "Resources"):
        assert section(before, heading) == section(one_release["secure-bucket.md"], heading)
    assert "--version 1.0.0" in section(before, "Launch")
    assert section(before, "Upgrade") == section(before, "Changelog") == "", "those of the newest release count"


def test_the_upgrade_from_each_release_says_what_changes_and_what_to_do(two_releases: Mapping[str, str]) -> None:
    upgrade = section(two_releases["secure-bucket.md"], "Upgrade")
    assert "pavedroad upgrade my-secure-bucket --version 2.0.0\n" in upgrade
    assert "### From 1.0.0: major\n\n- Parameter Events lost the value OFF. " in upgrade
    changes = section(two_releases["secure-bucket.md"], "Changelog")
    assert (
        changes.index("### 2.0.0\n")
        < changes.index("#### Major: read this before you upgrade")
        < changes.index("### 1.0.0\n")
    )


def test_a_first_release_says_that_there_is_nothing_to_upgrade_from(one_release: Mapping[str, str]) -> None:
    assert "1.0.0 is the only release that is offered" in section(one_release["secure-bucket.md"], "Upgrade")


def test_a_construct_that_another_module_of_the_catalogue_uses_counts_too() -> None:
    assert constructs_of("secure-bucket") == ["SecureBucket"]
    assert constructs_of("no-such-product") == []
