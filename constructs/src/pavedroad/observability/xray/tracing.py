"""Which requests are traced, and who looks for what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Annotations, ArnFormat, Aws, Names, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_xray as xray
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.naming import unique_name
from pavedroad.version_stamp import stamp


@dataclass(frozen=True, kw_only=True)
class SamplingRule:
    """How many of the requests that it fits are traced.

    Attributes:
        priority: From 1 to 9999; the lowest that fits a request counts.
        fixed_rate_percent: The share of requests that are traced, in percent, beyond the reservoir.
        reservoir: Requests a second that are traced before the share counts. Left out: 1.
        service_name: The service, with ``*`` and ``?``. Left out: any.
        http_method: The method. Left out: any.
        url_path: The path, with ``*`` and ``?``. Left out: any.
        host: The host, with ``*`` and ``?``. Left out: any.
    """

    priority: int
    fixed_rate_percent: float
    reservoir: int = 1
    service_name: str = "*"
    http_method: str = "*"
    url_path: str = "*"
    host: str = "*"


class Tracing(Construct):
    """An X-Ray group with insights, sampling rules, and Transaction Search for the account where it is wanted.

    X-Ray encrypts traces with a key of AWS; a key of your own is a setting of the account and region that
    CloudFormation does not offer (``aws xray put-encryption-config``).

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        filter_expression: Which traces belong to the group, such as ``service("orders")``.
        group_name: The group's name. Left out: one that is unique in the account.
        insights: Look for anomalies in the group's traces. Left out: looked for. ``False`` leaves the warning
            ``pavedroad:tracing-no-insights``.
        notify_insights: Send insights to EventBridge. Left out: not sent.
        sampling_rules: Which requests are traced. Left out: those of X-Ray's default rule: one a second and 5%.
        transaction_search_percent: Keep every span of the account and region in CloudWatch Logs, and index this share
            of them as trace summaries, in percent. An account and region have one such setting: give it in one
            stack, in which it must not be on already. Left out: not kept.

    Attributes:
        group: The L1 group, with the id ``Resource``.
        sampling_rules: The L1 sampling rules, in the order given.
        transaction_search: The L1 setting; ``None`` where there is none.

    Raises:
        InvalidArgumentsError: A name, priority or share is out of range; all are named.

    Controls: NIST AU-12, SI-4, Well-Architected REL06-BP07.

    Example:
        >>> tracing = Tracing(
        ...     stack,
        ...     "Tracing",
        ...     filter_expression='service("orders")',
        ...     sampling_rules=[SamplingRule(priority=100, fixed_rate_percent=10, url_path="/orders/*")],
        ...     transaction_search_percent=1,
        ... )
        >>> tracing.grant_write(function)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        filter_expression: str,
        group_name: str | None = None,
        insights: bool = True,
        notify_insights: bool = False,
        sampling_rules: Sequence[SamplingRule] = (),
        transaction_search_percent: float | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.matches("group_name", group_name, "[A-Za-z0-9-]{1,32}", "1 to 32 letters, digits and hyphens")
        arguments.between("transaction_search_percent", transaction_search_percent, 0, 100)
        if notify_insights and not insights:
            arguments.refuse("notify_insights", notify_insights, "needs insights=True")
        for rule in sampling_rules:
            _check_rule(arguments, rule)
        arguments.check()

        self.group = xray.CfnGroup(
            self,
            "Resource",
            group_name=group_name or unique_name(self, longest=19, otherwise="traces"),
            filter_expression=filter_expression,
            insights_configuration=xray.CfnGroup.InsightsConfigurationProperty(
                insights_enabled=insights, notifications_enabled=notify_insights
            ),
        )
        self.sampling_rules = [self._sampling_rule(number, rule) for number, rule in enumerate(sampling_rules, start=1)]
        self.transaction_search = self._search(transaction_search_percent)
        if not insights:
            Annotations.of(self).add_warning_v2(
                "pavedroad:tracing-no-insights", "Nobody looks for anomalies in the traces of this group."
            )
        stamp(self)

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` send traces and ask what is sampled; X-Ray knows no resource for that."""
        actions = ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=[f"xray:{action}" for action in actions], resource_arns=["*"]
        )

    def _sampling_rule(self, number: int, rule: SamplingRule) -> xray.CfnSamplingRule:
        return xray.CfnSamplingRule(
            self,
            f"SamplingRule{number}",
            sampling_rule=xray.CfnSamplingRule.SamplingRuleProperty(
                rule_name=f"{unique_name(self, longest=15, otherwise='traces')}-{number}",
                priority=rule.priority,
                fixed_rate=rule.fixed_rate_percent / 100,
                reservoir_size=rule.reservoir,
                service_name=rule.service_name,
                http_method=rule.http_method,
                url_path=rule.url_path,
                host=rule.host,
                service_type="*",
                resource_arn="*",
                version=1,
            ),
        )

    def _search(self, indexing_percentage: float | None) -> xray.CfnTransactionSearchConfig | None:
        if indexing_percentage is None:
            return None
        stack = Stack.of(self)
        source = f"arn:{stack.partition}:xray:{stack.region}:{stack.account}:*"
        spans = [
            stack.format_arn(
                service="logs",
                resource="log-group",
                resource_name=f"{group}:*",
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
            for group in ("aws/spans", "/aws/application-signals/data")
        ]
        statement = iam.PolicyStatement(
            sid="TransactionSearch",
            principals=[iam.ServicePrincipal("xray.amazonaws.com")],
            actions=["logs:PutLogEvents"],
            resources=spans,
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": source}},
        )
        policy = logs.CfnResourcePolicy(
            self,
            "SpansPolicy",
            policy_name=f"{Aws.STACK_NAME}-{Names.unique_resource_name(self, max_length=100)}",
            policy_document=stack.to_json_string(iam.PolicyDocument(statements=[statement])),
        )
        search = xray.CfnTransactionSearchConfig(self, "TransactionSearch", indexing_percentage=indexing_percentage)
        search.node.add_dependency(policy)
        return search


def _check_rule(arguments: Arguments, rule: SamplingRule) -> None:
    arguments.between("sampling_rules.priority", rule.priority, 1, 9999)
    if Token.is_unresolved(rule.fixed_rate_percent):
        arguments.refuse("sampling_rules.fixed_rate_percent", "a parameter", "must be known at synthesis")
    arguments.between("sampling_rules.fixed_rate_percent", rule.fixed_rate_percent, 0, 100)
    arguments.between("sampling_rules.reservoir", rule.reservoir, 0, 1000)
