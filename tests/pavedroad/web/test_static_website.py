import json
import os
import subprocess
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import ServiceDashboard, StaticWebsite
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.observability.cloudwatch.service_dashboard import DashboardRow
from pavedroad.web.alarms import StaticWebsiteAlarmThresholds
from pavedroad.web.security_headers import SecurityHeaders

Findings = Callable[[cdk.Stack], list[str]]

CERTIFICATE = "arn:aws:acm:us-east-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef"
WEB_ACL = "arn:aws:wafv2:us-east-1:111111111111:global/webacl/website/01234567-89ab"
NAMED: dict[str, Any] = {
    "domain_names": ["www.example.com"],
    "certificate_arn": CERTIFICATE,
    "web_acl_arn": WEB_ACL,
}


def properties(stack: cdk.Stack, resource_type: str) -> dict[str, Any]:
    (resource,) = Template.from_stack(stack).find_resources(resource_type).values()
    found: dict[str, Any] = resource["Properties"]
    return found


def distribution(stack: cdk.Stack) -> dict[str, Any]:
    found: dict[str, Any] = properties(stack, "AWS::CloudFront::Distribution")["DistributionConfig"]
    return found


def bucket(stack: cdk.Stack, logical_id: str = "WebsiteBucketC16C64C8") -> dict[str, Any]:
    found: dict[str, Any] = Template.from_stack(stack).to_json()["Resources"][logical_id]["Properties"]
    return found


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


