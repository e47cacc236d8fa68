"""SAML assertions: what the sandbox's identity provider issues, and what STS reads in them.

The signature is neither made nor checked: whoever can reach the loopback port is the administrator anyway.
"""

import base64
import binascii
import datetime
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as Xml

AUDIENCE = "https://signin.aws.amazon.com/saml"

# The sign-in endpoint of one region, or the general one.
_AUDIENCE = re.compile(r"https://([a-z0-9-]+\.)?signin\.aws\.amazon\.com/saml")
_ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
_TAG = f"{_ATTRIBUTES}PrincipalTag:"
_NAMESPACES = {
    "assertion": "urn:oasis:names:tc:SAML:2.0:assertion",
    "metadata": "urn:oasis:names:tc:SAML:2.0:metadata",
    "protocol": "urn:oasis:names:tc:SAML:2.0:protocol",
}
_VALID_MINUTES = 5


class InvalidAssertionError(ValueError):
    """The assertion cannot be read, is too old or is not for AWS."""


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """What an identity provider says of a person.

    Attributes:
        issuer: The identity provider's entity id.
        subject: The person's name id.
        roles: Pairs of role ARN and provider ARN that the person may use.
        session_name: The role session's name.
        tags: The session tags.
        transitive_tags: The keys of those that pass on to the next role.
        source_identity: Who the person is, for good; ``None`` where it is not told.
        audience: The sign-in endpoint that it is for. Left out: the global one; a region's begins with its name.
        expires: Until when it can be used.
    """

    issuer: str
    subject: str
    roles: Sequence[tuple[str, str]]
    session_name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive_tags: Sequence[str] = ()
    source_identity: str | None = None
    audience: str = AUDIENCE
    expires: datetime.datetime = field(
        default_factory=lambda: datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=_VALID_MINUTES)
    )

    @property
    def region(self) -> str:
        """The region of the sign-in endpoint; the global one is in us-east-1."""
        host = self.audience.removeprefix("https://")
        return "us-east-1" if host.startswith("signin.") else host.partition(".")[0]

    def encoded(self) -> str:
        """The response as ``AssumeRoleWithSAML`` takes it: XML in base64."""
        values: dict[str, Sequence[str]] = {
            f"{_ATTRIBUTES}Role": [f"{role},{provider}" for role, provider in self.roles],
            f"{_ATTRIBUTES}RoleSessionName": [self.session_name],
            **{f"{_TAG}{key}": [value] for key, value in self.tags.items()},
        }
        if self.transitive_tags:
            values[f"{_ATTRIBUTES}TransitiveTagKeys"] = list(self.transitive_tags)
        if self.source_identity:
            values[f"{_ATTRIBUTES}SourceIdentity"] = [self.source_identity]
        return base64.b64encode(Xml.tostring(self._response(values))).decode()

    def _response(self, values: Mapping[str, Sequence[str]]) -> Xml.Element:
        response = Xml.Element(_name("protocol", "Response"), ID=f"_{uuid.uuid4()}", Version="2.0")
        assertion = Xml.SubElement(response, _name("assertion", "Assertion"), ID=f"_{uuid.uuid4()}", Version="2.0")
        Xml.SubElement(assertion, _name("assertion", "Issuer")).text = self.issuer
        subject = Xml.SubElement(assertion, _name("assertion", "Subject"))
        Xml.SubElement(subject, _name("assertion", "NameID")).text = self.subject
        expires = self.expires.isoformat(timespec="seconds").replace("+00:00", "Z")
        conditions = Xml.SubElement(assertion, _name("assertion", "Conditions"), NotOnOrAfter=expires)
        restriction = Xml.SubElement(conditions, _name("assertion", "AudienceRestriction"))
        Xml.SubElement(restriction, _name("assertion", "Audience")).text = self.audience
        statement = Xml.SubElement(assertion, _name("assertion", "AttributeStatement"))
        for name, texts in values.items():
            attribute = Xml.SubElement(statement, _name("assertion", "Attribute"), Name=name)
            for text in texts:
                Xml.SubElement(attribute, _name("assertion", "AttributeValue")).text = text
        return response


def _name(namespace: str, tag: str) -> str:
    return f"{{{_NAMESPACES[namespace]}}}{tag}"


def decoded(encoded: str) -> Assertion:
    """Read what ``AssumeRoleWithSAML`` was given.

    Raises:
        InvalidAssertionError: It cannot be read, is too old or is not for AWS.
    """
    try:
        root = Xml.fromstring(base64.b64decode(encoded, validate=True))  # noqa: S314 - from this machine
    except (Xml.ParseError, binascii.Error) as error:
        raise InvalidAssertionError("Couldn't be parsed") from error
    values = {
        attribute.get("Name", ""): [
            item.text or "" for item in attribute.findall("assertion:AttributeValue", _NAMESPACES)
        ]
        for attribute in root.iterfind(".//assertion:Attribute", _NAMESPACES)
    }
    conditions = root.find(".//assertion:Conditions", _NAMESPACES)
    expires = _time(conditions.get("NotOnOrAfter", "") if conditions is not None else "")
    audience = _text(root, "Audience")
    if not _AUDIENCE.fullmatch(audience):
        raise InvalidAssertionError(f"The audience is neither {AUDIENCE} nor that of a region")
    names = values.get(f"{_ATTRIBUTES}RoleSessionName") or [""]
    if not names[0]:
        raise InvalidAssertionError("RoleSessionName is required in AuthnResponse")
    return Assertion(
        issuer=_text(root, "Issuer"),
        subject=_text(root, "NameID"),
        roles=[_role_and_provider(text) for text in values.get(f"{_ATTRIBUTES}Role", [])],
        session_name=names[0],
        tags={name.removeprefix(_TAG): texts[0] for name, texts in values.items() if name.startswith(_TAG) and texts},
        transitive_tags=values.get(f"{_ATTRIBUTES}TransitiveTagKeys", []),
        source_identity=next(iter(values.get(f"{_ATTRIBUTES}SourceIdentity", [])), None),
        audience=audience,
        expires=expires,
    )


def _time(text: str) -> datetime.datetime:
    try:
        expires = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise InvalidAssertionError("NotOnOrAfter is missing") from error
    if expires < datetime.datetime.now(datetime.UTC):
        raise InvalidAssertionError(f"Token must be redeemed before {text}")
    return expires


def _text(root: Xml.Element, tag: str) -> str:
    return (root.findtext(f".//assertion:{tag}", namespaces=_NAMESPACES) or "").strip()


def _role_and_provider(text: str) -> tuple[str, str]:
    """Either order is allowed."""
    first, _, second = (part.strip() for part in text.partition(","))
    return (second, first) if ":saml-provider/" in first else (first, second)


def entity_id(metadata: str) -> str:
    """The identity provider's entity id in its metadata document; empty where it is not one."""
    try:
        root = Xml.fromstring(metadata)  # noqa: S314 - from this machine
    except Xml.ParseError:
        return ""
    return root.get("entityID", "")
