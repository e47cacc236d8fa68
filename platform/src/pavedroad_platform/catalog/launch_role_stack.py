"""What every account that launches products has: the permissions boundary and the launch roles, as one template."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from aws_cdk import DefaultStackSynthesizer, Stack
from constructs import Construct

from pavedroad_platform.catalog.launch_roles import LaunchRoles
from pavedroad_platform.catalog.permissions_boundary import PermissionsBoundary
from pavedroad_platform.clean_app import clean_app
from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.organization.models import Organization, Purpose

NAME: Final = "launch-roles"
"""The stack's name without the organisation's, and that of the StackSet that carries it."""

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_TEMPLATE_BYTES: Final = 1_000_000
_RESOURCES: Final = 500


class LaunchRoleStack(Stack):
    """The permissions boundary and the launch role of every offered product, the same in every account.

    It knows no account and no region, and needs no bootstrap: a StackSet carries it to accounts as they join.

    Args:
        scope: The app that renders it.
        construct_id: The stack's name.
        organization: The configuration.
        acknowledged: Whether findings are acknowledged, for checks of the tree. Left out: they are.

    Raises:
        PlatformError: A release needs permissions that are not known, or that do not fit a role.

    Source: https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, organization: Organization, acknowledged: bool = True
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            description="What launches products: the launch role of each, and the boundary of all that they make",
            synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )
        organization.tags_for(organization.account_with_purpose(Purpose.SHARED_SERVICES)).apply(self)
        boundary = PermissionsBoundary(self, "PermissionsBoundary", names=organization.names)
        LaunchRoles(
            self,
            "LaunchRoles",
            products=organization.catalog.products,
            names=organization.names,
            permissions_boundary=boundary.policy,
            acknowledged=acknowledged,
        )


def render_launch_roles(organization: Organization, *, acknowledged: bool = True) -> tuple[LaunchRoleStack, str]:
    """The construct tree, for what a template does not say, and the template as it is published.

    Args:
        organization: The configuration.
        acknowledged: Whether the tree acknowledges findings; the template is the same without. Left out: it does.

    Raises:
        PlatformError: A release needs permissions that are not known, or the template is more than CloudFormation
            takes.

    Example:
        >>> stack, text = render_launch_roles(organization)
    """
    with TemporaryDirectory(prefix="pavedroad-launch-roles-") as directory:
        app = clean_app(directory)
        stack = LaunchRoleStack(
            app, organization.names.stack(NAME), organization=organization, acknowledged=acknowledged
        )
        app.synth()
        template = json.loads((Path(directory) / stack.template_file).read_text())
    # Without indentation twice as many products fit.
    text = json.dumps(template, separators=(",", ":")) + "\n"
    require_that_it_fits(template, text)
    return stack, text


def require_that_it_fits(template: dict[str, Any], text: str) -> None:
    """Hold the template to what CloudFormation takes, before anything is deployed.

    Raises:
        PlatformError: It has too many resources or bytes.
    """
    problems = [
        Problem(
            cause=f"The template of the launch roles has {count:,} {what}; CloudFormation takes {most:,}.",
            fix="Retire old versions of products, whose permissions end with them, or offer fewer in catalog.yaml.",
        )
        for what, count, most in (
            ("resources", len(template["Resources"]), _RESOURCES),
            ("bytes", len(text.encode()), _TEMPLATE_BYTES),
        )
        if count > most
    ]
    if problems:
        raise PlatformError(*problems)
