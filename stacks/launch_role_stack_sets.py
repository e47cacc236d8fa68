"""The launch roles in every account that launches products, by StackSets."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from aws_cdk import CfnStackSet
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from pavedroad_platform.catalog.launch_role_stack import NAME, render_launch_roles
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.names import pascal_case


class LaunchRoleStackSets(Construct):
    """One template with the permissions boundary and all launch roles, in every account that a portfolio reaches.

    The first StackSet goes to the organizational units that portfolios are shared with, and to each account that joins
    one. The second goes to single accounts, the catalogue's own among them. They are two because automatic deployment
    looks at organizational units alone: in one StackSet, an account that joins the unit of a single account would get
    the roles as well.

    An account that leaves keeps its roles: the products that run in it can still be changed and terminated.

    Args:
        scope: The stack of the management account, which alone knows the ids of the organizational units.
        construct_id: The id, unique among the parent's children.
        organization: The configuration.
        organizational_unit_ids: The ids of the organizational units and the root, by their keys.

    Raises:
        PlatformError: A release needs permissions that are not known, or the template is more than CloudFormation
            takes.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
    Controls: NIST AC-3, AC-6.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        organization: Organization,
        organizational_unit_ids: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self._name = organization.names.stack(NAME)
        self._region = organization.home_region
        self._template_url = self._publish(organization)
        accounts = organization.launching_accounts
        made = []
        if accounts:
            # A service-managed StackSet finds an account through the unit that it stands in.
            units = [organizational_unit_ids[account.organizational_unit] for account in accounts]
            made.append(
                self._stack_set(
                    "of-accounts",
                    description="The launch roles in single accounts, the catalogue's own among them",
                    targets=CfnStackSet.DeploymentTargetsProperty(
                        organizational_unit_ids=list(dict.fromkeys(units)),
                        account_filter_type="INTERSECTION",
                        accounts=[account.id for account in accounts],
                    ),
                    auto_deployment=CfnStackSet.AutoDeploymentProperty(enabled=False),
                )
            )
        if organization.launching_units:
            made.append(
                self._stack_set(
                    "of-units",
                    description="The launch roles in the organizational units that portfolios are shared with",
                    targets=CfnStackSet.DeploymentTargetsProperty(
                        organizational_unit_ids=[organizational_unit_ids[unit] for unit in organization.launching_units]
                    ),
                    auto_deployment=CfnStackSet.AutoDeploymentProperty(
                        enabled=True, retain_stacks_on_account_removal=True
                    ),
                )
            )
        # An account that was a single one is freed before its unit takes it in.
        for earlier, later in pairwise(made):
            later.add_resource_dependency(earlier)

    def _publish(self, organization: Organization) -> str:
        """Put the template into the bootstrap bucket of this account, whose deployment reads it."""
        _, text = render_launch_roles(organization, acknowledged=False)  # `pavedroad check` judges it
        with TemporaryDirectory(prefix="pavedroad-launch-roles-") as directory:
            file = Path(directory) / f"{self._name}.template.json"
            file.write_text(text)
            return assets.Asset(self, "Template", path=str(file)).http_url

    def _stack_set(
        self,
        name: str,
        *,
        description: str,
        targets: CfnStackSet.DeploymentTargetsProperty,
        auto_deployment: CfnStackSet.AutoDeploymentProperty,
    ) -> CfnStackSet:
        return CfnStackSet(
            self,
            pascal_case(name),
            stack_set_name=f"{self._name}-{name}",
            description=description,
            permission_model="SERVICE_MANAGED",
            capabilities=["CAPABILITY_NAMED_IAM"],
            template_url=self._template_url,
            auto_deployment=auto_deployment,
            # An account that joins while a deployment runs waits for its turn instead of failing.
            managed_execution={"Active": True},
            # IAM is global: one region has the roles of all. A quarter of the accounts at a time, and an end when one
            # in twenty fails, stops a wrong template early; the rest keep what they have.
            operation_preferences=CfnStackSet.OperationPreferencesProperty(
                region_concurrency_type="PARALLEL",
                concurrency_mode="SOFT_FAILURE_TOLERANCE",
                max_concurrent_percentage=25,
                failure_tolerance_percentage=5,
            ),
            stack_instances_group=[
                CfnStackSet.StackInstancesProperty(deployment_targets=targets, regions=[self._region])
            ],
        )
