"""The landing zone: every stack, and the order in which they stand."""

from collections.abc import Sequence

from aws_cdk import App, Stack, Validations
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks

from pavedroad_platform.checks.template_validation import TemplateValidation
from pavedroad_platform.organization import Organization
from stacks.canaries import CanariesStack
from stacks.catalog import CatalogStack
from stacks.catalog_test import CatalogTestStack
from stacks.gateway import GatewayStack
from stacks.logging import LoggingStack
from stacks.organization import OrganizationStack
from stacks.pipeline import PipelineStack
from stacks.security import SecurityStack
from stacks.workload import WorkloadStack


def compose(app: App, organization: Organization) -> Sequence[Stack]:
    """Make every stack of ``organization`` in ``app``.

    Stacks of different accounts know each other by name only; what must stand first is said here.

    Args:
        app: The app.
        organization: The configuration.

    Returns:
        The stacks, in an order in which they can be deployed.

    Raises:
        PlatformError: The configuration asks for something that AWS would refuse.
    """
    names = organization.names
    gateway = GatewayStack(app, names.stack("gateway"), organization=organization)
    logging = LoggingStack(app, names.stack("logging"), organization=organization)
    management = OrganizationStack(app, names.stack("organization"), organization=organization)
    security = SecurityStack(app, names.stack("security"), organization=organization)
    catalog = CatalogStack(app, names.stack("catalog"), organization=organization)
    catalog_test = CatalogTestStack(app, names.stack("catalog-test"), organization=organization)
    canaries = CanariesStack(app, names.stack("canaries"), organization=organization)
    pipeline = PipelineStack(
        app, names.stack("pipeline"), organization=organization, test_stack=catalog_test.stack_name
    )
    workloads = [
        WorkloadStack(app, names.workload_stack(account.key), organization=organization, account=account)
        for account in organization.workload_accounts
    ]
    for stack in (logging, management, security, catalog, catalog_test, *workloads):
        stack.add_stack_dependency(gateway, "its roles trust roles of the gateway, which IAM wants to exist")
    management.add_stack_dependency(logging, "the organisation trail writes to the log archive")
    catalog.add_stack_dependency(management, "portfolios are shared with organizational units")
    canaries.add_stack_dependency(catalog_test, "they are launched from the test account's catalogue")
    for workload in workloads:
        workload.add_stack_dependency(logging, "flow logs and configurations go to the log archive")
    return [gateway, logging, management, security, catalog, catalog_test, canaries, pipeline, *workloads]


def add_checks(app: App) -> None:
    """Let the synthesis fail on every finding of cdk-nag or CloudFormation's validation that nobody acknowledged."""
    Validations.of(app).add_plugins(TemplateValidation(), AwsSolutionsChecks(app), NIST80053R5Checks(app))
