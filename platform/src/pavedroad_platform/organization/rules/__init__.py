"""The rules that the files must keep together: one named function each, its docstring says why."""

from collections.abc import Callable, Iterator
from typing import Final

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization.rules import (
    access,
    accounts,
    budgets,
    catalog,
    lists,
    logging,
    networks,
    organizational_units,
    pipeline,
    regions,
)
from pavedroad_platform.organization.rules.files import Files

Rule = Callable[[Files], Iterator[Problem]]

RULES: Final[tuple[Rule, ...]] = (
    regions.regions_exist,
    regions.home_region_is_allowed,
    organizational_units.root_is_no_organizational_unit,
    organizational_units.parents_exist,
    organizational_units.parents_form_no_circle,
    organizational_units.organizational_units_are_not_too_deep,
    organizational_units.names_beside_each_other_differ,
    organizational_units.policy_targets_exist,
    organizational_units.targets_have_room_for_policies,
    accounts.account_ids_differ,
    accounts.account_emails_differ,
    accounts.accounts_are_in_organizational_units,
    accounts.every_purpose_has_one_account,
    accounts.management_account_is_in_the_root,
    accounts.workload_accounts_have_a_team,
    accounts.teams_of_accounts_exist,
    accounts.platform_team_exists,
    accounts.accounts_have_one_application,
    access.metadata_document_is_usable,
    access.role_targets_exist,
    access.roles_reach_something,
    access.role_names_differ,
    networks.networks_are_in_workload_accounts,
    networks.address_ranges_are_valid,
    networks.address_ranges_have_room_for_subnets,
    networks.address_ranges_do_not_overlap,
    networks.nat_gateways_fit_the_zones,
    networks.interface_endpoints_are_short_names,
    logging.log_groups_have_a_period_of_cloudwatch,
    logging.locked_logs_are_not_deleted,
    logging.transitions_come_before_deletion,
    logging.transitions_go_to_cheaper_classes,
    logging.infrequent_access_takes_a_month,
    catalog.products_exist,
    catalog.portfolios_have_offered_products,
    catalog.products_are_in_a_portfolio,
    catalog.portfolios_are_shared_with_organizational_units,
    catalog.portfolios_are_not_shared_with_the_test_account,
    catalog.canary_parameters_exist,
    catalog.portfolios_have_at_most_ten_principals,
    catalog.principals_are_role_names,
    catalog.principals_of_the_platform_exist,
    catalog.tag_options_agree_with_mandatory_tags,
    budgets.budgets_have_one_subject,
    budgets.subjects_of_budgets_exist,
    pipeline.repositories_are_named_as_their_source_does,
    pipeline.somebody_approves,
    lists.lists_name_nothing_twice,
)
