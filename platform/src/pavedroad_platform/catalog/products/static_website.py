"""The product static-website: files that browsers read, under a name of the team's own."""

from collections.abc import Mapping

from aws_cdk import Aws, CfnCondition, Duration, Fn, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam

from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad.security.keys import rotated_key
from pavedroad.web.security_headers import SecurityHeaders
from pavedroad.web.static_website import StaticWebsite
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.product import CANARY_NAME, Output, Parameter, Parameters, Product, Rule

_NAME = "Name"
_PAGES = "Pages"
_VISITORS = "Visitors"
_DELIVERY = "Delivery"

_KINDS = ("PAGES", "SINGLE_PAGE_APPLICATION")
_RESTRICTIONS = ("NONE", "ALLOW", "BLOCK")
_PRICE_CLASSES = ("PriceClass_All", "PriceClass_200", "PriceClass_100")


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    values = {name: parameter.value_as_string for name, parameter in parameters.items() if parameter.type == "String"}
    key = rotated_key(stack, "Key", description="Encrypts the website's files and alarms")
    is_application = _condition(stack, "IsSinglePageApplication", values["Kind"], _KINDS[1])
    has_no_firewall = _condition(stack, "HasNoFirewall", values["WebAclArn"], "")
    website = StaticWebsite(
        stack,
        "Website",
        domain_names=[values["DomainName"]],
        certificate_arn=values["CertificateArn"],
        web_acl_arn=Fn.condition_if(has_no_firewall, Aws.NO_VALUE, values["WebAclArn"]).to_string(),
        error_page=Fn.condition_if(is_application, "/index.html", values["ErrorPage"]).to_string(),
        headers=SecurityHeaders(content_security_policy=values["ContentSecurityPolicy"]),
        encryption_key=key,
        log_retention=Duration.days(parameters["LogRetentionDays"].value_as_number),
    )
    topic = alarm_topic(stack, encryption_key=key, email=values[ALARM_EMAIL_PARAMETER.name])
    website.add_alarms(topic)
    _deliver_as_asked(stack, website, parameters, values, is_application)
    return {
        "DistributionDomainName": website.distribution.distribution_domain_name,
        "DistributionId": website.distribution.distribution_id,
        "BucketName": website.bucket.bucket_name,
        "PublishPolicyArn": _publish_policy(stack, website).managed_policy_arn,
        "LogBucketName": website.log_bucket.bucket_name,
    }


def _deliver_as_asked(
    stack: Stack, website: StaticWebsite, parameters: Parameters, values: Mapping[str, str], is_application: str
) -> None:
    """Set what a construct decides in Python and a form at launch on the distribution itself."""
    is_open = _condition(stack, "IsOpenToAllCountries", values["CountryRestriction"], "NONE")
    allows = _condition(stack, "AllowsCountries", values["CountryRestriction"], "ALLOW")
    restriction = {
        "RestrictionType": Fn.condition_if(allows, "whitelist", "blacklist"),
        "Locations": Fn.split(",", values["Countries"]),
    }
    for scope, finding in (
        (parameters["Countries"], "cfn-lint::W1033"),
        (website.distribution, "cloudformation-validate::W3030"),
    ):
        acknowledge(
            scope,
            finding,
            "Nothing never reaches the property: the whole restriction is left out then, and the rule "
            "CountriesAreNamed refuses a restriction without countries.",
        )
    distribution = website.distribution.node.default_child
    assert isinstance(distribution, cloudfront.CfnDistribution)
    for name, value in (
        ("CustomErrorResponses.0.ResponseCode", Fn.condition_if(is_application, 200, 404)),
        ("PriceClass", values["PriceClass"]),
        ("Restrictions", Fn.condition_if(is_open, Aws.NO_VALUE, {"GeoRestriction": restriction})),
    ):
        distribution.add_property_override(f"DistributionConfig.{name}", value)


def _publish_policy(stack: Stack, website: StaticWebsite) -> iam.ManagedPolicy:
    policy = iam.ManagedPolicy(stack, "Publish", description="Uploads the files of a website and invalidates old ones")
    website.grant_publish(policy)
    acknowledge_resource(
        policy, website.bucket.arn_for_objects("*"), "Who publishes a website replaces any of its files."
    )
    return policy


def _condition(stack: Stack, name: str, value: str, equals: str) -> str:
    return CfnCondition(stack, name, expression=Fn.condition_equals(value, equals)).logical_id


