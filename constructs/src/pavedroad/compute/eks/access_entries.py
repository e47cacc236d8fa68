"""Who may use the Kubernetes API: one access entry for each role."""

from collections.abc import Sequence

from aws_cdk import Names, Stack
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge


class AccessEntries:
    """The access entries of a cluster, by the ARN of their role.

    Args:
        scope: The construct that has them.
        cluster_name: The cluster's name.

    Attributes:
        by_role: The entries.
    """

    def __init__(self, scope: Construct, cluster_name: str) -> None:
        self._scope = scope
        self._cluster_name = cluster_name
        self._policies: dict[str, list[eks.CfnAccessEntry.AccessPolicyProperty]] = {}
        self.by_role: dict[str, eks.CfnAccessEntry] = {}

    def grant(self, role: iam.IRole, policy: str, namespaces: Sequence[str]) -> eks.CfnAccessEntry:
        """Add an access policy to the role's entry, which is made with the first."""
        arn = role.role_arn
        if arn not in self.by_role:
            self.by_role[arn] = self._make(role)
        policies = self._policies.setdefault(arn, [])
        policies.append(
            eks.CfnAccessEntry.AccessPolicyProperty(
                policy_arn=f"arn:{Stack.of(self._scope).partition}:eks::aws:cluster-access-policy/{policy}",
                access_scope=eks.CfnAccessEntry.AccessScopeProperty(
                    type="namespace" if namespaces else "cluster", namespaces=list(namespaces) or None
                ),
            )
        )
        entry = self.by_role[arn]
        entry.access_policies = [*policies]
        return entry

    def _make(self, role: iam.IRole) -> eks.CfnAccessEntry:
        entry = eks.CfnAccessEntry(
            self._scope,
            f"Access-{Names.unique_resource_name(role)}",
            cluster_name=self._cluster_name,
            principal_arn=role.role_arn,
        )
        acknowledge(
            entry,
            "cloudformation-validate::W9002",
            "The role of a team or pipeline is made elsewhere, often by IAM Identity Center; its ARN is its name here.",
        )
        return entry
