"""Which Kubernetes versions EKS supports."""

from aws_cdk import Token
from aws_cdk import aws_eks_v2 as eks

from pavedroad.arguments import Arguments

# Standard support of 1.34 ends on 2 December 2026, extended support of 1.32 on 23 March 2027.
# https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
_OLDEST_IN_STANDARD_SUPPORT = 34
_OLDEST_IN_EXTENDED_SUPPORT = 32


def check_version(arguments: Arguments, version: eks.KubernetesVersion, *, extended_support: bool) -> None:
    """Refuse what is no version, and one that is out of the support that the cluster has (EKS.2)."""
    text = version.version
    if Token.is_unresolved(text):
        return
    major, _, minor = text.partition(".")
    if major != "1" or not minor.isdecimal():
        arguments.refuse("version", text, "must be a minor version such as 1.36, without a patch")
        return
    oldest = _OLDEST_IN_EXTENDED_SUPPORT if extended_support else _OLDEST_IN_STANDARD_SUPPORT
    if int(minor) < oldest:
        support = "extended" if extended_support else "standard"
        arguments.refuse("version", text, f"is out of {support} support; must be 1.{oldest} or newer")
