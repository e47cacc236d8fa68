import re

import pytest

NOTHING = {"Ref": "AWS::NoValue"}


@pytest.fixture
def template(templates):
    return templates["static-website"]


@pytest.fixture
def distribution(template):
    resources = template["Resources"].values()
    (found,) = (each for each in resources if each["Type"] == "AWS::CloudFront::Distribution")
    return found["Properties"]["DistributionConfig"]


def test_the_form_decides_name_and_certificate(distribution) -> None:
    assert distribution["Aliases"] == [{"Ref": "DomainName"}]
    assert distribution["ViewerCertificate"] == {
        "AcmCertificateArn": {"Ref": "CertificateArn"},
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }


def test_what_is_missing_is_answered_as_the_kind_of_website_asks(distribution) -> None:
    assert distribution["CustomErrorResponses"] == [
        {
            "ErrorCachingMinTTL": 10,
            "ErrorCode": 404,
            "ResponseCode": {"Fn::If": ["IsSinglePageApplication", 200, 404]},
            "ResponsePagePath": {"Fn::If": ["IsSinglePageApplication", "/index.html", {"Ref": "ErrorPage"}]},
        }
    ]


def test_countries_are_restricted_only_where_asked(template, distribution) -> None:
    condition, unrestricted, restrictions = distribution["Restrictions"]["Fn::If"]
    assert (condition, unrestricted) == ("IsOpenToAllCountries", NOTHING)
    assert restrictions["GeoRestriction"] == {
        "RestrictionType": {"Fn::If": ["AllowsCountries", "whitelist", "blacklist"]},
        "Locations": {"Fn::Split": [",", {"Ref": "Countries"}]},
    }
    rule = template["Rules"]["CountriesAreNamed"]
    assert rule["RuleCondition"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "CountryRestriction"}, "NONE"]}]}
    (assertion,) = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Countries"}, ""]}]}


def test_a_firewall_stands_before_it_where_one_is_named(distribution) -> None:
    assert distribution["WebACLId"] == {"Fn::If": ["HasNoFirewall", NOTHING, {"Ref": "WebAclArn"}]}


def test_who_publishes_gets_the_rights_by_one_policy(template) -> None:
    resources = template["Resources"].values()
    (policy,) = (each["Properties"] for each in resources if each["Type"] == "AWS::IAM::ManagedPolicy")
    actions = [statement["Action"] for statement in policy["PolicyDocument"]["Statement"]]
    assert ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"] in actions
    assert not any("*" in str(each) for each in actions)


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("DomainName", "www.example.com", True),
        ("DomainName", "https://www.example.com", False),
        (
            "CertificateArn",
            "arn:aws:acm:eu-west-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef",
            False,
        ),
        ("Countries", "", True),
        ("Countries", "DE,FR", True),
        ("Countries", "DE, FR", False),
        ("ErrorPage", "404.html", False),
        ("ContentSecurityPolicy", "default-src 'self'\nX-Injected: 1", False),
    ],
)
def test_the_form_takes_only_what_cloudfront_takes(template, name, value, taken) -> None:
    assert bool(re.fullmatch(template["Parameters"][name]["AllowedPattern"], value)) is taken


def test_files_and_logs_keep_their_logical_ids(template) -> None:
    buckets = {k for k, r in template["Resources"].items() if r["Type"] == "AWS::S3::Bucket"}
    assert buckets == {"WebsiteBucketC16C64C8", "WebsiteLogs6800E9E7"}
