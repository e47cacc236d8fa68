"""A web application firewall in front of load balancers, APIs, user pools and distributions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Annotations, ArnFormat, Duration, Names, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.naming import stack_identifier
from pavedroad.network.web_firewall_rules import (
    DEFAULT_RULE_GROUPS,
    ManagedRuleGroup,
    RequestOrigins,
    visibility,
    web_acl_rules,
)
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_METRIC_NAME = r"[A-Za-z0-9_-]{1,128}"
_SCOPES = ("REGIONAL", "CLOUDFRONT")
# A web ACL for CloudFront and its log group stand here, wherever its visitors are.
_CLOUDFRONT_REGION = "us-east-1"
_REDACTED = ("authorization", "cookie")


@dataclass(frozen=True, kw_only=True)
class WebFirewallAlarmThresholds:
    """When the firewall needs a person.

    Attributes:
        blocked_requests: More refused requests than this in five minutes, three times in a row: an attack, or a rule
            that refuses what users do.
    """

    blocked_requests: float = 1000


_ANYWHERE = RequestOrigins()
_DEFAULT_THRESHOLDS = WebFirewallAlarmThresholds()


class WebFirewall(Construct):
    """A web ACL that refuses known bad requests, with all that it decided in an encrypted log group.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        managed_rule_groups: Managed rule groups, by the names of AWS's or as ``ManagedRuleGroup``, evaluated in this
            order. Left out: IP reputation, common rules and known bad inputs. None leaves the warning
            ``pavedroad:web-firewall-no-managed-rules``.
        origins: Addresses and countries that may send requests, and how many in five minutes. Left out: all, any
            number.
        acl_scope: ``REGIONAL`` for load balancers, APIs and user pools, ``CLOUDFRONT`` for distributions, which stands
            in us-east-1. Left out: ``REGIONAL``.
        count_only_reason: Why requests are counted and not refused yet, as an auditor would accept it. It leaves the
            warning ``pavedroad:web-firewall-counts-only``. Left out: they are refused.
        encryption_key: Encrypts the log group. Left out: a new key with yearly rotation, kept when the stack is
            deleted.
        log_retention: How long the log is kept. Left out: a year.
        redacted_headers: Further headers that the log does not show. Left out: ``authorization`` and ``cookie``, which
            it never shows.
        metric_name: The name under which CloudWatch counts the requests, unique in account and region. Left out: one
            from the construct's path and the stack's id.

    Attributes:
        web_acl: The L1 web ACL, with the id ``Resource``.
        log_group: The log group.
        encryption_key: The key in use.

    Raises:
        InvalidArgumentsError: Arguments contradict each other or are out of range; all are named.

    Controls: ELB.16, APIGateway.4 and CloudFront.6 where it is associated, WAF.10 (rules), WAF.11 (log), WAF.12
        (metrics), NIST AC-4(21), AU-2, SC-5, SI-4.

    Example:
        >>> firewall = WebFirewall(
        ...     stack, "Firewall", origins=RequestOrigins(rate_limit=2000, blocked_addresses=["192.0.2.0/24"])
        ... )
        >>> firewall.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        managed_rule_groups: Sequence[ManagedRuleGroup | str] = DEFAULT_RULE_GROUPS,
        origins: RequestOrigins = _ANYWHERE,
        acl_scope: str = "REGIONAL",
        count_only_reason: str | None = None,
        encryption_key: kms.IKey | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        redacted_headers: Sequence[str] = (),
        metric_name: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        origins.check(arguments)
        arguments.one_of("acl_scope", acl_scope, _SCOPES)
        arguments.reason("count_only_reason", count_only_reason)
        arguments.matches("metric_name", metric_name, _METRIC_NAME, "letters, digits, '_' and '-'")
        self._check_region(arguments, acl_scope)
        if not managed_rule_groups and origins == _ANYWHERE:
            arguments.refuse(
                "managed_rule_groups", managed_rule_groups, "must be one or more where origins has no rule"
            )
        arguments.check()

        self._acl_scope = acl_scope
        self._metric_name = metric_name or f"{Names.unique_resource_name(self, max_length=64)}-{stack_identifier(self)}"
        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Log of {self.node.path}")
        self.web_acl = wafv2.CfnWebACL(
            self,
            "Resource",
            scope=acl_scope,
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty()),
            visibility_config=visibility(self._metric_name),
            rules=web_acl_rules(
                self,
                acl_scope=acl_scope,
                origins=origins,
                managed_rule_groups=managed_rule_groups,
                count_only=count_only_reason is not None,
            ),
        )
        self.log_group = self._log(log_retention, redacted_headers)
        self._warn(counts_because=count_only_reason, has_managed_rules=bool(managed_rule_groups))
        self._hold(counts=count_only_reason is not None)
        stamp(self)

    def associate(self, construct_id: str, resource_arn: str) -> wafv2.CfnWebACLAssociation:
        """Put the firewall in front of a load balancer, the stage of an API, a GraphQL API or a user pool.

        A distribution names the web ACL itself, by ``web_acl.attr_arn``.

        Args:
            construct_id: The association's id in this construct.
            resource_arn: The ARN of what is protected; it can have one web ACL.

        Raises:
            InvalidArgumentsError: The firewall is one for CloudFront.
        """
        arguments = Arguments(self)
        if self._acl_scope == "CLOUDFRONT":
            arguments.refuse("resource_arn", resource_arn, "a distribution names the web ACL itself, as its web_acl_id")
        arguments.check()
        return wafv2.CfnWebACLAssociation(
            self, construct_id, resource_arn=resource_arn, web_acl_arn=self.web_acl.attr_arn
        )

    def metric(self, metric_name: str) -> cloudwatch.Metric:
        """A metric of the whole web ACL, such as ``BlockedRequests``: the sum of five minutes."""
        dimensions = {"WebACL": self._metric_name, "Rule": "ALL"}
        if self._acl_scope != "CLOUDFRONT":
            dimensions["Region"] = Stack.of(self).region
        return cloudwatch.Metric(
            namespace="AWS/WAFV2",
            metric_name=metric_name,
            dimensions_map=dimensions,
            statistic="Sum",
            period=Duration.minutes(5),
        )

    def add_alarms(
        self, topic: sns.ITopic, thresholds: WebFirewallAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when many requests are refused.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``WebFirewallAlarmThresholds``.
        """
        return [
            notifying_alarm(
                self,
                "BlockedRequestsAlarm",
                metric=self.metric("BlockedRequests"),
                threshold=thresholds.blocked_requests,
                description="Many requests are refused. Look in the log for the rule and the addresses: is it an "
                "attack, or does a rule refuse what users do since the last deployment?",
                topic=topic,
                missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
        ]

    def _check_region(self, arguments: Arguments, acl_scope: str) -> None:
        region = Stack.of(self).region
        if acl_scope == "CLOUDFRONT" and not Token.is_unresolved(region) and region != _CLOUDFRONT_REGION:
            arguments.refuse("acl_scope", acl_scope, f"takes a stack in {_CLOUDFRONT_REGION}, and this is in {region}")

    def _log(self, retention: logs.RetentionDays, redacted_headers: Sequence[str]) -> logs.LogGroup:
        # AWS WAF delivers only to log groups with this prefix. The end of the stack's id makes the name unique, also
        # for a stack that is made again under its name while the old log group is retained.
        unique = f"{Names.unique_resource_name(self, max_length=64)}-{stack_identifier(self)}"
        log_group = encrypted_log_group(
            self,
            "Logs",
            encryption_key=self.encryption_key,
            retention=retention,
            log_group_name=f"aws-waf-logs-{unique}",
        )
        wafv2.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=self.web_acl.attr_arn,
            # WAF wants the ARN without the ":*" that the attribute of a log group ends with.
            log_destination_configs=[
                Stack.of(self).format_arn(
                    service="logs",
                    resource="log-group",
                    resource_name=log_group.log_group_name,
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                )
            ],
            redacted_fields=[
                wafv2.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": header})
                for header in dict.fromkeys((*_REDACTED, *redacted_headers))
            ],
        )
        return log_group

    def _warn(self, *, counts_because: str | None, has_managed_rules: bool) -> None:
        annotations = Annotations.of(self)
        if counts_because is not None:
            acknowledge(self.web_acl, "PavedRoad-WAF-4", counts_because)
            acknowledge(self.web_acl, "PavedRoad-WAF-5", counts_because)
            annotations.add_warning_v2(
                "pavedroad:web-firewall-counts-only", "The firewall counts bad requests and lets them through."
            )
        if not has_managed_rules:
            annotations.add_warning_v2(
                "pavedroad:web-firewall-no-managed-rules", "No managed rule group looks at what is in a request."
            )

    def _hold(self, *, counts: bool) -> None:
        def rules() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = Stack.of(self).resolve(self.web_acl.rules) or []
            return found

        hold(self, "WebFirewall has rules; all were removed", lambda: bool(rules()))
        if not counts:
            hold(
                self,
                "WebFirewall refuses what its rules find; one only counts (count_only_reason says why it may)",
                lambda: not any(map(_only_counts, rules())),
            )


def _only_counts(rule: dict[str, Any]) -> bool:
    actions = (rule.get("action") or {}, rule.get("overrideAction") or {})
    return any(action.get("count") is not None for action in actions)
