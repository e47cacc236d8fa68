"""What a canary is launched with: the form's values, unless the product or the configuration says another."""

from typing import Any

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.product import Parameter, Product, ProductOutput
from pavedroad_platform.proving.inputs import canary_inputs, in_order

FIELD: dict[str, Any] = {"label": "Size", "group": "Size", "help": "How large it is."}
LINK = ProductOutput(product="network", output="VpcId")
PRODUCT = Product(
    key="files",
    title="Files",
    version="1.0.0",
    summary="A place for files.",
    parameters=(
        Parameter(name="Days", default=30, **FIELD),
        Parameter(name="Purpose", example="documents", **FIELD),
        Parameter(name="VpcId", example="vpc-0123456789abcdef0", canary=LINK, **FIELD),
        Parameter(name="Protected", default="true", canary="false", **FIELD),
        Parameter(name="Domain", example="www.example.com", canary="{name}.example.com", **FIELD),
    ),
    outputs=(),
    build=lambda _stack, _parameters: {},
)


def test_defaults_stay_and_everything_else_is_said() -> None:
    assert canary_inputs(PRODUCT, {}, name="canary-files") == {
        "Purpose": "documents",
        "VpcId": LINK,
        "Protected": "false",
        "Domain": "canary-files.example.com",
    }


def test_what_the_configuration_says_comes_first_and_may_hold_the_name_too() -> None:
    configured = {"Days": "7", "Domain": "{name}.canaries.example.org"}
    inputs = canary_inputs(PRODUCT, configured, name="proof-files-1-0-0")
    assert (inputs["Days"], inputs["Domain"]) == ("7", "proof-files-1-0-0.canaries.example.org")


def test_what_the_launched_version_does_not_ask_for_is_left_out() -> None:
    assert canary_inputs(PRODUCT, {}, name="canary-files", form=["Purpose"]) == {"Purpose": "documents"}


def test_two_canaries_of_a_website_have_two_names() -> None:
    website = products.load("static-website")
    names = {str(canary_inputs(website, {}, name=name)["DomainName"]) for name in ("canary-a", "proof-a-1-0-0")}
    assert len(names) == 2


def test_every_output_that_a_canary_takes_is_one_of_a_product_before_it() -> None:
    seen: set[ProductOutput] = set()
    for product in in_order(map(products.load, products.KEYS)):
        taken = {each.canary for each in product.parameters if isinstance(each.canary, ProductOutput)}
        assert taken <= seen
        seen |= {ProductOutput(product=product.key, output=output.name) for output in product.outputs}


def test_no_default_keeps_a_canary_from_ending() -> None:
    for product in map(products.load, products.KEYS):
        inputs = canary_inputs(product, {}, name="canary")
        assert inputs.get("DeletionProtection", "false") == "false", product.key
