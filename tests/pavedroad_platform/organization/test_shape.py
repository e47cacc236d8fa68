"""Settings of the wrong kind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

# file, text, what stands there instead
CASES = {
    "setting_is_unknown": [("accounts", "email: aws-audit", "emial: aws-audit")],
    "setting_is_like_nothing": [("teams", 'cost_centre: "2000"', 'cost_centre: "2000"\n    xyzzy: 1')],
    "top_level_setting_is_unknown": [("logging", "alarm_email:", "alarm_mail:")],
    "key_is_typed_again": [("accounts", "  audit:\n", "  audit:\n    key: audit\n")],
    "account_id_is_a_number": [("accounts", '"444444444444"', "444444444444")],
    "account_id_is_short": [("accounts", '"444444444444"', '"44444444444"')],
    "account_id_has_hyphens": [("accounts", '"444444444444"', '"4444-4444-4444"')],
    "organization_id_is_wrong": [("organization", "o-exampleorgid", "example")],
    "root_id_is_wrong": [("organization", "r-exam", "ou-exam")],
    "email_is_none": [("accounts", "aws-audit@example.com", "audit")],
    "email_is_too_long": [
        (
            "accounts",
            "aws-audit@example.com",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",
        )
    ],
    "region_is_no_region": [("organization", "home_region: eu-west-1", "home_region: Ireland")],
    "cost_centre_is_a_number": [("teams", '"2000"', "2000")],
    "cost_centre_has_a_comma": [("teams", '"2000"', '"2,000"')],
    "cost_centre_is_too_long": [
        (
            "teams",
            '"2000"',
            '"22222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222"',
        )
    ],
    "text_is_empty": [("teams", "name: Orders", 'name: ""')],
    "text_is_missing_after_the_colon": [("teams", "name: Orders", "name:")],
    "text_is_a_list": [("teams", "name: Orders", "name: [Orders]")],
    "text_is_a_switch": [("teams", "name: Orders", "name: true")],
    "optional_text_is_a_number": [
        ("accounts", "environment: development\n    team: orders", "environment: development\n    team: 7")
    ],
    "purpose_is_misspelt": [("accounts", "purpose: audit", "purpose: adit")],
    "purpose_is_a_number": [("accounts", "purpose: audit", "purpose: 1")],
    "choice_is_misspelt": [("logging", "mode: compliance", "mode: complience")],
    "choice_is_empty": [("logging", "mode: compliance", "mode:")],
    "policy_is_unknown": [("organization", "  protect-data:", "  protect-date:")],
    "permission_is_unknown": [("access", "permissions: [audit-security]", "permissions: [audit]")],
    "number_is_in_quotes": [("access", "session_hours: 4", 'session_hours: "4"')],
    "number_is_a_fraction": [("access", "session_hours: 4", "session_hours: 1.5")],
    "number_is_a_word": [("access", "session_hours: 4", "session_hours: four")],
    "session_is_too_long": [("access", "session_hours: 4", "session_hours: 13")],
    "session_is_too_short": [("access", "session_hours: 4", "session_hours: 0")],
    "switch_is_a_text": [("access", "break_glass: true", 'break_glass: "true"')],
    "switch_is_a_number": [("access", "break_glass: true", "break_glass: 1")],
    "list_is_a_text": [("access", "groups: [auditors]", "groups: auditors")],
    "list_is_empty_after_the_colon": [("access", "groups: [auditors]", "groups:")],
    "list_is_empty": [("access", "groups: [auditors]", "groups: []")],
    "item_of_a_list_is_a_number": [("access", "groups: [auditors]", "groups: [1]")],
    "list_is_too_long": [("budgets", "[50, 80, 100]", "[50, 60, 70, 80, 90, 100]")],
    "settings_are_a_text": [("access", "targets:\n      teams: [orders]", "targets: orders")],
    "settings_are_a_list": [
        (
            "teams",
            (
                "applications:\n      order-service:\n        name: Order service\n"
                "        data_classification: confidential"
            ),
            "applications:\n      - name: Order service",
        )
    ],
    "settings_are_empty": [("catalog", "secure-bucket: {}", "secure-bucket:")],
    "settings_are_empty_as_a_whole": [("budgets", None, "budgets:\n")],
    "key_has_capital_letters": [("network", "  orders-production:", "  Orders_Production:")],
    "key_has_no_letters": [("network", "  orders-production:", "  ---:")],
    "key_is_too_long": [("network", "  orders-production:", "  ooooooooooooooooooooooooooooooooooooooooo:")],
    "provider_name_has_spaces": [("access", "name: example-identity-provider", "name: our provider")],
    "setting_is_missing": [("access", "    groups: [auditors]\n", "")],
    "file_is_a_list": [("budgets", None, "- orders\n")],
    "file_is_a_text": [("budgets", None, "orders\n")],
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
