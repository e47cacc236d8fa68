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
from pavedroad.network.web_firewall_rules import DEFAULT_RULE_GROUPS, ManagedRuleGroup, RequestOrigins, visibility, web_acl_rules
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
_METRIC_NAME = '[A-Za-z0-9_-]{1,128}'
_SCOPES = ('REGIONAL', 'CLOUDFRONT')
_CLOUDFRONT_REGION = 'us-east-1'
_REDACTED = ('authorization', 'cookie')

@dataclass(frozen=True, kw_only=True)
class WebFirewallAlarmThresholds:
    blocked_requests: float = 1000
_ANYWHERE = RequestOrigins()
_DEFAULT_THRESHOLDS = WebFirewallAlarmThresholds()

class WebFirewall(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, managed_rule_groups: Sequence[ManagedRuleGroup | str]=DEFAULT_RULE_GROUPS, origins: RequestOrigins=_ANYWHERE, acl_scope: str='REGIONAL', count_only_reason: str | None=None, encryption_key: kms.IKey | None=None, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, redacted_headers: Sequence[str]=(), metric_name: str | None=None) -> None:
        self.encryption_key = ...
        self.log_group = ...
        self.web_acl = ...

    def associate(self, construct_id: str, resource_arn: str) -> wafv2.CfnWebACLAssociation:
        ...

    def metric(self, metric_name: str) -> cloudwatch.Metric:
        ...

    def add_alarms(self, topic: sns.ITopic, thresholds: WebFirewallAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...
