"""Rules for access through the gateway."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from pavedroad_platform.catalog.products import KEYS
from pavedroad_platform.errors import Problem
from pavedroad_platform.organization import quotas
from pavedroad_platform.organization.document import Node
from pavedroad_platform.organization.names import Names
from pavedroad_platform.organization.rules.files import Files, place_of, unknown
from pavedroad_platform.organization.rules.organizational_units import targets

_METADATA: Final = "{urn:oasis:names:tc:SAML:2.0:metadata}"
_SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_DOWNLOAD: Final = "Download the metadata document from your identity provider again."


def metadata_document_is_usable(files: Files) -> Iterator[Problem]:
    """IAM refuses a SAML provider whose metadata is missing, no metadata, too long or without a certificate."""
    provider = files.root("access").child("identity_provider")
    name = provider.word("metadata_file") if provider else None
    if name is None:
        return
    file = files.directory / name.value
    if not file.resolve().is_relative_to(files.directory.resolve()):
        yield name.problem("the file is outside of this directory", "Copy it beside the YAML files and write its path.")
    elif not file.is_file():
        yield name.problem(f"there is no file {file}", "Write the path from this directory, such as saml/provider.xml.")
    elif reason := _unusable(file):
        yield name.problem(f"{file} is no SAML metadata that IAM takes: {reason}", _DOWNLOAD)


def _unusable(file: Path) -> str | None:
    content = file.read_bytes()
    least, most = quotas.SAML_METADATA_BYTES
    if not least <= len(content) <= most:
        return f"it has {len(content):,} bytes, and {least:,} to {most:,} are allowed"
    try:
        # The document is one of the platform team's own files, reviewed like its code.
        document = ElementTree.fromstring(content)  # noqa: S314
    except ElementTree.ParseError as error:
        return f"it is not XML: {error}"
    needed = {
        "EntityDescriptor": document.tag == f"{_METADATA}EntityDescriptor",
        "IDPSSODescriptor": document.find(f"{_METADATA}IDPSSODescriptor") is not None,
        "SingleSignOnService": document.find(f".//{_METADATA}SingleSignOnService") is not None,
        "X509Certificate": bool((document.findtext(f".//{_SIGNATURE}X509Certificate") or "").strip()),
    }
    missing = [name for name, stands in needed.items() if not stands]
    return f"it has no {', no '.join(missing)}" if missing else None


def role_targets_exist(files: Files) -> Iterator[Problem]:
    """A role reaches accounts, organizational units and teams that are described."""
    for role in files.items("access", "roles"):
        if reach := role.child("targets"):
            yield from unknown("account", reach.words("accounts"), files.keys("accounts", "accounts"))
            yield from unknown("organizational unit", reach.words("organizational_units"), targets(files))
            yield from unknown("team", reach.words("teams"), files.keys("teams", "teams"))


def roles_reach_something(files: Files) -> Iterator[Problem]:
    """A role without targets can be signed in to and leads nowhere."""
    for role in files.items("access", "roles"):
        reach = role.child("targets")
        if reach and isinstance(reach.value, dict) and not any(reach.items(name) for name in reach.value):
            fix = "List at least one under accounts, purposes, organizational_units or teams."
            yield reach.problem("the role reaches no account", fix)


def role_names_differ(files: Files) -> Iterator[Problem]:
    """IAM compares names without regard to case, and keys become names: two keys must not become one name."""
    taken: dict[str, Node | str] = {Names("").launch_role(key).lower(): f"the product {key}" for key in KEYS}
    for role in files.items("access", "roles"):
        names = Names("").role(role.key), Names("").gateway_role(role.key)
        holders = [(name, taken.setdefault(name.lower(), role)) for name in names]
        name, holder = next(((name, holder) for name, holder in holders if holder is not role), ("", role))
        if holder is not role:
            whose = place_of(holder) if isinstance(holder, Node) else holder
            yield role.problem(f"the role's name in IAM, {name}, is that of {whose}", "Give it another key.")
