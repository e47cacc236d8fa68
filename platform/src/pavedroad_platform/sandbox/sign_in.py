"""Signs a person in to the sandbox the way that people reach an account: through the gateway, then into the account."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.organization.models import Account, Organization, Purpose
from pavedroad_platform.sandbox.emulator.saml import Assertion, entity_id
from pavedroad_platform.sandbox.loopback import administrator, client

_SESSION_TAGS = ("user", "team", "mfa")


def sign_in(
    endpoint: str, organization: Organization, *, person: str, team: str, role_key: str, account: Account
) -> dict[str, str]:
    """The credentials of ``person`` in the role ``role_key`` of ``account``.

    The sandbox's identity provider asserts who they are, their team, and a second factor; what follows is AWS's own:
    AssumeRoleWithSAML in the gateway account, and AssumeRole from there.
    """
    gateway = organization.account_with_purpose(Purpose.GATEWAY)
    region, names = organization.home_region, organization.names
    gateway_role = f"arn:aws:iam::{gateway.id}:role/{names.gateway_role(role_key)}"
    provider = f"arn:aws:iam::{gateway.id}:saml-provider/{organization.access.identity_provider.name}"
    assertion = Assertion(
        issuer=entity_id(organization.saml_metadata),
        subject=person,
        roles=[(gateway_role, provider)],
        session_name=person,
        tags={"user": person, "team": team, "mfa": "true"},
        transitive_tags=_SESSION_TAGS,
        source_identity=person,
        audience=f"https://{region}.signin.aws.amazon.com/saml",
    )
    service = client("sts", endpoint, region=region, credentials=administrator(gateway.id))
    signed_in = service.assume_role_with_saml(
        RoleArn=gateway_role, PrincipalArn=provider, SAMLAssertion=assertion.encoded()
    )
    service = client("sts", endpoint, region=region, credentials=_credentials(signed_in))
    role = f"arn:aws:iam::{account.id}:role/{names.role(role_key)}"
    return _credentials(service.assume_role(RoleArn=role, RoleSessionName=person, SourceIdentity=person))


def _credentials(answer: Mapping[str, Any]) -> dict[str, str]:
    given = answer["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
