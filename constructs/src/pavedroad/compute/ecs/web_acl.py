"""The web application firewall in front of a load balancer."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Fn, Names, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from pavedroad.observability.log_groups import encrypted_log_group

DEFAULT_RULE_GROUPS = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
)


class WebAcl(Construct):
    """A regional web ACL of AWS managed rule groups, with its blocked and allowed requests in an encrypted log group.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        managed_rule_groups: Names of AWS managed rule groups, evaluated in this order.
        encryption_key: Encrypts the log group.

    Attributes:
        web_acl: The L1 web ACL, with the id ``Resource``.
        log_group: The log; the headers ``authorization`` and ``cookie`` are redacted.

    Controls: ELB.16, WAF.10, WAF.11, WAF.12, NIST AC-4(21), SI-4.

    Example:
        >>> from pavedroad.compute.ecs.web_acl import DEFAULT_RULE_GROUPS, WebAcl
        >>> web_acl = WebAcl(stack, "WebAcl", managed_rule_groups=DEFAULT_RULE_GROUPS, encryption_key=key)
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, managed_rule_groups: Sequence[str], encryption_key: kms.IKey
    ) -> None:
        super().__init__(scope, construct_id)
        self.web_acl = wafv2.CfnWebACL(
            self,
            "Resource",
            scope="REGIONAL",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty()),
            visibility_config=_visibility("WebAcl"),
            rules=[_rule(name, priority) for priority, name in enumerate(managed_rule_groups)],
        )
        # AWS WAF delivers only to log groups with this prefix. The end of the stack's id makes the name unique, also
        # for a stack that is made again under its name while the old log group is retained.
        stack_uuid = Fn.select(2, Fn.split("/", Stack.of(self).stack_id))
        self.log_group = encrypted_log_group(
            self,
            "Logs",
            encryption_key=encryption_key,
            log_group_name=f"aws-waf-logs-{Names.unique_resource_name(self, max_length=64)}-{stack_uuid}",
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
                    resource_name=self.log_group.log_group_name,
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                )
            ],
            redacted_fields=[
                wafv2.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": header})
                for header in ("authorization", "cookie")
            ],
        )


def _rule(name: str, priority: int) -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(vendor_name="AWS", name=name)
        ),
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        visibility_config=_visibility(name),
    )


def _visibility(metric_name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric_name, sampled_requests_enabled=True
    )
