"""Rules for organizational units and the policies that are attached to them."""

from collections import Counter
from collections.abc import Iterator

from pavedroad_platform.errors import Problem
from pavedroad_platform.organization import quotas
from pavedroad_platform.organization.models import ROOT
from pavedroad_platform.organization.rules.files import Files, place_of, repeated, unknown


def root_is_no_organizational_unit(files: Files) -> Iterator[Problem]:
    """``root`` names the organisation's root wherever an organizational unit may stand."""
    for unit in files.organizational_units:
        if unit.key == ROOT:
            yield unit.problem("root is the organisation's own root", "Give the organizational unit another key.")


def parents_exist(files: Files) -> Iterator[Problem]:
    """An organizational unit is in the root or in another one."""
    parents = [unit.word("parent") for unit in files.organizational_units]
    yield from unknown("organizational unit", parents, targets(files))


def parents_form_no_circle(files: Files) -> Iterator[Problem]:
    """Every organizational unit leads up to the root."""
    parents = _parents(files)
    told: set[str] = {ROOT}
    for unit in files.organizational_units:
        way = _way_up(unit.key, parents)
        if way[-1] == unit.key and unit.key not in told:
            told.update(way)
            cause = f"the parents form a circle: {' in '.join(way)}"
            yield unit.problem(cause, "Give one of them a parent outside the circle.")


def organizational_units_are_not_too_deep(files: Files) -> Iterator[Problem]:
    """AWS Organizations nests organizational units five deep."""
    parents, most = _parents(files), quotas.ORGANIZATIONAL_UNIT_DEPTH
    for unit in files.organizational_units:
        way = _way_up(unit.key, parents)
        if way[-1] == ROOT and len(way) - 1 > most:
            cause = f"the organizational unit is {len(way) - 1} levels deep, and AWS allows {most}: {' in '.join(way)}"
            yield unit.problem(cause, "Choose a parent nearer to the root.")


def names_beside_each_other_differ(files: Files) -> Iterator[Problem]:
    """AWS Organizations refuses two organizational units of one name in the same parent."""
    parents = _parents(files)
    for parent in sorted(set(parents.values())):
        siblings = [unit.word("name") for unit in files.organizational_units if parents[unit.key] == parent]
        for name, first in repeated(siblings):
            cause = f"{name.value} is also the name of {place_of(first)}, in the same parent"
            yield name.problem(cause, "Give one of the two another name.")


def policy_targets_exist(files: Files) -> Iterator[Problem]:
    """Service control policies are attached to the root and to organizational units."""
    for policy in files.items("organization", "service_control_policies"):
        yield from unknown("organizational unit", policy.words("targets"), targets(files))


def targets_have_room_for_policies(files: Files) -> Iterator[Problem]:
    """AWS Organizations attaches five service control policies to a target, FullAWSAccess among them."""
    room = quotas.SERVICE_CONTROL_POLICIES_PER_TARGET - 1
    policies = files.items("organization", "service_control_policies")
    counts = Counter(target for policy in policies for target in {node.value for node in policy.words("targets")})
    for target in sorted(name for name, count in counts.items() if count > room):
        policy = next(p for p in reversed(policies) if target in {node.value for node in p.words("targets")})
        cause = (
            f"{counts[target]} service control policies are attached to {target}, and AWS allows {room}"
            " beside its own FullAWSAccess"
        )
        yield policy.problem(cause, "Attach one of them elsewhere; a policy binds everything beneath its target too.")


def targets(files: Files) -> set[str] | None:
    """What a policy may be attached to: the root and the organizational units."""
    units = files.keys("organization", "organizational_units")
    return None if units is None else units | {ROOT}


def units_above(key: str, files: Files) -> list[str]:
    """The organizational units that an account or organizational unit stands in, up to the root or as far as known."""
    parents = _parents(files)
    places = {account.key: unit.value for account in files.accounts if (unit := account.word("organizational_unit"))}
    place = places.get(key) or parents.get(key)
    if place is None:
        return []
    return _way_up(place, parents) if place in parents else [place]


def _parents(files: Files) -> dict[str, str]:
    parents = {}
    for unit in files.organizational_units:
        parent = unit.word("parent")
        parents[unit.key] = parent.value if parent else ROOT
    return parents


def _way_up(key: str, parents: dict[str, str]) -> list[str]:
    """From an organizational unit up to the root, to what does not exist, or to the first that comes a second time."""
    way = [key, parents[key]]
    while way[-1] in parents and way[-1] not in way[:-1]:
        way.append(parents[way[-1]])
    return way
