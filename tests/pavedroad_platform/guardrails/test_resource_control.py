from pavedroad_platform.guardrails.policy_document import size_in_bytes
from pavedroad_platform.guardrails.resource_control import resource_control_policy


def _conditions(organization) -> dict:
    return {it["Sid"]: it["Condition"] for it in resource_control_policy(organization)["Statement"]}


def test_it_is_within_its_quota_and_denies_to_everyone(organization) -> None:
    document = resource_control_policy(organization)
    assert size_in_bytes(document) <= 5120
    for statement in document["Statement"]:
        assert (statement["Effect"], statement["Principal"], statement["Resource"]) == ("Deny", "*", "*")


def test_strangers_are_refused_and_services_are_not(organization) -> None:
    condition = _conditions(organization)["OwnPrincipals"]
    assert condition["StringNotEqualsIfExists"]["aws:PrincipalOrgID"] == "o-exampleorgid"
    assert condition["BoolIfExists"] == {"aws:PrincipalIsAWSService": "false"}


def test_load_balancers_of_older_regions_write_their_access_logs(organization) -> None:
    accounts = _conditions(organization)["OwnPrincipals"]["StringNotEqualsIfExists"]["aws:PrincipalAccount"]
    assert len(accounts) == len(organization.allowed_regions)


def test_regions_whose_load_balancers_are_services_need_no_account(organization) -> None:
    newer = organization.model_copy(update={"allowed_regions": ("eu-south-2",)})
    assert _conditions(newer)["OwnPrincipals"]["StringNotEqualsIfExists"] == {"aws:PrincipalOrgID": "o-exampleorgid"}


def test_services_that_act_for_strangers_are_refused(organization) -> None:
    assert _conditions(organization)["OwnDeputies"] == {
        "StringNotEqualsIfExists": {"aws:SourceOrgID": "o-exampleorgid"},
        "Null": {"aws:SourceAccount": "false"},
        "Bool": {"aws:PrincipalIsAWSService": "true"},
    }


def test_plain_text_is_refused(organization) -> None:
    assert _conditions(organization)["SecureTransport"] == {"BoolIfExists": {"aws:SecureTransport": "false"}}


def test_people_can_still_sign_in(organization) -> None:
    for statement in resource_control_policy(organization)["Statement"]:
        assert not {"sts:*", "sts:AssumeRoleWithSAML"} & set(statement["Action"])