PRODUCT = Product(
    key="static-website",
    title="Static website",
    version="1.0.0",
    summary=(
        "Files that CloudFront delivers from a private bucket: under a name of one's own, over TLS, with security"
        " headers, for a website of pages or a single-page application."
    ),
    parameters=(
        Parameter(
            name="DomainName",
            label="Domain name",
            group=_NAME,
            help="The name that visitors call. Its DNS alias to the output DistributionDomainName is yours to make.",
            example="www.example.com",
            canary=f"{CANARY_NAME}.example.com",
            pattern=r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
            constraint="A domain name in lower case, such as www.example.com.",
            maximum=253,
        ),
        Parameter(
            name="CertificateArn",
            label="Certificate",
            group=_NAME,
            help="The ACM certificate of the name, in us-east-1, where CloudFront reads it.",
            example="arn:aws:acm:us-east-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef",
            pattern=r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[a-f0-9-]{36}",
            constraint="The ARN of an ACM certificate in us-east-1.",
        ),
        Parameter(
            name="Kind",
            label="Kind of website",
            group=_PAGES,
            help=(
                "PAGES: each path has a file, and a folder an index.html. SINGLE_PAGE_APPLICATION: the index.html"
                " answers every path that has no file."
            ),
            default="PAGES",
            allowed_values=_KINDS,
            constraint=f"Either {_KINDS[0]} or {_KINDS[1]}.",
        ),
        Parameter(
            name="ErrorPage",
            label="Page for what is not found",
            group=_PAGES,
            help="The path of the file that is shown where a page is missing. It counts for PAGES only.",
            default="/404.html",
            pattern=r"/[A-Za-z0-9/._~-]{1,254}",
            constraint="A path that begins with a slash, such as /404.html.",
        ),
        Parameter(
            name="ContentSecurityPolicy",
            label="Content security policy",
            group=_PAGES,
            help="Where scripts, styles, images and frames may come from. As it is: from the website itself alone.",
            default=SecurityHeaders().content_security_policy,
            pattern=r"[ -~]{1,1783}",
            constraint="A Content-Security-Policy in one line.",
        ),
        Parameter(
            name="CountryRestriction",
            label="Restrict countries",
            group=_VISITORS,
            help="NONE: visitors of all countries. ALLOW: of the named ones only. BLOCK: of all but the named ones.",
            default="NONE",
            allowed_values=_RESTRICTIONS,
            constraint=f"One of {', '.join(_RESTRICTIONS)}.",
        ),
        Parameter(
            name="Countries",
            label="Countries",
            group=_VISITORS,
            help="Codes of two letters, with commas between them. They count where countries are allowed or blocked.",
            default="",
            pattern="([A-Z]{2}(,[A-Z]{2})*)?",
            constraint="Codes of two capital letters with commas between them, such as DE,FR.",
        ),
        Parameter(
            name="WebAclArn",
            label="Firewall",
            group=_VISITORS,
            help="The web ACL for CloudFront, in us-east-1, that looks at requests first. Left empty: none.",
            default="",
            pattern=r"(arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global/webacl/[\w-]+/[a-f0-9-]{36})?",
            constraint="The ARN of a web ACL for CloudFront, or nothing.",
        ),
        Parameter(
            name="PriceClass",
            label="Price class",
            group=_DELIVERY,
            help=(
                "PriceClass_All: all edge locations. PriceClass_200: without South America, Australia and New Zealand."
                " PriceClass_100: North America, Europe and Israel; visitors elsewhere wait longer."
            ),
            default="PriceClass_All",
            allowed_values=_PRICE_CLASSES,
            constraint=f"One of {', '.join(_PRICE_CLASSES)}.",
        ),
        Parameter(
            name="LogRetentionDays",
            label="Days to keep logs",
            group=_DELIVERY,
            help="How many days it can be read who asked for what. Logs hold the visitors' addresses.",
            type="Number",
            default=365,
            minimum=30,
            maximum=3650,
        ),
        ALARM_EMAIL_PARAMETER,
    ),
    rules=(
        Rule(
            name="CountriesAreNamed",
            description="Name in Countries the countries that CountryRestriction allows or blocks.",
            assertion=lambda parameters: Fn.condition_not(
                Fn.condition_equals(parameters["Countries"].value_as_string, "")
            ),
            condition=lambda parameters: Fn.condition_not(
                Fn.condition_equals(parameters["CountryRestriction"].value_as_string, "NONE")
            ),
        ),
    ),
    outputs=(
        Output(name="DistributionDomainName", purpose="The target of the DNS alias of the website's name."),
        Output(name="DistributionId", purpose="Whose cached files are invalidated after files were uploaded."),
        Output(name="BucketName", purpose="The bucket that files are uploaded to."),
        Output(
            name="PublishPolicyArn", purpose="Attach it to the role that uploads files and invalidates cached ones."
        ),
        Output(name="LogBucketName", purpose="Tells who asked for what: beneath distribution/ and bucket/."),
    ),
    build=_build,
)
