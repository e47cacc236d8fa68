from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import ValidatedCertificate
from pavedroad.arguments import InvalidArgumentsError

Findings = Callable[[cdk.Stack], list[str]]
Make = Callable[..., ValidatedCertificate]


@pytest.fixture
def make(stack: cdk.Stack) -> Make:
    zone = route53.HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id="Z1", zone_name="example.com")

    def certificate(**arguments: Any) -> ValidatedCertificate:
        chosen = {"domain_name": "orders.example.com", "hosted_zone": zone, **arguments}
        return ValidatedCertificate(stack, "Certificate", **chosen)

    return certificate


def properties(stack: cdk.Stack) -> dict[str, Any]:
    (found,) = Template.from_stack(stack).find_resources("AWS::CertificateManager::Certificate").values()
    result: dict[str, Any] = found["Properties"]
    return result


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


def test_is_validated_by_dns_in_the_zone_and_entered_in_the_public_logs(stack: cdk.Stack, make: Make) -> None:
    make()
    found = properties(stack)
    assert found["DomainName"] == "orders.example.com"
    assert found["ValidationMethod"] == "DNS"
    assert found["DomainValidationOptions"] == [{"DomainName": "orders.example.com", "HostedZoneId": "Z1"}]
    assert found["KeyAlgorithm"] == "RSA_2048"
    assert found.get("CertificateTransparencyLoggingPreference", "ENABLED") == "ENABLED"
    assert warnings(stack) == []


def test_packs_find_nothing(stack: cdk.Stack, make: Make, pack_findings: Findings) -> None:
    make()
    assert pack_findings(stack) == []


def test_further_names_are_validated_in_the_zone_too(stack: cdk.Stack, make: Make) -> None:
    make(alternative_names=["*.orders.example.com", "shop.example.com"])
    found = properties(stack)
    assert found["SubjectAlternativeNames"] == ["*.orders.example.com", "shop.example.com"]
    assert {option["HostedZoneId"] for option in found["DomainValidationOptions"]} == {"Z1"}


def test_elliptic_curves(stack: cdk.Stack, make: Make) -> None:
    make(key_algorithm="EC_prime256v1")
    assert properties(stack)["KeyAlgorithm"] == "EC_prime256v1"


def test_without_the_public_logs_a_warning_is_left(stack: cdk.Stack, make: Make) -> None:
    make(transparency_logging=False)
    assert properties(stack)["CertificateTransparencyLoggingPreference"] == "DISABLED"
    assert ["pavedroad:certificate-not-transparent" in text for text in warnings(stack)] == [True]


@pytest.mark.parametrize(("arguments", "threshold"), [({}, 45), ({"days_to_expiry": 30}, 30)])
def test_alarm_goes_off_before_the_certificate_expires(
    stack: cdk.Stack, make: Make, arguments: dict[str, float], threshold: float
) -> None:
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:on-call")
    certificate = make()
    assert len(certificate.add_alarms(topic, **arguments)) == 1
    Template.from_stack(stack).has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "Namespace": "AWS/CertificateManager",
            "MetricName": "DaysToExpiry",
            "Dimensions": [{"Name": "CertificateArn", "Value": stack.resolve(certificate.certificate.certificate_arn)}],
            "Threshold": threshold,
            "ComparisonOperator": "LessThanThreshold",
            "Statistic": "Minimum",
            "Period": 86400,
            "AlarmActions": [topic.topic_arn],
        },
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"domain_name": "Orders"}, "domain_name='Orders': must be a domain name in lower case"),
        ({"domain_name": "a.*.example.com"}, r"domain_name='a\.\*\.example\.com': must be a domain name"),
        ({"alternative_names": ["http://x"]}, "alternative_names='http://x': must be a domain name"),
        ({"alternative_names": ["a.example.com"] * 10}, "alternative_names=10: must be from 0 to 9"),
        (
            {"key_algorithm": "RSA_1024"},
            "key_algorithm='RSA_1024': must be one of EC_prime256v1, EC_secp384r1",
        ),
    ],
)
def test_bad_arguments_are_refused(make: Make, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        make(**arguments)


def test_bad_arguments_are_told_at_once(make: Make) -> None:
    with pytest.raises(InvalidArgumentsError) as refused:
        make(domain_name="Orders", key_algorithm="RSA_1024")
    assert all(name in str(refused.value) for name in ("domain_name=", "key_algorithm="))


def test_validation_by_dns_cannot_be_undone(stack: cdk.Stack, make: Make) -> None:
    resource = make().certificate.node.default_child
    assert isinstance(resource, acm.CfnCertificate)
    resource.validation_method = "EMAIL"
    with pytest.raises(RuntimeError, match="ValidatedCertificate renews itself, which takes validation by DNS"):
        Template.from_stack(stack)


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    zone = route53.HostedZone.from_hosted_zone_attributes(
        product, "Zone", hosted_zone_id=text("ZoneId"), zone_name=text("ZoneName")
    )
    ValidatedCertificate(
        product,
        "Certificate",
        domain_name=text("Domain"),
        hosted_zone=zone,
        alternative_names=[text("Alternative")],
        key_algorithm=text("Algorithm"),
    )
    found = product_template()["Resources"]
    (certificate,) = [it for it in found.values() if it["Type"] == "AWS::CertificateManager::Certificate"]
    options = certificate["Properties"]["DomainValidationOptions"]
    assert [option["DomainName"] for option in options] == [{"Ref": "Domain"}, {"Ref": "Alternative"}]
    assert certificate["Properties"]["KeyAlgorithm"] == {"Ref": "Algorithm"}
    assert len(found) == 1


def test_logical_id_is_a_contract(stack: cdk.Stack, make: Make) -> None:
    make()
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {"Certificate653D1270"}
