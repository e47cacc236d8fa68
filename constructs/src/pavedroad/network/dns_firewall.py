"""Filters the DNS queries of a network."""

from collections.abc import Sequence

from aws_cdk import aws_route53resolver as resolver
from constructs import Construct

_RESERVED_PRIORITIES = 100  # They are Firewall Manager's.


def add_dns_firewall(scope: Construct, vpc_id: str, rule_group_ids: Sequence[str]) -> None:
    """Associate the rule groups with the VPC that has the id, evaluated in the order given.

    Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html
    """
    for number, rule_group_id in enumerate(rule_group_ids, start=1):
        resolver.CfnFirewallRuleGroupAssociation(
            scope,
            f"DnsFirewall{number}",
            firewall_rule_group_id=rule_group_id,
            vpc_id=vpc_id,
            priority=_RESERVED_PRIORITIES + number,
        )
