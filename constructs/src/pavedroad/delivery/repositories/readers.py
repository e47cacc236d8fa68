"""Readers outside the account: single accounts, or all of an organisation."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam

from pavedroad.arguments import Arguments

_ORGANIZATION = r"o-[a-z0-9]{10,32}"
_ACCOUNT = r"\d{12}"


def check_readers(arguments: Arguments, organization_id: str | None, accounts: Sequence[str]) -> None:
    """Refuse what is no organisation's id or no account's."""
    arguments.matches("organization_id", organization_id, _ORGANIZATION, "an organisation's id such as o-abcde12345")
    for account in accounts:
        arguments.matches("reader_accounts", account, _ACCOUNT, "account ids of 12 digits")


def reading(
    actions: Sequence[str],
    *,
    organization_id: str | None,
    accounts: Sequence[str],
    resources: Sequence[str] = (),
) -> list[iam.PolicyStatement]:
    """The statements of a resource's policy that let readers use ``actions``; none where there are no readers.

    Args:
        actions: What readers may do.
        organization_id: Every principal of this organisation reads.
        accounts: Principals of these accounts read, where their account lets them.
        resources: What the statements are about. Left out: not said, for policies that know one resource only.
    """
    principals: dict[str, list[iam.IPrincipal]] = {}
    if accounts:
        principals["ReaderAccounts"] = [iam.AccountPrincipal(account) for account in accounts]
    if organization_id is not None:
        principals["ReaderOrganization"] = [iam.OrganizationPrincipal(organization_id)]
    return [
        iam.PolicyStatement(sid=sid, principals=who, actions=list(actions), resources=list(resources) or None)
        for sid, who in principals.items()
    ]
