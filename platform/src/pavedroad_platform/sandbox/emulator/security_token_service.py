"""The security token service: AssumeRole and AssumeRoleWithSAML with session tags, source identity and MFA.

MiniStack's own knows neither source identities nor transitive tags nor SAML. All other operations stay its own.
"""

import datetime
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from ministack.core import iam_evaluator
from ministack.core.responses import get_region
from ministack.core.router import extract_access_key_id
from ministack.services import iam, sts

from pavedroad_platform.sandbox.emulator import saml
from pavedroad_platform.sandbox.emulator.trust_policies import Applicant, refused_action, trusts_service

Answer = tuple[int, dict[str, str], bytes | str]
Handler = Callable[[str, str, Mapping[str, str], bytes, Mapping[str, Any]], Awaitable[Answer]]

_DEFAULT_SECONDS = 3600
_SERVICE_SECONDS = 8 * 3600  # CodeBuild renews its builds' credentials until they end, at most after so long


class _RefusedError(Exception):
    """STS refuses.

    Attributes:
        code: The error code.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def answer(self) -> Answer:
        status = 403 if self.code == "AccessDenied" else 400
        return sts._error(status, self.code, escape(str(self)), ns="sts")  # type: ignore[no-any-return]


@dataclass(frozen=True, kw_only=True)
class _Session:
    """What a role session shall carry."""

    role_arn: str
    name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive_tags: frozenset[str] = frozenset()
    source_identity: str | None = None
    multi_factor: bool = False
    provider: str | None = None
    policies: Mapping[str, Any] | None = None
    seconds: int = _DEFAULT_SECONDS

    @property
    def account(self) -> str:
        return self.role_arn.split(":")[4]

    @property
    def trust_actions(self) -> list[str]:
        """What a trust policy must allow besides the assuming itself."""
        return [
            *(["sts:TagSession"] if self.tags else []),
            *(["sts:SetSourceIdentity"] if self.source_identity else []),
        ]

    def condition_keys(self) -> dict[str, Any]:
        return {
            "sts:rolesessionname": self.name,
            "sts:sourceidentity": self.source_identity,
            "sts:transitivetagkeys": sorted(self.transitive_tags) or None,
        }


def complete_principal_keys() -> None:
    """Add what MiniStack does not know of a session to the condition keys of its requests."""
    original = iam_evaluator._principal_keys

    def principal_keys(credential: Any) -> dict[str, Any]:
        keys: dict[str, Any] = original(credential)
        session = sts._sessions.get(credential.access_key_id) or {}
        keys |= {name: session[field] for name, field in _SESSION_KEYS.items() if session.get(field)}
        return keys

    iam_evaluator._principal_keys = principal_keys
    sts._principal_keys = principal_keys


_SESSION_KEYS = {
    "aws:sourceidentity": "SourceIdentity",
    "aws:multifactorauthpresent": "MultiFactorAuthPresent",
    "aws:federatedprovider": "FederatedProvider",
}


class SecurityTokenService:
    """Handles the requests to STS.

    Args:
        original: MiniStack's handler.
    """

    def __init__(self, original: Handler) -> None:
        self._original = original

    async def handle_request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Answer:
        """Answer one request."""
        form = parse_qs(body.decode(errors="replace")) if method == "POST" else {}
        parameters = {**query, **form}
        try:
            match _text(parameters, "Action"):
                case "AssumeRole":
                    return _assume_role(parameters, headers, query)
                case "AssumeRoleWithSAML":
                    return _assume_role_with_saml(parameters)
                case "GetSessionToken":
                    answer = await self._original(method, path, headers, body, query)
                    return _with_multi_factor(answer, parameters)
                case _:
                    return await self._original(method, path, headers, body, query)
        except _RefusedError as refused:
            return refused.answer()


def _text(parameters: Mapping[str, Any], name: str) -> str:
    value = parameters.get(name) or [""]
    return str(value[0] if isinstance(value, list) else value)


def _members(parameters: Mapping[str, Any], name: str) -> list[str]:
    found: list[str] = []
    while member := _text(parameters, f"{name}.member.{len(found) + 1}"):
        found.append(member)
    return found


def _assume_role(parameters: Mapping[str, Any], headers: Mapping[str, str], query: Mapping[str, Any]) -> Answer:
    caller = sts._caller_identity(headers, query)
    if isinstance(caller, iam_evaluator.CredentialResolutionError):
        return sts._credential_error_response(caller)  # type: ignore[no-any-return]
    session = _requested(parameters, sts._sessions.get(caller["accessKey"]) or {})
    role = _role(session, caller["userArn"])
    context = _context(session, caller["userArn"], caller["principalType"], caller["accountId"])
    context.service_context["sts:externalid"] = _text(parameters, "ExternalId") or None
    context.principal_keys.update(caller["principalKeys"])
    if session.multi_factor:
        context.principal_keys["aws:multifactorauthpresent"] = "true"
    applicant = Applicant(principal=caller["userArn"])
    actions = ["sts:AssumeRole", *session.trust_actions]
    refused = refused_action(role["AssumeRolePolicyDocument"], applicant, actions, context)
    refused = refused or _not_permitted(session, extract_access_key_id(headers, query))
    if refused:
        raise _denied(caller["userArn"], refused, session.role_arn)
    credentials = _registered(
        session, {"SourcePrincipalArn": caller["userArn"], "SourceAccessKeyId": caller["accessKey"]}
    )
    return _assumed("AssumeRole", session, credentials, "")


def _requested(parameters: Mapping[str, Any], callers_session: Mapping[str, Any]) -> _Session:
    """The session that is asked for, with what the caller's own session passes on."""
    role_arn, name = _text(parameters, "RoleArn"), _text(parameters, "RoleSessionName")
    if len(role_arn.split(":")) < 6:  # noqa: PLR2004 - the parts of an ARN
        raise _RefusedError("ValidationError", f"{role_arn} is invalid")
    requested, invalid = sts._session_tags(parameters)
    policies, wrong = sts._session_policies(parameters, role_arn.split(":")[4])
    if invalid or wrong:
        raise _RefusedError("ValidationError", "the session's tags or policies are not valid")
    transitive = frozenset(callers_session.get("TransitiveTagKeys", ()))
    inherited = {tag["Key"]: tag["Value"] for tag in callers_session.get("SessionTags", ()) if tag["Key"] in transitive}
    tags = {tag["Key"]: tag["Value"] for tag in requested}
    overridden = sorted({key.lower() for key in inherited} & {key.lower() for key in tags})
    if overridden:
        raise _RefusedError(
            "InvalidParameterValue",
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key "
            f"from the calling session: {', '.join(overridden)}",
        )
    return _Session(
        role_arn=role_arn,
        name=name,
        tags={**inherited, **tags},
        transitive_tags=transitive | frozenset(_members(parameters, "TransitiveTagKeys")),
        source_identity=_source_identity(_text(parameters, "SourceIdentity"), callers_session.get("SourceIdentity")),
        multi_factor=bool(_text(parameters, "SerialNumber") and _text(parameters, "TokenCode")),
        policies=policies if any(policies.values()) else None,
        seconds=int(_text(parameters, "DurationSeconds") or _DEFAULT_SECONDS),
    )


