"""The rules of a web ACL: whom it turns away before the managed rule groups look at a request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from pavedroad.arguments import Arguments

DEFAULT_RULE_GROUPS = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
)
_VERSIONS = ("IPV4", "IPV6")
_RANGE = r"(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*)/\d{1,3}"
_LOWEST_RATE, _HIGHEST_RATE = 10, 2_000_000_000


@dataclass(frozen=True, kw_only=True)
class ManagedRuleGroup:
    """A managed rule group, where its name alone does not say enough.

    Attributes:
        name: Its name, such as ``AWSManagedRulesSQLiRuleSet``.
        vendor: Who keeps it. Left out: AWS.
        version: Its version. Left out: the vendor's default, which changes with new threats.
        counted_rules: Names of rules in it that only count, such as one that refuses what the application needs. Left
            out: all of them block.
    """

    name: str
    vendor: str = "AWS"
    version: str | None = None
    counted_rules: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class RequestOrigins:
    """Who may send requests at all.

    Attributes:
        allowed_addresses: Ranges of addresses, as CIDR; all others are refused. A parameter is taken for IPv4. Left
            out: all addresses.
        blocked_addresses: Ranges that are refused. Left out: none.
        allowed_countries: Codes of two letters, such as ``DE``; all other countries are refused. Left out: all.
        blocked_countries: Codes of countries that are refused. Left out: none.
        rate_limit: Requests that one address may send in five minutes, 10 or more; above that it is refused. Left
            out: any number, as only the application knows how many are too many.
    """

    allowed_addresses: Sequence[str] = ()
    blocked_addresses: Sequence[str] = ()
    allowed_countries: Sequence[str] = ()
    blocked_countries: Sequence[str] = ()
    rate_limit: int | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse what AWS WAF does not take."""
        for name in ("allowed_addresses", "blocked_addresses"):
            for address in getattr(self, name):
                arguments.matches(f"origins.{name}", address, _RANGE, "a range as CIDR, such as 192.0.2.0/24")
        for name in ("allowed_countries", "blocked_countries"):
            for country in getattr(self, name):
                arguments.matches(f"origins.{name}", country, "[A-Z]{2}", "a country's code of two capital letters")
        if self.allowed_countries and self.blocked_countries:
            arguments.refuse("origins.blocked_countries", list(self.blocked_countries), "give it or allowed_countries")
        arguments.between("origins.rate_limit", self.rate_limit, _LOWEST_RATE, _HIGHEST_RATE)


def web_acl_rules(
    scope: Construct,
    *,
    acl_scope: str,
    origins: RequestOrigins,
    managed_rule_groups: Sequence[ManagedRuleGroup | str],
    count_only: bool,
) -> list[wafv2.CfnWebACL.RuleProperty]:
    """The rules in the order in which a request meets them: where it comes from, how often, what is in it."""
    rules: list[wafv2.CfnWebACL.RuleProperty] = []
    for name, statement in _origin_statements(scope, acl_scope, origins):
        action = wafv2.CfnWebACL.RuleActionProperty(count={}) if count_only else _block()
        rules.append(
            wafv2.CfnWebACL.RuleProperty(
                name=name,
                priority=len(rules),
                statement=statement,
                action=action,
                visibility_config=visibility(name),
            )
        )
    for each in managed_rule_groups:
        group = ManagedRuleGroup(name=each) if isinstance(each, str) else each
        override = wafv2.CfnWebACL.OverrideActionProperty(**{"count" if count_only else "none": {}})
        rules.append(
            wafv2.CfnWebACL.RuleProperty(
                name=group.name,
                priority=len(rules),
                statement=wafv2.CfnWebACL.StatementProperty(managed_rule_group_statement=_managed(group)),
                override_action=override,
                visibility_config=visibility(group.name),
            )
        )
    return rules


def visibility(metric_name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """Count requests under ``metric_name`` and show samples in the console."""
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric_name, sampled_requests_enabled=True
    )


def _origin_statements(
    scope: Construct, acl_scope: str, origins: RequestOrigins
) -> Iterator[tuple[str, wafv2.CfnWebACL.StatementProperty]]:
    if origins.blocked_addresses:
        yield "blocked-addresses", _from_addresses(scope, "BlockedAddresses", acl_scope, origins.blocked_addresses)
    if origins.allowed_addresses:
        yield "other-addresses", _not(_from_addresses(scope, "AllowedAddresses", acl_scope, origins.allowed_addresses))
    if origins.blocked_countries:
        yield "blocked-countries", _from_countries(origins.blocked_countries)
    if origins.allowed_countries:
        yield "other-countries", _not(_from_countries(origins.allowed_countries))
    if origins.rate_limit is not None:
        rate = wafv2.CfnWebACL.RateBasedStatementProperty(
            aggregate_key_type="IP", limit=origins.rate_limit, evaluation_window_sec=300
        )
        yield "rate-limit", wafv2.CfnWebACL.StatementProperty(rate_based_statement=rate)


def _from_addresses(
    scope: Construct, construct_id: str, acl_scope: str, addresses: Sequence[str]
) -> wafv2.CfnWebACL.StatementProperty:
    statements = []
    for version in _VERSIONS:
        # A set holds addresses of one version.
        ranges = [address for address in addresses if (":" in address) == (version == "IPV6")]
        if ranges:
            ip_set = wafv2.CfnIPSet(
                scope, f"{construct_id}{version}", scope=acl_scope, ip_address_version=version, addresses=ranges
            )
            reference = wafv2.CfnWebACL.IPSetReferenceStatementProperty(arn=ip_set.attr_arn)
            statements.append(wafv2.CfnWebACL.StatementProperty(ip_set_reference_statement=reference))
    if len(statements) == 1:
        return statements[0]
    either = wafv2.CfnWebACL.OrStatementProperty(statements=statements)
    return wafv2.CfnWebACL.StatementProperty(or_statement=either)


def _from_countries(countries: Sequence[str]) -> wafv2.CfnWebACL.StatementProperty:
    countries_match = wafv2.CfnWebACL.GeoMatchStatementProperty(country_codes=list(countries))
    return wafv2.CfnWebACL.StatementProperty(geo_match_statement=countries_match)


def _not(statement: wafv2.CfnWebACL.StatementProperty) -> wafv2.CfnWebACL.StatementProperty:
    return wafv2.CfnWebACL.StatementProperty(not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=statement))


def _managed(group: ManagedRuleGroup) -> wafv2.CfnWebACL.ManagedRuleGroupStatementProperty:
    counted = [
        wafv2.CfnWebACL.RuleActionOverrideProperty(
            name=name, action_to_use=wafv2.CfnWebACL.RuleActionProperty(count={})
        )
        for name in group.counted_rules
    ]
    return wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
        vendor_name=group.vendor, name=group.name, version=group.version, rule_action_overrides=counted or None
    )


def _block() -> wafv2.CfnWebACL.RuleActionProperty:
    return wafv2.CfnWebACL.RuleActionProperty(block={})
