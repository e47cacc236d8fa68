from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.product import ProductOutput
from pavedroad_platform.proving.inputs import canary_inputs, in_order


def test_defaults_are_left_to_the_form() -> None:
    assert canary_inputs(products.load("secure-bucket"), {}) == {}


def test_a_value_comes_from_the_configuration_then_the_product_then_the_example() -> None:
    inputs = canary_inputs(products.load("fargate-service"), {"CertificateArn": "arn:aws:acm:own"})
    assert inputs["CertificateArn"] == "arn:aws:acm:own"
    assert inputs["VpcId"] == ProductOutput(product="network", output="VpcId")
    assert inputs["DeletionProtection"] == "false"
    assert inputs["AlarmEmail"] == "orders@example.com"


def test_what_an_older_form_does_not_have_is_left_out() -> None:
    assert canary_inputs(products.load("database"), {}, form=["VpcId"]).keys() == {"VpcId"}


def test_a_product_comes_after_those_whose_outputs_it_takes() -> None:
    order = [product.key for product in in_order(map(products.load, products.KEYS))]
    assert order.index("network") < order.index("fargate-service") < order.index("delivery-pipeline")


def test_every_output_that_a_canary_takes_is_one_of_the_other_product() -> None:
    for product in map(products.load, products.KEYS):
        for parameter in product.parameters:
            if isinstance(parameter.canary, ProductOutput):
                outputs = {output.name for output in products.load(parameter.canary.product).outputs}
                assert parameter.canary.output in outputs, f"{product.key}: {parameter.name}"
