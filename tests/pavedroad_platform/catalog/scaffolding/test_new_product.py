"""A new product works as it is written; what cannot work is refused, and then nothing is written."""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pavedroad_platform.catalog.product import Product
from pavedroad_platform.catalog.scaffolding.new_product import NewProduct, new_product, next_steps
from pavedroad_platform.checks.cloudformation import CloudFormationValidate
from pavedroad_platform.checks.gate import run_checks
from pavedroad_platform.checks.nag import NagPacks
from pavedroad_platform.checks.rules.own_rules import OwnRules
from pavedroad_platform.checks.templates import product_template
from pavedroad_platform.errors import PlatformError

ROOT = Path(__file__).resolve().parents[4]
PRODUCTS = Path("platform/src/pavedroad_platform/catalog/products")
TESTS = Path("tests/pavedroad_platform/catalog/products")
CATALOG = Path("platform/organization/catalog.yaml")
COMMENTED = """\
# What the catalogue offers.
products:
  network: {}  # every account needs one
  secure-bucket: {}

# Who gets what.
portfolios:
  building-blocks:
    name: "Building blocks"
    description: What applications are built of.
    provider: Platform Engineering
    products: [network, secure-bucket]  # in this order
    principals: [PavedRoadDeveloper]
"""


def checkout_in(directory: Path) -> Path:
    for folder in (PRODUCTS, TESTS, CATALOG.parent):
        (directory / folder).mkdir(parents=True)
    (directory / CATALOG).write_text(COMMENTED)
    (directory / PRODUCTS / "__init__.py").write_text('"""Products."""\n')
    shutil.copy(ROOT / "pyproject.toml", directory)
    return directory


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What of a checkout the command reads and writes."""
    return checkout_in(tmp_path)


@dataclass(frozen=True)
class Written:
    """Two products that were written: one stands in a network, and one does not."""

    root: Path
    made: Mapping[str, NewProduct]
    products: Mapping[str, Product]
    templates: Mapping[str, Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    root = checkout_in(tmp_path_factory.mktemp("checkout"))
    made = {
        "image-store": new_product("image-store", "ContainerRepository", portfolio="building-blocks", root=root),
        "document-store": new_product("document-store", "DocumentDatabase", title="Documents", root=root),
    }
    products = {key: loaded(root / PRODUCTS / f"{key.replace('-', '_')}.py") for key in made}
    return Written(root, made, products, {key: product_template(product) for key, product in products.items()})


def loaded(path: Path) -> Product:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    product: Product = module.PRODUCT
    return product


def contents(root: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in sorted(root.rglob("*.*"))}


def refusal(root: Path, key: str, construct: str, **options: str) -> str:
    """What the command says; and it writes nothing."""
    before = contents(root)
    with pytest.raises(PlatformError) as failure:
        new_product(key, construct, root=root, **options)
    assert contents(root) == before
    return str(failure.value)


def test_the_form_has_the_arguments_that_a_launch_can_decide_with_their_texts_and_limits(written: Written) -> None:
    days, images = written.products["image-store"].parameters
    assert (days.name, days.type, days.default, days.minimum, days.maximum) == (
        "UntaggedExpirationDays",
        "Number",
        14,
        1,
        3650,
    )
    assert (days.label, days.help) == (
        "Untagged expiration in days",
        "How long images without a tag are kept, in days.",
    )
    assert (images.name, images.default, images.maximum) == ("TaggedImages", 200, 100_000)
    engine = written.products["document-store"].parameters[0]
    assert (engine.default, engine.pattern, engine.constraint) == (
        "5.0.0",
        r"[458]\.0\.0",
        "4.0.0, 5.0.0 or 8.0.0.",
    )


def test_a_construct_that_stands_in_a_network_asks_for_it(written: Written) -> None:
    product = written.products["document-store"]
    assert [parameter.name for parameter in product.parameters][-2:] == ["VpcId", "SubnetIds"]
    assert [rule.name for rule in product.rules] == ["SubnetIdsInVpc"]


def test_each_field_decides_something_and_what_decides_nothing_is_no_field(written: Written) -> None:
    for key, made in written.made.items():
        resources = json.dumps(written.templates[key].body["Resources"])
        assert made.fields
        assert all(json.dumps({"Ref": name}) in resources for name in made.fields)
    assert "instances" in written.made["document-store"].left_out, "Python counts the instances"
    assert written.made["image-store"].left_out["repository_name"].startswith("left out it means something")


def test_it_hands_out_what_stands(written: Written) -> None:
    outputs = written.templates["image-store"].body["Outputs"]
    assert set(outputs) == {"RepositoryName", "RepositoryArn", "EncryptionKeyArn"}
    assert outputs["RepositoryArn"]["Description"] == "The ARN of the repository."


def test_the_checks_of_finished_templates_find_nothing(written: Written) -> None:
    checks = [OwnRules(), CloudFormationValidate(), NagPacks()]
    outcomes = run_checks(checks, list(written.templates.values()), lambda _: None)
    assert [str(finding) for outcome in outcomes for finding in outcome.unanswered] == []


def test_the_files_are_as_ruff_wants_them(written: Written) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    for command in ([ruff, "check"], [ruff, "format", "--check"]):
        done = subprocess.run(command, cwd=written.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_its_own_test_holds(written: Written) -> None:
    for key, made in written.made.items():
        path = next(path for path in made.files if path.name.startswith("test_"))
        names: dict[str, Any] = {}
        exec(compile(path.read_text(), str(path), "exec"), names)
        for name in [name for name in names if name.startswith("test_")]:
            names[name](written.templates[key].body)
        gone = {**written.templates[key].body, "Resources": {}}
        with pytest.raises(AssertionError):
            names["test_what_stands_keeps_its_logical_id"](gone)


def test_the_configuration_keeps_its_comments_and_gets_one_line(checkout: Path) -> None:
    new_product("order-archive", "SecureBucket", root=checkout)
    line = "  secure-bucket: {}\n"
    assert (checkout / CATALOG).read_text() == COMMENTED.replace(line, f"{line}  order-archive: {{}}\n")


def test_a_portfolio_offers_it_where_one_is_named(written: Written) -> None:
    text = (written.root / CATALOG).read_text()
    assert "    products: [network, secure-bucket, image-store] # in this order\n" in text
    steps = next_steps("image-store", written.made["image-store"], "building-blocks")
    assert not any("portfolio" in step for step in steps)
    steps = next_steps("document-store", written.made["document-store"], None)
    assert [step.rpartition(": ")[2] for step in steps[1:]] == [
        "pavedroad check --templates-only --only product-document-store",
        "platform/src/pavedroad_platform/catalog/acceptance/document_store.py",
        "pavedroad catalog freeze",
        "pavedroad validate",
        "pavedroad reference",
        "pavedroad catalog diff document-store",
    ]


@pytest.mark.parametrize(
    "place", [PRODUCTS / "archive.py", TESTS / "test_archive.py", Path("platform/catalog/archive")]
)
def test_a_product_that_there_is_already_is_refused(checkout: Path, place: Path) -> None:
    if place.suffix:
        (checkout / place).write_text("# here")
    else:
        (checkout / place).mkdir(parents=True)
    told = refusal(checkout, "archive", "SecureBucket")
    assert told == f"{checkout / place}: KEY: there is a product archive already\n    Choose another key."


def test_a_product_that_is_offered_already_is_refused(checkout: Path) -> None:
    assert "products.network: a product network is offered already" in refusal(checkout, "network", "SecureBucket")


def test_everything_that_is_wrong_is_told_at_once(checkout: Path) -> None:
    assert refusal(checkout, "Order_Archive", "SecureBuckt", portfolio="building-block") == (
        "KEY: 'Order_Archive' is no key of a product: it is not lower-case words with hyphens between them\n"
        "    Write it like order-archive.\n"
        "--construct: the library has no construct SecureBuckt\n"
        "    Did you mean SecureBucket?\n"
        f"{checkout / CATALOG}: --portfolio: there is no portfolio building-block\n"
        "    Did you mean building-blocks?"
    )


def test_a_construct_that_needs_more_than_a_form_can_ask_for_is_refused(checkout: Path) -> None:
    told = refusal(checkout, "parcels", "DeliveryPipeline")
    assert "DeliveryPipeline needs source (Source), which no form can ask for" in told
    assert "DeliveryPipeline needs stages (Sequence[DeploymentStage]), which no form can ask for" in told
    told = refusal(checkout, "parcels", "ApplicationSecret")
    assert "ApplicationSecret cannot be built from a form alone: " in told
    assert "no_rotation_reason=None: give either it or rotation_function" in told


def test_a_directory_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="there is no configuration of a catalogue"):
        new_product("order-archive", "SecureBucket", root=tmp_path)


def test_what_cannot_be_written_leaves_nothing_behind(checkout: Path) -> None:
    shutil.rmtree(checkout / TESTS)
    told = refusal(checkout, "order-archive", "SecureBucket")
    assert "it cannot be written: No such file or directory" in told
    assert "nothing was changed" in told