class TestDefaultShape:
    def test_is_delivered_from_a_private_encrypted_bucket_that_one_distribution_reads(self, stack: cdk.Stack) -> None:
        website = StaticWebsite(stack, "Website", **NAMED)
        (origin,) = distribution(stack)["Origins"]
        assert origin["OriginAccessControlId"] == {"Fn::GetAtt": ["WebsiteOriginAccessControlEF53A70B", "Id"]}
        control = properties(stack, "AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]
        assert (control["SigningBehavior"], control["SigningProtocol"]) == ("always", "sigv4")
        assert set(bucket(stack)["PublicAccessBlockConfiguration"].values()) == {True}
        policy = Template.from_stack(stack).to_json()["Resources"]["WebsiteBucketPolicy4262768B"]["Properties"]
        (admitted,) = (each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow")
        assert admitted["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        distribution_id = stack.resolve(website.distribution.distribution_id)
        assert distribution_id in admitted["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Join"][1]

    def test_distributions_of_this_account_alone_use_the_key(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website", **NAMED)
        statements = properties(stack, "AWS::KMS::Key")["KeyPolicy"]["Statement"]
        (admitted,) = (each for each in statements if "Service" in each["Principal"])
        assert admitted["Action"] == "kms:Decrypt"
        assert {"Ref": "AWS::AccountId"} in admitted["Condition"]["ArnLike"]["AWS:SourceArn"]["Fn::Join"][1]

    def test_takes_modern_tls_only_and_redirects_plain_text(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website", **NAMED)
        assert distribution(stack)["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
        assert distribution(stack)["ViewerCertificate"] == {
            "AcmCertificateArn": CERTIFICATE,
            "MinimumProtocolVersion": "TLSv1.2_2021",
            "SslSupportMethod": "sni-only",
        }

    def test_every_answer_has_security_headers_and_does_not_name_the_key(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website", **NAMED)
        policy = properties(stack, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
        security = policy["SecurityHeadersConfig"]
        assert security["StrictTransportSecurity"] == {
            "AccessControlMaxAgeSec": 63072000,
            "IncludeSubdomains": True,
            "Override": True,
        }
        assert security["FrameOptions"] == {"FrameOption": "DENY", "Override": True}
        assert "default-src 'self'" in security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        removed = {item["Header"] for item in policy["RemoveHeadersConfig"]["Items"]}
        assert "x-amz-server-side-encryption-aws-kms-key-id" in removed
        assert distribution(stack)["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] == {
            "Ref": "WebsiteHeaders8C49CFD2"
        }

    def test_requests_to_the_distribution_and_to_the_bucket_are_logged_for_a_year(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website", **NAMED)
        assert distribution(stack)["Logging"] == {
            "Bucket": {"Fn::GetAtt": ["WebsiteLogs6800E9E7", "RegionalDomainName"]},
            "Prefix": "distribution/",
        }
        assert bucket(stack)["LoggingConfiguration"]["DestinationBucketName"] == {"Ref": "WebsiteLogs6800E9E7"}
        logs = bucket(stack, "WebsiteLogs6800E9E7")
        # CloudFront delivers by an access control list.
        assert logs["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
        assert 365 in [rule.get("ExpirationInDays") for rule in logs["LifecycleConfiguration"]["Rules"]]

    def test_buckets_keep_their_logical_ids_and_outlive_the_stack(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website", **NAMED)
        template = Template.from_stack(stack)
        assert set(template.find_resources("AWS::S3::Bucket")) == {"WebsiteBucketC16C64C8", "WebsiteLogs6800E9E7"}
        template.all_resources("AWS::S3::Bucket", {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"})

    def test_leaves_no_warning_where_it_has_names_and_a_firewall(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website", **NAMED)
        assert warnings(stack) == []

    def test_packs_find_nothing(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        StaticWebsite(stack, "Website", **NAMED)
        StaticWebsite(stack, "Plain")
        assert pack_findings(stack) == []

    def test_works_in_a_product_as_it_does_in_an_application(
        self, product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
    ) -> None:
        domain = cdk.CfnParameter(product, "DomainName").value_as_string
        StaticWebsite(product, "Website", domain_names=[domain], certificate_arn=CERTIFICATE)
        resources = product_template()["Resources"]
        config = resources["Website1D1436A4"]["Properties"]["DistributionConfig"]
        assert config["Aliases"] == [{"Ref": "DomainName"}]
        for kind, holder in (
            ("OriginAccessControl", "OriginAccessControlConfig"),
            ("ResponseHeadersPolicy", "ResponseHeadersPolicyConfig"),
        ):
            (found,) = (it["Properties"] for it in resources.values() if it["Type"] == f"AWS::CloudFront::{kind}")
            assert "AWS::StackId" in json.dumps(found[holder]["Name"])


class TestPages:
    @pytest.mark.parametrize(
        ("uri", "answered_by"),
        [
            ("/", "/index.html"),
            ("/guide/", "/guide/index.html"),
            ("/guide", "/guide/index.html"),
            ("/v1.2/guide", "/v1.2/guide/index.html"),
            ("/app.js", "/app.js"),
        ],
    )
    def test_a_folder_is_answered_by_its_index(self, stack: cdk.Stack, uri: str, answered_by: str) -> None:
        StaticWebsite(stack, "Website")
        code = properties(stack, "AWS::CloudFront::Function")["FunctionCode"]
        call = f"console.log(handler({{request: {{uri: {json.dumps(uri)}}}}}).uri)"
        done = subprocess.run([os.environ["JSII_NODE"], "-e", code + call], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == answered_by

    def test_a_page_that_is_missing_has_the_page_for_it(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website", error_page="/404.html")
        (answer,) = distribution(stack)["CustomErrorResponses"]
        assert (answer["ErrorCode"], answer["ResponseCode"], answer["ResponsePagePath"]) == (404, 404, "/404.html")

    def test_a_single_page_application_answers_every_path_itself(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website", single_page_application=True)
        (answer,) = distribution(stack)["CustomErrorResponses"]
        assert (answer["ErrorCode"], answer["ResponseCode"], answer["ResponsePagePath"]) == (404, 200, "/index.html")
        assert "FunctionAssociations" not in distribution(stack)["DefaultCacheBehavior"]

    def test_what_is_refused_is_not_answered_by_the_application(self, stack: cdk.Stack) -> None:
        """A firewall and a country's restriction answer 403, which S3 answers only where it may not list."""
        StaticWebsite(stack, "Website", single_page_application=True)
        assert [answer["ErrorCode"] for answer in distribution(stack)["CustomErrorResponses"]] == [404]


class TestChoices:
    def test_without_names_the_certificate_is_cloudfronts_which_is_told(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website", web_acl_arn=WEB_ACL)
        assert "ViewerCertificate" not in distribution(stack)
        assert ["pavedroad:website-own-domain" in text for text in warnings(stack)] == [True]

    def test_without_a_firewall_it_is_told(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website", domain_names=["example.com"], certificate_arn=CERTIFICATE)
        assert ["pavedroad:website-no-firewall" in text for text in warnings(stack)] == [True]

    @pytest.mark.parametrize(
        ("argument", "kind"), [("allowed_countries", "whitelist"), ("blocked_countries", "blacklist")]
    )
    def test_countries_are_allowed_or_blocked(self, stack: cdk.Stack, argument: str, kind: str) -> None:
        chosen: dict[str, Any] = {argument: ["DE", "FR"]}
        StaticWebsite(stack, "Website", **chosen)
        restriction = distribution(stack)["Restrictions"]["GeoRestriction"]
        assert restriction == {"RestrictionType": kind, "Locations": ["DE", "FR"]}

    def test_headers_can_admit_what_a_page_needs(self, stack: cdk.Stack) -> None:
        headers = SecurityHeaders(
            content_security_policy="default-src 'self' https://api.example.com", frame_option="SAMEORIGIN"
        )
        StaticWebsite(stack, "Website", headers=headers)
        policy = properties(stack, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
        security = policy["SecurityHeadersConfig"]
        assert (
            security["ContentSecurityPolicy"]["ContentSecurityPolicy"] == "default-src 'self' https://api.example.com"
        )
        assert security["FrameOptions"]["FrameOption"] == "SAMEORIGIN"

    def test_everything_that_is_wrong_is_named_at_once(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError) as error:
            StaticWebsite(
                stack,
                "Website",
                domain_names=["https://example.com"],
                web_acl_arn="arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/website/01234567",
                single_page_application=True,
                root_object="/index.html",
                error_page="/404.html",
                allowed_countries=["Germany"],
                blocked_countries=["FR"],
                minimum_protocol=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2019,
                headers=SecurityHeaders(
                    content_security_policy=" ", frame_option="ALLOW", hsts_max_age=cdk.Duration.days(1)
                ),
            )
        for named in (
            "StaticWebsite 'Stack/Website'",
            "domain_names='https://example.com': must be a domain name",
            "certificate_arn=None: is required where there are domain_names",
            "web_acl_arn='arn:aws:wafv2:eu-west-1",
            "root_object='/index.html': must be the name of a file",
            "error_page='/404.html': is never shown",
            "allowed_countries='Germany': must be a country's code",
            "blocked_countries=['FR']: give it or allowed_countries",
            "minimum_protocol='TLS_V1_2_2019': must be TLS_V1_2_2021 or newer",
            "headers.content_security_policy=' '",
            "headers.frame_option='ALLOW'",
            "headers.hsts_max_age=1",
        ):
            assert named in str(error.value)

    def test_a_certificate_of_another_region_is_refused(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError, match="must be the ARN of an ACM certificate in us-east-1"):
            StaticWebsite(
                stack,
                "Website",
                domain_names=["example.com"],
                certificate_arn=CERTIFICATE.replace("us-east-1", "eu-west-1"),
            )


class TestInvariants:
    @pytest.mark.parametrize(
        ("place", "value", "promise"),
        [
            (("defaultCacheBehavior", "viewerProtocolPolicy"), "allow-all", "is reached through TLS only"),
            (("defaultCacheBehavior", "responseHeadersPolicyId"), None, "has security headers"),
            (("viewerCertificate", "minimumProtocolVersion"), "TLSv1", "takes TLS 1.2 and newer"),
            (("origins", 0, "originAccessControlId"), None, "reads a private bucket"),
            (("logging",), None, "logs every request"),
        ],
    )
    def test_what_is_promised_cannot_be_undone(
        self, app: cdk.App, stack: cdk.Stack, place: tuple[str | int, ...], value: object, promise: str
    ) -> None:
        website = StaticWebsite(stack, "Website", **NAMED)
        resource = website.distribution.node.default_child
        assert isinstance(resource, cloudfront.CfnDistribution)
        settings = stack.resolve(resource._cfn_properties)["distributionConfig"]
        holder = settings
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = value
        resource.distribution_config = cdk.Token.as_any(settings)
        with pytest.raises(RuntimeError, match=f"StaticWebsite {promise}"):
            app.synth()


class TestOperations:
    def test_alarms_stand_where_the_metrics_of_cloudfront_are(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Stack", env=cdk.Environment(region="us-east-1"))
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:111111111111:on-call")
        alarms = StaticWebsite(stack, "Website").add_alarms(
            topic, StaticWebsiteAlarmThresholds(server_errors_percent=2)
        )
        assert len(alarms) == 3
        Template.from_stack(stack).has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {
                "MetricName": "5xxErrorRate",
                "Namespace": "AWS/CloudFront",
                "Dimensions": [
                    {"Name": "DistributionId", "Value": {"Ref": "Website1D1436A4"}},
                    {"Name": "Region", "Value": "Global"},
                ],
                "Threshold": 2,
            },
        )

    def test_elsewhere_the_bucket_is_watched_alone(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Stack", env=cdk.Environment(region="eu-west-1"))
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:on-call")
        StaticWebsite(stack, "Website").add_alarms(topic)
        alarms = Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm").values()
        assert {alarm["Properties"]["Namespace"] for alarm in alarms} == {"AWS/S3"}

    def test_where_the_region_is_not_known_the_template_decides(self, stack: cdk.Stack) -> None:
        StaticWebsite(stack, "Website").add_alarms(sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:a:1:b"))
        template = Template.from_stack(stack)
        template.has_condition("WebsiteHasMetrics32CE9D7C", {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]})
        template.has_resource("AWS::CloudWatch::Alarm", {"Condition": "WebsiteHasMetrics32CE9D7C"})

    def test_who_publishes_may_upload_and_invalidate(self, stack: cdk.Stack) -> None:
        role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
        StaticWebsite(stack, "Website").grant_publish(role)
        statements = properties(stack, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
        allowed = {statement["Sid"]: statement["Action"] for statement in statements}
        assert allowed == {
            "Invalidate": ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
            "ListFiles": "s3:ListBucket",
            "ChangeFiles": ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            "UseKey": ["kms:Decrypt", "kms:GenerateDataKey"],
        }

    def test_a_dashboard_shows_what_visitors_get(self, stack: cdk.Stack) -> None:
        website = StaticWebsite(stack, "Website")
        ServiceDashboard(stack, "Dashboard", rows=[DashboardRow(title="Website", component=website)])
        body = json.dumps(properties(stack, "AWS::CloudWatch::Dashboard")["DashboardBody"])
        assert "5xxErrorRate" in body
        assert r"\"region\":\"us-east-1\"" in body.replace("\\\\", "\\")
