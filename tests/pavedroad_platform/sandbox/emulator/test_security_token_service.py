"""Roles: who may assume them, and what a session carries on."""

import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.sandbox import emulator_process
from pavedroad_platform.sandbox.emulator.saml import Assertion

GATEWAY, WORKLOAD, OTHER = "222222222222", "777777777777", "555555555555"
METADATA = (
    '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://identity.example.com">'
    # A document of the shortest length that IAM takes: real ones hold certificates.
    f"<IDPSSODescriptor/><!-- {'certificate ' * 80} --></EntityDescriptor>"
)
ACTIONS = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")


@pytest.fixture(scope="module")
def provider(emulator: Any) -> str:
    """The gateway's identity provider."""
    iam = emulator.client("iam", GATEWAY)
    arn: str = iam.create_saml_provider(Name="people", SAMLMetadataDocument=METADATA)["SAMLProviderArn"]
    return arn


@pytest.fixture(scope="module")
def developer(emulator: Any, provider: str) -> str:
    """The role of people in the gateway."""
    trust = emulator.trusting(
        {"Federated": provider},
        "sts:AssumeRoleWithSAML",
        "sts:TagSession",
        "sts:SetSourceIdentity",
        StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"},
        StringLike={"aws:RequestTag/team": "*", "sts:SourceIdentity": "*"},
    )
    arn: str = emulator.role("developer", trust, emulator.allowing(*ACTIONS), account=GATEWAY)
    return arn


@pytest.fixture(scope="module")
def workload_role(emulator: Any, developer: str) -> str:
    """A role that trusts the gateway's role alone, for people of the team orders."""
    trust = emulator.trusting(
        {"AWS": developer},
        *ACTIONS,
        StringEquals={"aws:PrincipalTag/team": "orders"},
        StringLike={"aws:SourceIdentity": "?*"},
    )
    arn: str = emulator.role("operator", trust, emulator.allowing("s3:ListAllMyBuckets"), account=WORKLOAD)
    return arn


def _log_in(emulator: Any, role: str, provider: str, **more: Any) -> dict[str, str]:
    said = {
        "issuer": "https://identity.example.com",
        "subject": "ada",
        "roles": [(role, provider)],
        "session_name": "ada",
        "tags": {"team": "orders"},
        "transitive_tags": ["team"],
        "source_identity": "ada@example.com",
        **more,
    }
    answer = emulator.client("sts", GATEWAY).assume_role_with_saml(
        RoleArn=role, PrincipalArn=provider, SAMLAssertion=Assertion(**said).encoded()
    )
    credentials: dict[str, str] = answer["Credentials"]
    return credentials


def test_a_person_enters_the_gateway_and_goes_on(
    emulator: Any, developer: str, provider: str, workload_role: str
) -> None:
    person = _log_in(emulator, developer, provider)
    identity = emulator.client("sts", credentials=person).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{GATEWAY}:assumed-role/developer/ada"
    session = emulator.assume(workload_role, by=person, RoleSessionName="ada")
    sts = emulator.client("sts", credentials=session)
    assert sts.get_caller_identity()["Arn"] == f"arn:aws:sts::{WORKLOAD}:assumed-role/operator/ada"
    assert emulator.client("s3", credentials=session).list_buckets()["Buckets"] == []


def test_the_answer_tells_the_source_identity(emulator: Any, developer: str, provider: str, workload_role: str) -> None:
    person = _log_in(emulator, developer, provider)
    sts = emulator.client("sts", credentials=person)
    answer = sts.assume_role(RoleArn=workload_role, RoleSessionName="ada")
    assert answer["SourceIdentity"] == "ada@example.com"
    with pytest.raises(sts.exceptions.ClientError, match="cannot be changed"):
        sts.assume_role(RoleArn=workload_role, RoleSessionName="ada", SourceIdentity="eve@example.com")


@pytest.mark.parametrize("account", [WORKLOAD, OTHER, GATEWAY])
def test_an_administrator_cannot_assume_the_role_directly(emulator: Any, workload_role: str, account: str) -> None:
    with pytest.raises(Exception, match="not authorized to perform: sts:AssumeRole"):
        emulator.assume(workload_role, by=account)


def test_people_of_another_team_are_refused(emulator: Any, developer: str, provider: str, workload_role: str) -> None:
    person = _log_in(emulator, developer, provider, tags={"team": "billing"})
    with pytest.raises(Exception, match="not authorized to perform: sts:AssumeRole"):
        emulator.assume(workload_role, by=person)


def test_a_tag_that_is_not_transitive_does_not_pass_on(emulator: Any, developer: str, provider: str) -> None:
    trust = emulator.trusting({"AWS": developer}, *ACTIONS)
    middle = emulator.role("middle", trust, emulator.allowing(*ACTIONS), account=OTHER)
    tagged = emulator.trusting({"AWS": middle}, *ACTIONS, StringEquals={"aws:PrincipalTag/team": "orders"})
    last = emulator.role("last", tagged, account=WORKLOAD)
    for transitive, allowed in ((["team"], True), ([], False)):
        person = _log_in(emulator, developer, provider, transitive_tags=transitive)
        session = emulator.assume(middle, by=person)
        if allowed:
            assert emulator.assume(last, by=session)
        else:
            with pytest.raises(Exception, match="not authorized to perform: sts:AssumeRole"):
                emulator.assume(last, by=session)


