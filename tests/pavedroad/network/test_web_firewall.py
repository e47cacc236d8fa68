from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk import aws_wafv2 as wafv2
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import WebFirewall
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.network.web_firewall import WebFirewallAlarmThresholds
from pavedroad.network.web_firewall_rules import DEFAULT_RULE_GROUPS, ManagedRuleGroup, RequestOrigins

Findings = Callable[[cdk.Stack], list[str]]
OBSERVING = "Two weeks of counting show whether a rule refuses what users do."
API = "arn:aws:apigateway:eu-west-1::/restapis/abc/stages/live"
EVERY_ORIGIN = RequestOrigins(
    blocked_addresses=["192.0.2.0/24", "2001:db8::/32"],
    allowed_addresses=["198.51.100.0/24"],
    blocked_countries=["KP"],
    rate_limit=2000,
)


def one(stack: cdk.Stack, resource_type: str) -> dict[str, Any]:
    (found,) = Template.from_stack(stack).find_resources(resource_type).values()
    result: dict[str, Any] = found["Properties"]
    return result


def rules(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    return {rule["Name"]: rule for rule in one(stack, "AWS::WAFv2::WebACL")["Rules"]}


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


class TestDefaultShape:
    def test_refuses_what_the_managed_rule_groups_find(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Firewall")
        acl = one(stack, "AWS::WAFv2::WebACL")
        assert (acl["Scope"], acl["DefaultAction"]) == ("REGIONAL", {"Allow": {}})
        assert [rule["Name"] for rule in acl["Rules"]] == list(DEFAULT_RULE_GROUPS)
        assert [rule["Priority"] for rule in acl["Rules"]] == [0, 1, 2]
        for rule in acl["Rules"]:
            assert rule["OverrideAction"] == {"None": {}}
            assert rule["VisibilityConfig"]["CloudWatchMetricsEnabled"] is True
            assert rule["Statement"] == {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": rule["Name"]}}

    def test_logs_into_an_encrypted_log_group_without_credentials(self, stack: cdk.Stack) -> None:
        firewall = WebFirewall(stack, "Firewall")
        group = one(stack, "AWS::Logs::LogGroup")
        assert group["LogGroupName"]["Fn::Join"][1][0].startswith("aws-waf-logs-StackFirewall")
        assert (group["KmsKeyId"], group["RetentionInDays"]) == (stack.resolve(firewall.encryption_key.key_arn), 365)
        logging = one(stack, "AWS::WAFv2::LoggingConfiguration")
        assert logging["ResourceArn"] == stack.resolve(firewall.web_acl.attr_arn)
        redacted = [field["SingleHeader"] for field in logging["RedactedFields"]]
        assert redacted == [{"Name": "authorization"}, {"Name": "cookie"}]
        (destination,) = logging["LogDestinationConfigs"]
        assert stack.resolve(firewall.log_group.log_group_name) == destination["Fn::Join"][1][-1]

    def test_counts_under_a_name_of_its_own(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Firewall")
        name = one(stack, "AWS::WAFv2::WebACL")["VisibilityConfig"]["MetricName"]
        assert name["Fn::Join"][1][0] == "StackFirewall4724B702-"
        assert "AWS::StackId" in str(name)

    def test_packs_find_nothing(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        WebFirewall(stack, "Firewall")
        assert pack_findings(stack) == []
        assert warnings(stack) == []


class TestOrigins:
    def test_are_judged_before_the_rule_groups(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Firewall", origins=EVERY_ORIGIN)
        found = list(rules(stack).values())
        assert [rule["Name"] for rule in found] == [
            "blocked-addresses",
            "other-addresses",
            "blocked-countries",
            "rate-limit",
            *DEFAULT_RULE_GROUPS,
        ]
        assert [rule["Priority"] for rule in found] == list(range(7))
        assert [rule["Action"] for rule in found[:4]] == [{"Block": {}}] * 4

    def test_blocked_addresses_stand_in_a_set_for_each_version(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Firewall", origins=RequestOrigins(blocked_addresses=["192.0.2.0/24", "2001:db8::/32"]))
        sets = Template.from_stack(stack).find_resources("AWS::WAFv2::IPSet")
        found = {it["Properties"]["IPAddressVersion"]: it["Properties"] for it in sets.values()}
        assert {version: it["Addresses"] for version, it in found.items()} == {
            "IPV4": ["192.0.2.0/24"],
            "IPV6": ["2001:db8::/32"],
        }
        assert {it["Scope"] for it in found.values()} == {"REGIONAL"}
        either = rules(stack)["blocked-addresses"]["Statement"]["OrStatement"]["Statements"]
        assert [list(statement) for statement in either] == [["IPSetReferenceStatement"]] * 2

    def test_only_allowed_addresses_get_in(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Firewall", origins=RequestOrigins(allowed_addresses=["198.51.100.0/24"]))
        (logical_id,) = Template.from_stack(stack).find_resources("AWS::WAFv2::IPSet")
        assert rules(stack)["other-addresses"]["Statement"] == {
            "NotStatement": {"Statement": {"IPSetReferenceStatement": {"Arn": {"Fn::GetAtt": [logical_id, "Arn"]}}}}
        }

    def test_countries(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Allowing", origins=RequestOrigins(allowed_countries=["DE", "CH"]))
        assert rules(stack)["other-countries"]["Statement"] == {
            "NotStatement": {"Statement": {"GeoMatchStatement": {"CountryCodes": ["DE", "CH"]}}}
        }

    def test_blocked_countries(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Blocking", origins=RequestOrigins(blocked_countries=["KP"]))
        assert rules(stack)["blocked-countries"]["Statement"] == {"GeoMatchStatement": {"CountryCodes": ["KP"]}}

    def test_rate_limit_is_for_each_address_in_five_minutes(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Firewall", origins=RequestOrigins(rate_limit=2000))
        assert rules(stack)["rate-limit"]["Statement"] == {
            "RateBasedStatement": {"AggregateKeyType": "IP", "Limit": 2000, "EvaluationWindowSec": 300}
        }


class TestOptions:
    def test_every_option_is_clean_in_the_packs(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        firewall = WebFirewall(stack, "Firewall", origins=EVERY_ORIGIN, count_only_reason=OBSERVING)
        firewall.associate("Api", API)
        assert pack_findings(stack) == []

    def test_a_rule_group_with_a_version_and_rules_that_only_count(self, stack: cdk.Stack) -> None:
        group = ManagedRuleGroup(
            name="AWSManagedRulesCommonRuleSet", version="Version_1.10", counted_rules=["SizeRestrictions_BODY"]
        )
        WebFirewall(stack, "Firewall", managed_rule_groups=[group, "AWSManagedRulesSQLiRuleSet"])
        found = rules(stack)
        assert found["AWSManagedRulesCommonRuleSet"]["Statement"]["ManagedRuleGroupStatement"] == {
            "VendorName": "AWS",
            "Name": "AWSManagedRulesCommonRuleSet",
            "Version": "Version_1.10",
            "RuleActionOverrides": [{"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}}],
        }
        assert found["AWSManagedRulesCommonRuleSet"]["OverrideAction"] == {"None": {}}
        assert found["AWSManagedRulesSQLiRuleSet"]["Priority"] == 1

    def test_a_key_a_retention_further_headers_and_a_metric_name(self, stack: cdk.Stack) -> None:
        key = kms.Key.from_key_arn(stack, "Shared", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        WebFirewall(
            stack,
            "Firewall",
            encryption_key=key,
            log_retention=logs.RetentionDays.TWO_YEARS,
            redacted_headers=["x-api-key", "cookie"],
            metric_name="orders",
        )
        group = one(stack, "AWS::Logs::LogGroup")
        assert (group["KmsKeyId"], group["RetentionInDays"]) == (key.key_arn, 731)
        redacted = one(stack, "AWS::WAFv2::LoggingConfiguration")["RedactedFields"]
        assert [field["SingleHeader"]["Name"] for field in redacted] == ["authorization", "cookie", "x-api-key"]
        assert one(stack, "AWS::WAFv2::WebACL")["VisibilityConfig"]["MetricName"] == "orders"
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)

    def test_stands_in_front_of_several_resources(self, stack: cdk.Stack) -> None:
        firewall = WebFirewall(stack, "Firewall")
        pool = "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_abc"
        firewall.associate("Api", API)
        firewall.associate("UserPool", pool)
        found = Template.from_stack(stack).find_resources("AWS::WAFv2::WebACLAssociation").values()
        assert [it["Properties"]["ResourceArn"] for it in found] == [API, pool]
        arn = stack.resolve(firewall.web_acl.attr_arn)
        assert all(it["Properties"]["WebACLArn"] == arn for it in found)

    def test_for_cloudfront(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Edge", env=cdk.Environment(region="us-east-1"))
        firewall = WebFirewall(
            stack, "Firewall", acl_scope="CLOUDFRONT", origins=RequestOrigins(blocked_addresses=["192.0.2.0/24"])
        )
        assert one(stack, "AWS::WAFv2::WebACL")["Scope"] == "CLOUDFRONT"
        assert one(stack, "AWS::WAFv2::IPSet")["Scope"] == "CLOUDFRONT"
        assert "Region" not in (firewall.metric("BlockedRequests").dimensions or {})
        with pytest.raises(InvalidArgumentsError, match="a distribution names the web ACL itself, as its web_acl_id"):
            firewall.associate("Api", API)


class TestWeakenedDefaults:
    def test_counting_only_leaves_a_warning_and_no_rule_refuses(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Firewall", origins=EVERY_ORIGIN, count_only_reason=OBSERVING)
        for rule in rules(stack).values():
            assert {"Count": {}} in (rule.get("Action"), rule.get("OverrideAction"))
        assert ["pavedroad:web-firewall-counts-only" in text for text in warnings(stack)] == [True]

    def test_no_managed_rule_group_leaves_a_warning(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Firewall", managed_rule_groups=(), origins=RequestOrigins(rate_limit=100))
        assert list(rules(stack)) == ["rate-limit"]
        assert ["pavedroad:web-firewall-no-managed-rules" in text for text in warnings(stack)] == [True]


def test_alarm_tells_of_many_refused_requests(stack: cdk.Stack) -> None:
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:on-call")
    firewall = WebFirewall(stack, "Firewall", metric_name="orders")
    assert len(firewall.add_alarms(topic, WebFirewallAlarmThresholds(blocked_requests=50))) == 1
    alarm = one(stack, "AWS::CloudWatch::Alarm")
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/WAFV2", "BlockedRequests", "Sum")
    assert (alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"]) == (50, 300, 3)
    assert alarm["TreatMissingData"] == "notBreaching"
    assert {it["Name"]: it["Value"] for it in alarm["Dimensions"]} == {
        "Region": {"Ref": "AWS::Region"},
        "Rule": "ALL",
        "WebACL": "orders",
    }
    assert alarm["AlarmActions"] == [topic.topic_arn]


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"acl_scope": "GLOBAL"}, "acl_scope='GLOBAL': must be one of CLOUDFRONT, REGIONAL"),
            ({"count_only_reason": "test"}, "count_only_reason='test': must be a reason that an auditor can weigh"),
            ({"metric_name": "my metric"}, "metric_name='my metric': must be letters, digits"),
            ({"managed_rule_groups": ()}, r"managed_rule_groups=\(\): must be one or more where origins has no rule"),
            (
                {"origins": RequestOrigins(blocked_addresses=["192.0.2.7"])},
                r"origins.blocked_addresses='192\.0\.2\.7': must be a range as CIDR",
            ),
            (
                {"origins": RequestOrigins(allowed_addresses=["office"])},
                "origins.allowed_addresses='office': must be a range as CIDR",
            ),
            (
                {"origins": RequestOrigins(allowed_countries=["Germany"])},
                "origins.allowed_countries='Germany': must be a country's code of two capital letters",
            ),
            (
                {"origins": RequestOrigins(allowed_countries=["DE"], blocked_countries=["KP"])},
                r"origins.blocked_countries=\['KP'\]: give it or allowed_countries",
            ),
            ({"origins": RequestOrigins(rate_limit=5)}, "origins.rate_limit=5: must be from 10 to 2000000000"),
        ],
    )
    def test_are_refused(self, stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            WebFirewall(stack, "Firewall", **arguments)

    def test_are_told_at_once(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError) as refused:
            WebFirewall(stack, "Firewall", acl_scope="GLOBAL", origins=RequestOrigins(rate_limit=5))
        assert all(name in str(refused.value) for name in ("acl_scope=", "origins.rate_limit="))

    def test_cloudfront_elsewhere(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Ireland", env=cdk.Environment(region="eu-west-1"))
        with pytest.raises(InvalidArgumentsError, match="takes a stack in us-east-1, and this is in eu-west-1"):
            WebFirewall(stack, "Firewall", acl_scope="CLOUDFRONT")


class TestCannotBeUndone:
    def test_rules(self, stack: cdk.Stack) -> None:
        WebFirewall(stack, "Firewall").web_acl.rules = None
        with pytest.raises(RuntimeError, match="WebFirewall has rules; all were removed"):
            Template.from_stack(stack)

    def test_refusal(self, stack: cdk.Stack) -> None:
        firewall = WebFirewall(stack, "Firewall")
        (kept, *_) = stack.resolve(firewall.web_acl.rules)
        firewall.web_acl.rules = [
            wafv2.CfnWebACL.RuleProperty(
                name=kept["name"],
                priority=0,
                statement=kept["statement"],
                visibility_config=kept["visibilityConfig"],
                override_action=wafv2.CfnWebACL.OverrideActionProperty(count={}),
            )
        ]
        with pytest.raises(RuntimeError, match="WebFirewall refuses what its rules find; one only counts"):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    limit: Any = cdk.CfnParameter(product, "Limit", type="Number").value_as_number
    firewall = WebFirewall(
        product,
        "Firewall",
        origins=RequestOrigins(
            rate_limit=limit, blocked_addresses=[text("Range")], allowed_countries=[text("Country")]
        ),
        encryption_key=kms.Key.from_key_arn(product, "Key", text("KeyArn")),
        metric_name=text("Metric"),
        redacted_headers=[text("Header")],
    )
    firewall.associate("LoadBalancer", text("LoadBalancerArn"))
    found = product_template()["Resources"]
    (acl,) = [it["Properties"] for it in found.values() if it["Type"] == "AWS::WAFv2::WebACL"]
    by_name = {rule["Name"]: rule["Statement"] for rule in acl["Rules"]}
    assert by_name["rate-limit"]["RateBasedStatement"]["Limit"] == {"Ref": "Limit"}
    assert not any(it["Type"].startswith(("Custom::", "AWS::Lambda")) for it in found.values())


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    WebFirewall(stack, "Firewall")
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {
        "FirewallE7948B04",
        "FirewallKeyF645E6D5",
        "FirewallLogs7FB06776",
        "FirewallLoggingB851CD9F",
    }