def _source_identity(requested: str, inherited: str | None) -> str | None:
    """Once set, a source identity stays through all roles that are chained."""
    if requested and inherited and requested != inherited:
        raise _RefusedError("AccessDenied", f"The source identity {inherited} of the session cannot be changed")
    return inherited or requested or None


def _role(session: _Session, caller: str) -> dict[str, Any]:
    role: dict[str, Any] | None = iam._roles.get_scoped(session.account, None, session.role_arn.rsplit("/", 1)[-1])
    if role is None or role["Arn"] != session.role_arn:
        # As AWS does: whether a role exists is nobody's business.
        raise _denied(caller, "sts:AssumeRole", session.role_arn)
    return role


def _denied(caller: str, action: str, role_arn: str) -> _RefusedError:
    return _RefusedError(
        "AccessDenied", f"User: {caller} is not authorized to perform: {action} on resource: {role_arn}"
    )


def _context(session: _Session, principal: str, principal_type: str, account: str) -> Any:
    return iam_evaluator.EvalContext(
        principal_arn=principal,
        principal_type=principal_type,
        principal_account=account,
        action="",
        resource_arn=session.role_arn,
        region=get_region(),
        request_tags=dict(session.tags),
        tag_keys=list(session.tags),
        service_context=session.condition_keys(),
        principal_keys={},
        secure_transport=True,
    )


def _not_permitted(session: _Session, access_key: str) -> str | None:
    """The first action that the caller's own policies do not allow; the assuming itself is checked at the door."""
    keys: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in session.tags.items()}
    keys |= {"aws:TagKeys": list(session.tags), **session.condition_keys()}
    for action in session.trust_actions:
        if iam_evaluator.enforce(access_key, action, "sts", get_region(), session.role_arn, keys):
            return action
    return None


