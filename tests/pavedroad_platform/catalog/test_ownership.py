import aws_cdk as cdk
from aws_cdk.assertions import Template

from pavedroad.governance.mandatory_tags import MandatoryTags
from pavedroad_platform.catalog.ownership import OWNERSHIP_PARAMETERS, OwnershipParameters

TAGS = MandatoryTags(
    application="order-service",
    team="orders",
    environment="production",
    cost_centre="2000",
    data_classification="confidential",
)


def test_every_form_reads_what_the_account_says(stack: cdk.Stack) -> None:
    OwnershipParameters(stack, "OwnershipParameters", tags=TAGS)
    made = Template.from_stack(stack).find_resources("AWS::SSM::Parameter").values()
    values = {parameter["Properties"]["Name"]: parameter["Properties"]["Value"] for parameter in made}
    assert values == {
        "/paved-road/tags/application": "order-service",
        "/paved-road/tags/team": "orders",
        "/paved-road/tags/environment": "production",
        "/paved-road/tags/cost-centre": "2000",
    }
    read = {p.default for p in OWNERSHIP_PARAMETERS if p.type == "AWS::SSM::Parameter::Value<String>"}
    assert read == set(values)