def test_tagging_a_session_must_be_allowed_by_the_trust_policy(emulator: Any) -> None:
    role = emulator.role("untaggable", emulator.trusting({"AWS": f"arn:aws:iam::{OTHER}:root"}), account=WORKLOAD)
    assert emulator.assume(role, by=OTHER)
    with pytest.raises(Exception, match="not authorized to perform: sts:TagSession"):
        emulator.assume(role, by=OTHER, Tags=[{"Key": "team", "Value": "orders"}])
    with pytest.raises(Exception, match="not authorized to perform: sts:SetSourceIdentity"):
        emulator.assume(role, by=OTHER, SourceIdentity="ada")


def test_a_role_for_a_service_is_not_for_the_administrator(emulator: Any) -> None:
    role = emulator.role("service", emulator.trusting({"Service": "lambda.amazonaws.com"}), account=WORKLOAD)
    with pytest.raises(Exception, match="not authorized to perform: sts:AssumeRole"):
        emulator.assume(role, by=WORKLOAD)


def test_an_external_id_is_evaluated(emulator: Any) -> None:
    trust = emulator.trusting({"AWS": f"arn:aws:iam::{OTHER}:root"}, StringEquals={"sts:ExternalId": "secret"})
    role = emulator.role("external", trust, account=WORKLOAD)
    assert emulator.assume(role, by=OTHER, ExternalId="secret")
    with pytest.raises(Exception, match="AccessDenied"):
        emulator.assume(role, by=OTHER)


def test_a_role_that_does_not_exist_is_refused_alike(emulator: Any) -> None:
    with pytest.raises(Exception, match=r"AccessDenied.*not authorized to perform: sts:AssumeRole"):
        emulator.assume(f"arn:aws:iam::{WORKLOAD}:role/nobody", by=OTHER)


def test_multi_factor_authentication_is_evaluated(emulator: Any) -> None:
    trust = emulator.trusting({"AWS": f"arn:aws:iam::{OTHER}:root"}, Bool={"aws:MultiFactorAuthPresent": "true"})
    role = emulator.role("break-glass", trust, account=WORKLOAD)
    with pytest.raises(Exception, match="AccessDenied"):
        emulator.assume(role, by=OTHER)
    assert emulator.assume(role, by=OTHER, SerialNumber=f"arn:aws:iam::{OTHER}:mfa/ada", TokenCode="123456")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"issuer": "https://elsewhere.example.com"}, "InvalidIdentityToken.*Issuer not present"),
        ({"roles": []}, "AccessDenied.*Not authorized to perform sts:AssumeRoleWithSAML"),
        ({"tags": {}, "transitive_tags": []}, "AccessDenied"),
        ({"source_identity": None}, "AccessDenied"),
        ({"session_name": ""}, "InvalidIdentityToken.*RoleSessionName is required"),
        (
            {"expires": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)},
            "InvalidIdentityToken.*must be redeemed before 2020-01-01",
        ),
    ],
)
def test_assertions_that_are_refused(
    emulator: Any, developer: str, provider: str, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(Exception, match=message):
        _log_in(emulator, developer, provider, **change)


@pytest.mark.parametrize(
    ("endpoint", "allowed"), [("eu-west-1.signin", True), ("us-east-1.signin", False), ("signin", False)]
)
def test_the_region_is_that_of_the_sign_in_endpoint(emulator: Any, provider: str, endpoint: str, allowed: bool) -> None:
    name = f"regional-{endpoint.replace('.', '-')}"
    trust = emulator.trusting(
        {"Federated": provider},
        "sts:AssumeRoleWithSAML",
        "sts:TagSession",
        "sts:SetSourceIdentity",
        StringEquals={"aws:RequestedRegion": "eu-west-1"},
    )
    role = emulator.role(name, trust, account=GATEWAY)
    audience = f"https://{endpoint}.aws.amazon.com/saml"
    if allowed:
        assert _log_in(emulator, role, provider, audience=audience)
    else:
        with pytest.raises(Exception, match="AccessDenied"):
            _log_in(emulator, role, provider, audience=audience)


def test_an_assertion_that_cannot_be_read_is_refused(emulator: Any, developer: str, provider: str) -> None:
    with pytest.raises(Exception, match=r"InvalidIdentityToken.*Couldn't be parsed"):
        emulator.client("sts", GATEWAY).assume_role_with_saml(
            RoleArn=developer, PrincipalArn=provider, SAMLAssertion="bm90aGluZw=="
        )


def test_a_service_works_with_the_rights_of_a_role_that_trusts_it_and_of_no_other(emulator: Any) -> None:
    running = emulator_process.Emulator(port=emulator.port, pid=emulator.process.pid, started=0)
    build, other = (
        emulator.role(
            f"of-{service}",
            emulator.trusting({"Service": f"{service}.amazonaws.com"}),
            emulator.allowing("sns:ListTopics"),
            account=WORKLOAD,
        )
        for service in ("codebuild", "lambda")
    )
    session = running.service_session("codebuild.amazonaws.com", build, "AWSCodeBuild-Prove")
    credentials = {
        "AccessKeyId": session["AWS_ACCESS_KEY_ID"],
        "SecretAccessKey": session["AWS_SECRET_ACCESS_KEY"],
        "SessionToken": session["AWS_SESSION_TOKEN"],
    }
    assert emulator.client("sns", credentials=credentials).list_topics()["Topics"] == []
    with pytest.raises(ClientError, match="not authorized to perform: sqs:ListQueues"):
        emulator.client("sqs", credentials=credentials).list_queues()
    for refused in (other, f"{build}-that-is-not-there"):
        with pytest.raises(PlatformError, match="does not exist, or does not trust the service"):
            running.service_session("codebuild.amazonaws.com", refused, "AWSCodeBuild-Prove")