def _assume_role_with_saml(parameters: Mapping[str, Any]) -> Answer:
    role_arn, provider = _text(parameters, "RoleArn"), _text(parameters, "PrincipalArn")
    try:
        assertion = saml.decoded(_text(parameters, "SAMLAssertion"))
    except saml.InvalidAssertionError as error:
        raise _RefusedError("InvalidIdentityToken", f"Response is not valid: {error}") from error
    if _issuer_of(provider) != assertion.issuer:
        raise _RefusedError("InvalidIdentityToken", "Issuer not present in specified provider")
    session = _Session(
        role_arn=role_arn,
        name=assertion.session_name,
        tags=assertion.tags,
        transitive_tags=frozenset(assertion.transitive_tags),
        source_identity=assertion.source_identity,
        provider=provider,
        seconds=int(_text(parameters, "DurationSeconds") or _DEFAULT_SECONDS),
    )
    role = iam._roles.get_scoped(session.account, None, role_arn.rsplit("/", 1)[-1])
    context = _context(session, provider, "FederatedUser", session.account)
    context.region = assertion.region  # the call is not signed, and the signature is what names a region
    context.service_context |= {
        "saml:aud": assertion.audience,
        "saml:iss": assertion.issuer,
        "saml:sub": assertion.subject,
    }
    applicant = Applicant(principal=provider, federated=True)
    actions = ["sts:AssumeRoleWithSAML", *session.trust_actions]
    refused = (
        "sts:AssumeRoleWithSAML"
        if role is None or (role_arn, provider) not in assertion.roles
        else refused_action(role["AssumeRolePolicyDocument"], applicant, actions, context)
    )
    if refused:
        raise _RefusedError("AccessDenied", f"Not authorized to perform {refused}")
    identity = (
        f"<Subject>{escape(assertion.subject)}</Subject><SubjectType>persistent</SubjectType>"
        f"<Issuer>{escape(assertion.issuer)}</Issuer><Audience>{assertion.audience}</Audience>"
    )
    return _assumed("AssumeRoleWithSAML", session, _registered(session, {}), identity)


def service_session(service: str, role_arn: str, name: str) -> dict[str, str] | None:
    """The credentials that an AWS service has when it works as a role; ``None`` where the role does not trust it.

    Args:
        service: Such as ``codebuild.amazonaws.com``.
        role_arn: The role.
        name: The session's name.
    """
    role = iam._roles.get_scoped(role_arn.split(":")[4], None, role_arn.rsplit("/", 1)[-1])
    if role is None or not trusts_service(role["AssumeRolePolicyDocument"], service):
        return None
    return _registered(_Session(role_arn=role_arn, name=name, seconds=_SERVICE_SECONDS), {})


def _issuer_of(provider: str) -> str | None:
    parts = provider.split(":")
    found = iam._saml_providers.get_scoped(parts[4], None, provider) if len(parts) > 5 else None  # noqa: PLR2004
    return saml.entity_id(found["SAMLMetadataDocument"]) if found else None


def _registered(session: _Session, source: Mapping[str, str]) -> dict[str, str]:
    """Store the session; return its credentials."""
    assumed = _assumed_arn(session)
    expires = time.time() + session.seconds
    credentials = {
        "AccessKeyId": sts._gen_session_access_key(),
        "SecretAccessKey": sts._gen_secret(),
        "SessionToken": sts._gen_session_token(),
    }
    sts.register_session(
        credentials["AccessKeyId"],
        {
            **credentials,
            **source,
            "Arn": assumed,
            "UserId": f"{sts._role_id(session.role_arn)}:{session.name}",
            "Expiration": expires,
            "AccountId": session.account,
            "PrincipalType": "AssumedRole",
            "SessionTags": [{"Key": key, "Value": value} for key, value in session.tags.items()],
            "TransitiveTagKeys": sorted(session.transitive_tags),
            "SourceIdentity": session.source_identity,
            "MultiFactorAuthPresent": "true" if session.multi_factor else "",
            "FederatedProvider": session.provider,
            "SessionPolicies": session.policies,
        },
    )
    expiration = datetime.datetime.fromtimestamp(expires, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**credentials, "Expiration": expiration}


def _assumed_arn(session: _Session) -> str:
    arn, invalid = sts._assumed_role_arn(session.role_arn, session.name)
    if invalid:
        raise _RefusedError("ValidationError", f"{session.role_arn} is invalid")
    return str(arn)


def _assumed(operation: str, session: _Session, credentials: Mapping[str, str], identity: str) -> Answer:
    fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in credentials.items())
    source = f"<SourceIdentity>{escape(session.source_identity)}</SourceIdentity>" if session.source_identity else ""
    user = (
        f"<AssumedRoleId>{sts._role_id(session.role_arn)}:{escape(session.name)}</AssumedRoleId>"
        f"<Arn>{escape(_assumed_arn(session))}</Arn>"
    )
    result = (
        f"<{operation}Result><Credentials>{fields}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>"
        f"<PackedPolicySize>0</PackedPolicySize>{identity}{source}</{operation}Result>"
    )
    return sts._xml(200, f"{operation}Response", result, ns="sts")  # type: ignore[no-any-return]


def _with_multi_factor(answer: Answer, parameters: Mapping[str, Any]) -> Answer:
    """Remember that a user gave the code of its device."""
    status, _, body = answer
    if status == 200 and _text(parameters, "SerialNumber") and _text(parameters, "TokenCode"):  # noqa: PLR2004 - HTTP
        text = body.decode() if isinstance(body, bytes) else body
        key = text.partition("<AccessKeyId>")[2].partition("</AccessKeyId>")[0]
        sts._sessions[key]["MultiFactorAuthPresent"] = "true"
    return answer
