"""Files that do not agree with each other."""

from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from pavedroad_platform.organization.document import read
from pavedroad_platform.organization.loading import FILES
from pavedroad_platform.organization.rules import RULES
from pavedroad_platform.organization.rules.files import Files

# file, text, what stands there instead
CASES = {
    "home_region_is_misspelt": [("organization", "home_region: eu-west-1", "home_region: eu-wset-1")],
    "allowed_region_does_not_exist": [("organization", "eu-central-1, us-east-1]", "eu-central-7, us-east-1]")],
    "home_region_is_not_allowed": [("organization", "allowed_regions: [eu-west-1, ", "allowed_regions: [")],
    "unit_is_called_root": [
        ("organization", "  security:\n    name: Security", "  root:\n    name: Root\n  security:\n    name: Security")
    ],
    "parent_does_not_exist": [
        ("organization", "name: Production\n    parent: workloads", "name: Production\n    parent: workload")
    ],
    "parents_form_a_circle": [("organization", "name: Workloads", "name: Workloads\n    parent: workloads-production")],
    "unit_is_its_own_parent": [("organization", "name: Security", "name: Security\n    parent: security")],
    "unit_is_too_deep": [
        (
            "organization",
            "\n# The mandatory",
            (
                "  a:\n    name: A\n    parent: workloads-production\n  b:\n    name: B\n    parent: a\n"
                "  c:\n    name: C\n    parent: b\n  d:\n    name: D\n    parent: c\n\n# The mandatory"
            ),
        )
    ],
    "siblings_have_one_name": [("organization", "name: Production", "name: development")],
    "policy_target_does_not_exist": [
        ("organization", "protect-data:\n    targets: [workloads,", "protect-data:\n    targets: [workload,")
    ],
    "target_has_too_many_policies": [
        ("organization", "protect-data:\n    targets: [workloads,", "protect-data:\n    targets: [workloads, root,"),
        (
            "organization",
            "require-encryption:\n    targets: [workloads,",
            "require-encryption:\n    targets: [workloads, root,",
        ),
    ],
    "account_id_stands_twice": [("accounts", '"444444444444"', '"333333333333"')],
    "email_stands_twice": [("accounts", "aws-audit@", "AWS-gateway@")],
    "account_is_in_unknown_unit": [
        ("accounts", "organizational_unit: infrastructure", "organizational_unit: infrastucture")
    ],
    "purpose_is_missing": [
        (
            "accounts",
            (
                '  audit:\n    id: "444444444444"\n    email: aws-audit@example.com\n'
                "    organizational_unit: security\n    purpose: audit\n    environment: production\n"
            ),
            "",
        )
    ],
    "purpose_stands_twice": [("accounts", "purpose: audit", "purpose: gateway")],
    "management_account_is_in_a_unit": [("accounts", "organizational_unit: root", "organizational_unit: security")],
    "workload_account_has_no_team": [
        ("accounts", "environment: development\n    team: orders", "environment: development")
    ],
    "workload_account_has_an_empty_team": [
        ("accounts", "environment: development\n    team: orders", "environment: development\n    team:")
    ],
    "platform_account_has_a_team": [("accounts", "purpose: audit", "purpose: audit\n    team: platform")],
    "team_does_not_exist": [
        ("accounts", "environment: development\n    team: orders", "environment: development\n    team: order")
    ],
    "platform_team_does_not_exist": [("organization", "team: platform", "team: plattform")],
    "application_does_not_exist": [
        (
            "accounts",
            "environment: development\n    team: orders",
            "environment: development\n    team: orders\n    application: orders-service",
        )
    ],
    "team_has_no_application": [
        ("accounts", "environment: development\n    team: orders", "environment: development\n    team: platform")
    ],
    "team_has_two_applications": [
        (
            "teams",
            "    applications:\n",
            "    applications:\n      billing:\n        name: Billing\n        data_classification: internal\n",
        )
    ],
    "metadata_file_is_missing": [("access", "saml/identity-provider.xml", "saml/provider.xml")],
    "metadata_file_is_outside": [("access", "saml/identity-provider.xml", "../identity-provider.xml")],
    "role_reaches_unknown_account": [("access", "teams: [orders]", "accounts: [orders-prod]")],
    "role_reaches_unknown_unit": [("access", "teams: [orders]", "organizational_units: [workload]")],
    "role_reaches_unknown_team": [("access", "teams: [orders]", "teams: [order]")],
    "role_reaches_nothing": [("access", "targets:\n      teams: [orders]", "targets: {}")],
    "role_reaches_nothing_in_empty_lists": [("access", "teams: [orders]", "teams: []")],
    "role_names_collide": [
        (
            "access",
            "  auditor:",
            (
                "  breakglass:\n    description: Repairs too.\n    groups: [others]\n"
                "    targets:\n      teams: [orders]\n    permissions: [administer]\n  auditor:"
            ),
        )
    ],
    "role_has_the_name_of_a_launch_role": [("access", "  auditor:", "  launch-network:")],
    "role_has_the_name_of_a_gateway_role": [("access", "  auditor:", "  gateway-developer:")],
    "network_is_in_unknown_account": [("network", "account: orders-production", "account: orders-prod")],
    "network_is_in_a_platform_account": [("network", "account: orders-production", "account: audit")],
    "range_has_no_length": [("network", "10.20.0.0/16", "10.20.0.0")],
    "range_has_an_impossible_length": [("network", "10.20.0.0/16", "10.20.0.0/33")],
    "range_has_an_impossible_address": [("network", "10.20.0.0/16", "10.20.300.0/16")],
    "range_is_of_ipv6": [("network", "10.20.0.0/16", "fd00::/16")],
    "range_begins_inside": [("network", "10.20.0.0/16", "10.20.1.0/16")],
    "range_is_public": [("network", "10.20.0.0/16", "20.20.0.0/16")],
    "range_is_too_small": [("network", "10.20.0.0/16", "10.20.0.0/25")],
    "range_is_too_large": [("network", "10.20.0.0/16", "10.32.0.0/12")],
    "ranges_overlap": [("network", "10.21.0.0/16", "10.20.128.0/20")],
    "ranges_overlap_and_no_other_is_free": [
        ("network", "10.20.0.0/16", "10.0.0.0/8"),
        ("network", "10.21.0.0/16", "10.0.0.0/8"),
    ],
    "range_is_within_another_that_stands_later": [("network", "10.21.0.0/16", "10.16.0.0/12")],
    "range_begins_with_zero": [("network", "10.20.0.0/16", "10.020.0.0/16")],
    "target_that_is_not_root_has_too_many_policies": [
        ("organization", "protect-platform:\n    targets: [root]", "protect-platform:\n    targets: [workloads]"),
        ("organization", "deny-root-user:\n    targets: [root]", "deny-root-user:\n    targets: [workloads]"),
        ("organization", "allowed-regions:\n    targets: [root]", "allowed-regions:\n    targets: [workloads]"),
    ],
    "two_nat_gateways_for_three_zones": [("network", "nat_gateways: 3", "nat_gateways: 2")],
    "three_nat_gateways_for_two_zones": [("network", "nat_gateways: 1", "nat_gateways: 3")],
    "endpoint_is_a_gateway_endpoint": [("network", "[ecr.api, ecr.dkr, logs, secretsmanager, ssm]", "[s3]")],
    "endpoint_has_its_region": [
        ("network", "[ecr.api, ecr.dkr, logs, secretsmanager, ssm]", "[com.amazonaws.eu-west-1.ecr.api]")
    ],
    "retention_is_none_of_cloudwatch": [("logging", "log_group_retention_days: 365", "log_group_retention_days: 100")],
    "retention_is_longer_than_cloudwatch_has": [
        ("logging", "log_group_retention_days: 365", "log_group_retention_days: 5000")
    ],
    "logs_are_deleted_while_locked": [("logging", "    days: 365", "    days: 3000")],
    "logs_move_after_deletion": [("logging", "after_days: 365", "after_days: 2557")],
    "logs_move_upwards": [
        ("logging", "storage_class: glacier-deep-archive", "storage_class: standard-infrequent-access")
    ],
    "logs_move_earlier_than_before": [("logging", "after_days: 365", "after_days: 60")],
    "logs_move_to_infrequent_access_too_early": [
        (
            "logging",
            "- storage_class: glacier-instant-retrieval\n      after_days: 90",
            "- storage_class: standard-infrequent-access\n      after_days: 7",
        )
    ],
    "product_does_not_exist": [("catalog", "secure-bucket", "secure-buket")],
    "portfolio_has_a_product_that_is_not_offered": [("catalog", "products: [network]", "products: [network, redis]")],
    "product_is_in_no_portfolio": [("catalog", "      - secure-bucket\n", "")],
    "portfolio_is_shared_with_unknown_unit": [
        (
            "catalog",
            "shared_with: [workloads]\n    principals: [PavedRoadPlatformEngineer]",
            "shared_with: [worklods]\n    principals: [PavedRoadPlatformEngineer]",
        )
    ],
    "portfolio_is_shared_with_the_test_account": [
        ("catalog", "shared_with: [workloads]", "shared_with: [workloads, catalog-test]")
    ],
    "portfolio_is_shared_with_everybody": [("catalog", "shared_with: [workloads]", "shared_with: [root]")],
    "canary_parameter_does_not_exist": [
        ("catalog", "network: {}", "network: {canary_parameters: {AdressRange: 10.64.0.0/18}}")
    ],
    "portfolio_is_shared_with_unknown_account": [
        ("catalog", "shared_with: [workloads]", "shared_with: [orders-developmnt]")
    ],
    "portfolio_is_shared_with_an_account_that_launches_nothing": [
        ("catalog", "shared_with: [workloads]", "shared_with: [workloads, management]")
    ],
    "portfolio_is_shared_with_the_account_of_the_catalogue": [
        ("catalog", "shared_with: [workloads]", "shared_with: [workloads, shared-services]")
    ],
    "portfolio_is_shared_with_an_account_twice": [
        ("catalog", "shared_with: [workloads]", "shared_with: [workloads, orders-development]")
    ],
    "portfolio_is_shared_with_a_unit_twice": [
        ("catalog", "shared_with: [workloads]", "shared_with: [workloads, workloads-production]")
    ],
    "portfolio_is_shared_with_an_account_or_a_unit_of_that_name": [
        ("organization", "  workloads-production:", "  orders-production:"),
        ("accounts", "organizational_unit: workloads-production", "organizational_unit: orders-production"),
        ("catalog", "shared_with: [workloads]", "shared_with: [orders-production]"),
    ],
    "portfolio_has_no_principal": [("catalog", "    principals: [PavedRoadPlatformEngineer]\n", "")],
    "portfolio_has_too_many_permission_sets": [
        (
            "catalog",
            "principals: [PavedRoadPlatformEngineer]",
            "principals: [PavedRoadPlatformEngineer]\n    permission_sets: [A, B, C, D, E, F, G, H, I, J]",
        )
    ],
    "permission_set_is_an_arn": [
        (
            "catalog",
            "principals: [PavedRoadPlatformEngineer]",
            "permission_sets: ['arn:aws:sso:::permissionSet/ssoins-1/ps-1']",
        )
    ],
    "portfolio_has_too_many_principals": [
        ("catalog", "principals: [PavedRoadPlatformEngineer]", "principals: [A, B, C, D, E, F, G, H, I, J, K]")
    ],
    "principal_is_an_arn": [
        (
            "catalog",
            "principals: [PavedRoadPlatformEngineer]",
            "principals: ['arn:aws:iam::666666666666:role/Developer']",
        )
    ],
    "principal_is_no_name": [("catalog", "principals: [PavedRoadPlatformEngineer]", "principals: ['the developers']")],
    "principal_is_everybody": [("catalog", "principals: [PavedRoadPlatformEngineer]", "principals: ['*']")],
    "principal_is_no_role_of_the_platform": [
        ("catalog", "principals: [PavedRoadPlatformEngineer]", "principals: [PavedRoadPlatformEngineers]")
    ],
    "tag_option_is_no_value_of_the_tag": [
        ("catalog", "lifetime: [permanent, temporary]", "data-classification: [internal, publik]")
    ],
    "budget_has_two_subjects": [
        ("budgets", "account: orders-production", "account: orders-production\n    team: orders")
    ],
    "budget_has_no_subject": [("budgets", "    account: orders-production\n", "")],
    "budget_is_of_an_unknown_account": [("budgets", "account: orders-production", "account: orders-prod")],
    "budget_is_of_an_unknown_team": [("budgets", "team: orders", "team: order")],
    "budget_is_of_an_unknown_portfolio": [("budgets", "portfolio: building-blocks", "portfolio: building-block")],
    "portfolio_has_two_budgets": [
        (
            "budgets",
            "  building-blocks:\n",
            "  more:\n    portfolio: building-blocks\n    monthly_limit_usd: 1\n  blocks:\n",
        )
    ],
    "billing_view_is_no_arn": [("budgets", "billing_view_arn: arn:", "billing_view_arn: custom:")],
    "connection_knows_no_repository_without_an_owner": [
        ("pipeline", "repository: example/paved-road", "repository: paved-road")
    ],
    "codecommit_has_no_owners": [("pipeline", "  connection_arn:", "  # connection_arn:")],
    "nobody_approves": [("pipeline", "approvers: [platform@example.com]", "approvers: []")],
    "list_names_something_twice": [("catalog", "products: [network]", "products: [network, network]")],
}


@pytest.mark.parametrize("mistake", CASES)
def test_tells_what_is_wrong_and_what_to_type_instead(
    mistake: str,
    edit: Callable[..., Path],
    problems_in: Callable[[Path], list[str]],
    snapshot: SnapshotAssertion,
) -> None:
    problems = problems_in(edit(CASES[mistake]))
    assert problems
    assert "\n".join(problems) == snapshot


def test_every_rule_has_a_mistake_that_breaks_it(example: Path, edit: Callable[..., Path]) -> None:
    unbroken = set(RULES)
    originals = {name: (example / f"{name}.yaml").read_text() for name in FILES}
    right = {name: root for name in FILES if (root := read(example / f"{name}.yaml").root)}
    for edits in CASES.values():
        directory = edit(edits)
        wrong = {name: root for name, _, _ in edits if (root := read(directory / f"{name}.yaml").root)}
        unbroken = {rule for rule in unbroken if not list(rule(Files(directory, right | wrong)))}
        for name, _, _ in edits:
            (directory / f"{name}.yaml").write_text(originals[name])
    assert unbroken == set()
