from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct
from pavedroad.arguments import Arguments
DEFAULT_RULE_GROUPS = ('AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesCommonRuleSet', 'AWSManagedRulesKnownBadInputsRuleSet')
_VERSIONS = ('IPV4', 'IPV6')
_RANGE = '(\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*)/\\d{1,3}'
_LOWEST_RATE, _HIGHEST_RATE = (10, 2000000000)

@dataclass(frozen=True, kw_only=True)
class ManagedRuleGroup:
    name: str
    vendor: str = 'AWS'
    version: str | None = None
    counted_rules: Sequence[str] = ()

@dataclass(frozen=True, kw_only=True)
class RequestOrigins:
    allowed_addresses: Sequence[str] = ()
    blocked_addresses: Sequence[str] = ()
    allowed_countries: Sequence[str] = ()
    blocked_countries: Sequence[str] = ()
    rate_limit: int | None = None

    def check(self, arguments: Arguments) -> None:
        ...

def web_acl_rules(scope: Construct, *, acl_scope: str, origins: RequestOrigins, managed_rule_groups: Sequence[ManagedRuleGroup | str], count_only: bool) -> list[wafv2.CfnWebACL.RuleProperty]:
    ...

def visibility(metric_name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    ...
