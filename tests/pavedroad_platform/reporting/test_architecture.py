import json

import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.reporting.architecture import Relation, read_architecture


@pytest.fixture
def assembly(tmp_path):
    """An assembly of one template for each account that the test names."""

    def write(**resources_of_account):
        artifacts = {}
        for account, resources in resources_of_account.items():
            name = f"pavedroad-{account.replace('_', '-')}"
            artifacts[name] = {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://{IDS[account]}/eu-west-1",
                "properties": {"templateFile": f"{name}.template.json"},
            }
            template = {"Resources": {f"Resource{number}": each for number, each in enumerate(resources)}}
            (tmp_path / f"{name}.template.json").write_text(json.dumps(template))
            (tmp_path / f"{name}.metadata.json").write_text("{}")
        (tmp_path / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": artifacts}))
        return tmp_path

    return write


IDS = {"management": "111111111111", "gateway": "222222222222", "audit": "444444444444", "shared_services": "5" * 12}
OTHERS = ["audit", "catalog-test", "gateway", "log-archive", "orders-development", "orders-production"]
OTHERS += ["shared-services"]


def role_for(account_id):
    trust = {"Statement": [{"Principal": {"AWS": f"arn:aws:iam::{account_id}:role/PavedRoadGatewayAuditor"}}]}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}


def links_of(assembly, organization):
    return list(read_architecture(assembly, organization).links)


def test_accounts_stand_in_their_nested_units(assembly, organization) -> None:
    units = read_architecture(assembly(), organization).units
    assert {path: [card.account.key for card in cards] for path, cards in units.items()} == {
        (): ["management"],
        ("Security",): ["gateway", "log-archive", "audit"],
        ("Infrastructure",): ["shared-services"],
        ("Catalog Test",): ["catalog-test"],
        ("Workloads", "Development"): ["orders-development"],
        ("Workloads", "Production"): ["orders-production"],
    }


def test_stacks_count_their_resources_by_service(assembly, organization) -> None:
    bucket, topic = {"Type": "AWS::S3::Bucket"}, {"Type": "AWS::SNS::Topic"}
    units = read_architecture(assembly(audit=[bucket, topic, bucket]), organization).units
    (stack,) = units["Security",][2].stacks
    assert (stack.name, stack.resources, list(stack.services)) == ("audit", 3, [("S3", 2), ("SNS", 1)])


def test_a_role_that_trusts_the_gateway_is_a_way_for_people(assembly, organization) -> None:
    assert links_of(assembly(audit=[role_for(IDS["gateway"])]), organization) == [("gateway", "audit", Relation.PEOPLE)]
    assert links_of(assembly(gateway=[role_for(IDS["gateway"])]), organization) == []


def test_a_role_that_trusts_the_catalogues_account_is_for_proofs_and_reports(assembly, organization) -> None:
    links = links_of(assembly(audit=[role_for(IDS["shared_services"])]), organization)
    assert links == [("shared-services", "audit", Relation.PROOFS)]


def test_launch_roles_go_to_the_accounts_that_launch(assembly, organization) -> None:
    links = links_of(assembly(management=[{"Type": "AWS::CloudFormation::StackSet"}]), organization)
    accounts = ("orders-development", "orders-production", "shared-services")
    assert links == [("management", account, Relation.LAUNCH_ROLES) for account in accounts]


def test_policies_apply_to_every_other_account(assembly, organization) -> None:
    links = links_of(assembly(management=[{"Type": "AWS::Organizations::Policy"}]), organization)
    assert links == [("management", other, Relation.POLICIES) for other in OTHERS]


def test_an_analyzer_of_the_organisation_gets_from_every_other_account(assembly, organization) -> None:
    analyzer = {"Type": "AWS::AccessAnalyzer::Analyzer", "Properties": {"Type": "ORGANIZATION"}}
    links = links_of(assembly(audit=[analyzer]), organization)
    assert {(getter, relation) for _, getter, relation in links} == {("audit", Relation.FINDINGS)}
    assert [giver for giver, _, _ in links] == sorted({*OTHERS, "management"} - {"audit"})


def test_logs_go_where_the_bucket_of_that_account_is(assembly, organization) -> None:
    trail = {"Type": "AWS::CloudTrail::Trail", "Properties": {"S3BucketName": "pavedroad-log-archive-333333333333-eu"}}
    links = links_of(assembly(management=[trail]), organization)
    assert links == [("management", "log-archive", Relation.LOGS)]


def test_products_are_shared_with_workload_accounts(assembly, organization) -> None:
    links = links_of(assembly(shared_services=[{"Type": "Custom::PortfolioShare"}]), organization)
    accounts = ("orders-development", "orders-production")
    assert links == [("shared-services", account, Relation.PRODUCTS) for account in accounts]


def test_without_a_synthesised_app_the_error_says_what_to_run(tmp_path, organization) -> None:
    with pytest.raises(PlatformError, match="there is no synthesised app\n    run: make synth"):
        read_architecture(tmp_path, organization)
