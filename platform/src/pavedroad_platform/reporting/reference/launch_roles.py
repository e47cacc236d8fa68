"""The page that compares our launch roles with those of AWS's reference architectures."""

from collections.abc import Callable, Iterator

from pavedroad_platform.catalog import products
from pavedroad_platform.catalog.launch_policies import statements
from pavedroad_platform.catalog.permissions import permissions
from pavedroad_platform.catalog.releases import Releases
from pavedroad_platform.reporting.launch_roles.measures import Measures, grants_of, measures
from pavedroad_platform.reporting.launch_roles.reference_roles import COUNTERPARTS, ManagedPolicy, reference_roles
from pavedroad_platform.reporting.reference.markdown import GENERATED, table

_TEXT = """# Launch roles

Service Catalog launches a product with a role of the platform, so that a team needs no right to make what is in it.
Ours are computed from the templates of all versions that are offered, see
[decision 8](../decisions/0008-computed-launch-roles.md); `pavedroad catalog permissions <product>` tells of each action
which resource type needs it for what. AWS publishes reference architectures with launch roles written by hand, most of
them around managed policies with full access. Each product stands beside the role that AWS has for its kind.

{comparison}
Wildcards are expanded with AWS's own list of actions. **Whole services** are allowed as `service:*`. **Could be
confined** counts actions on `*`, without a condition, that IAM would let one confine to resources. A role that may
**raise itself** gives any role any policy and passes it to any service. Ours name the resources of the product's own
stack where a service lets them, and else the account and region. Beyond what the numbers say, each of ours is capped by
the permissions boundary `PavedRoadBoundary`, and so is every role that it makes; the reference roles have none.

More actions are not worse by themselves: a product of ours also makes keys, alarms, logs and roles that the reference
product leaves out.

## Products without a counterpart

{others}
## What was compared

{sources}"""

_COLUMNS: tuple[tuple[str, Callable[[Measures], str]], ...] = (
    ("actions", lambda role: str(role.actions)),
    ("wildcards", lambda role: str(role.wildcards)),
    ("whole services", lambda role: str(len(role.whole_services))),
    ("statements on `*`", lambda role: str(role.statements_for_everything)),
    ("could be confined", lambda role: str(role.unconfined)),
    ("may raise itself", lambda role: "yes" if role.may_raise_itself else "no"),
)


def launch_role_reference() -> str:
    """The whole page."""
    ours = {key: our_measures(key) for key in products.KEYS}
    headings = [name for name, _ in _COLUMNS]
    others = [(f"`{key}`", *_cells(ours[key])) for key in products.KEYS if key not in COUNTERPARTS]
    text = _TEXT.format(
        comparison=table(("product", "role", *headings), _comparison(ours)),
        others=table(("product", *headings), others) if others else "There is none.\n",
        sources=table(("AWS's role", "attaches", "whole services"), _sources()),
    )
    return f"{GENERATED}\n{text}"


def our_measures(product: str) -> Measures:
    """What the launch role of a product may do."""
    templates = Releases(product).offered_templates()
    return measures(grants_of(statements(permissions(templates), templates)))


def _comparison(ours: dict[str, Measures]) -> Iterator[tuple[str, ...]]:
    roles = reference_roles()
    for key, measured in ours.items():
        if key in COUNTERPARTS:
            role = roles[COUNTERPARTS[key]]
            yield f"`{key}`", "ours", *_cells(measured)
            yield "", f"[{role.file}]({role.address})", *_cells(measures(role.grants))


def _cells(role: Measures) -> list[str]:
    return [cell(role) for _, cell in _COLUMNS]


def _sources() -> Iterator[tuple[str, ...]]:
    for role in reference_roles().values():
        attached = ", ".join(_policy(policy) for policy in role.managed_policies) or "nothing"
        services = ", ".join(f"`{service}`" for service in measures(role.grants).whole_services)
        yield f"[{role.file}]({role.address})", attached, services


def _policy(policy: ManagedPolicy) -> str:
    if policy.is_retired:
        return f"{policy.name} {policy.version}, which AWS has retired"
    return f"[{policy.name}]({policy.address}) {policy.version}"
