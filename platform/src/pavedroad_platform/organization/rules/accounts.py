"""Rules for accounts and their teams."""

from collections.abc import Iterator

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization.document import Node
from pavedroad_platform.organization.models import ROOT, Purpose
from pavedroad_platform.organization.rules.files import Files, place_of, repeated, unknown
from pavedroad_platform.organization.rules.organizational_units import targets
from pavedroad_platform.organization.suggestions import instead_of


def account_ids_differ(files: Files) -> Iterator[Problem]:
    """An account is described once."""
    for account_id, first in repeated([account.word("id") for account in files.accounts]):
        cause = f"the account id {account_id.value} stands at {place_of(first)} too"
        yield account_id.problem(cause, "Write the account's own id, or remove one of the two.")


def account_emails_differ(files: Files) -> Iterator[Problem]:
    """AWS gives an e-mail address to one account only."""
    for email, first in repeated([account.word("email") for account in files.accounts]):
        cause = f"the address {email.value} stands at {place_of(first)} too, and AWS takes each for one account only"
        fix = f"Write another address; most mail servers deliver {_with_suffix(email)} to the same mailbox."
        yield email.problem(cause, fix)


def accounts_are_in_organizational_units(files: Files) -> Iterator[Problem]:
    """An account is in an organizational unit or in the root."""
    units = [account.word("organizational_unit") for account in files.accounts]
    yield from unknown("organizational unit", units, targets(files))


def every_purpose_has_one_account(files: Files) -> Iterator[Problem]:
    """The landing zone's stacks have exactly one account each to stand in."""
    purposes = [account.word("purpose") for account in files.accounts]
    stated = [purpose for purpose in purposes if purpose and purpose.value in set(Purpose)]
    for purpose, first in repeated([purpose for purpose in stated if purpose.value != Purpose.WORKLOAD]):
        cause = f"{place_of(first)} is the {purpose.value} account already, and there is one only"
        yield purpose.problem(cause, "Give this account another purpose, such as workload.")
    # A purpose that is misspelt or left out may be the one that seems to be missing.
    if len(stated) == len(purposes) and (accounts := files.root("accounts").child("accounts")):
        for missing in sorted(set(Purpose) - {Purpose.WORKLOAD} - {node.value for node in stated}):
            yield accounts.problem(f"no account has the purpose {missing}", f"Add one with purpose: {missing}")


def management_account_is_in_the_root(files: Files) -> Iterator[Problem]:
    """Policies do not bind the management account; in an organizational unit it would only look as if they did."""
    for account in files.accounts:
        purpose, unit = account.word("purpose"), account.word("organizational_unit")
        if purpose and unit and purpose.value == Purpose.MANAGEMENT and unit.value != ROOT:
            cause = f"the management account is in {unit.value}, whose policies do not bind it"
            yield unit.problem(cause, f"Write organizational_unit: {ROOT}")


def workload_accounts_have_a_team(files: Files) -> Iterator[Problem]:
    """A workload account's tags come from its team; the platform's accounts have the platform's."""
    for account in files.accounts:
        purpose, team = account.word("purpose"), account.child("team")
        if purpose is None or purpose.value not in set(Purpose):
            continue
        if purpose.value == Purpose.WORKLOAD and team is None:
            teams = sorted(files.keys("teams", "teams") or ())
            yield account.problem("a workload account has a team, and this one has none", _add_team(teams))
        if purpose.value != Purpose.WORKLOAD and (extra := team or account.child("application")):
            cause = f"only workload accounts belong to a team's application, and this is the {purpose.value} account"
            yield extra.problem(cause, f"Remove {extra.key}; the tags of this account are in organization.yaml.")


def teams_of_accounts_exist(files: Files) -> Iterator[Problem]:
    """An account's team is described in ``teams.yaml``."""
    yield from unknown("team", [account.word("team") for account in files.accounts], files.keys("teams", "teams"))


def platform_team_exists(files: Files) -> Iterator[Problem]:
    """The team of the platform's own resources is described in ``teams.yaml``."""
    tags = files.root("organization").child("tags")
    if tags:
        yield from unknown("team", [tags.word("team")], files.keys("teams", "teams"))


def accounts_have_one_application(files: Files) -> Iterator[Problem]:
    """A workload account's tags name the application that runs in it."""
    teams = {team.key: team for team in files.items("teams", "teams")}
    for account in files.accounts:
        team, application, purpose = account.word("team"), account.child("application"), account.word("purpose")
        is_workload = purpose is not None and purpose.value == Purpose.WORKLOAD
        if team is None or team.value not in teams or not is_workload:
            continue
        applications = [item.key for item in teams[team.value].items("applications")]
        if application is None and len(applications) != 1:
            yield account.problem(*_which_application(team.value, applications))
        elif application and isinstance(application.value, str) and application.value not in applications:
            cause = f"the team {team.value} has no application {application.value}"
            yield application.problem(cause, instead_of(application.value, applications))


def _which_application(team: str, applications: list[str]) -> tuple[str, str]:
    if not applications:
        return f"the team {team} has no application that could run in this account", f"Add one to teams.{team}."
    cause = f"the team {team} has {len(applications)} applications, and this account does not say which one it runs"
    return cause, f"Add application: with one of {', '.join(applications)}."


def _add_team(teams: list[str]) -> str:
    return (
        f"Add team: with one of {', '.join(teams)}." if teams else "Add it to teams.yaml and write team: with its key."
    )


def _with_suffix(email: Node) -> str:
    name, _, domain = email.value.partition("@")
    return f"{name}+{email.path[-2]}@{domain}"
