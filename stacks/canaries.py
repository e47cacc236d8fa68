"""The kept canaries: one launch of each product, which is upgraded from version to version."""

from aws_cdk import Environment, Stack
from constructs import Construct

from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Purpose
from pavedroad_platform.proving.canaries import CANARIES_DESCRIPTION, Canaries


class CanariesStack(Stack):
    """A launch of every product in the test account, each at its newest active version.

    ``pavedroad catalog prove`` deploys it: first as it stood, then as it is here, so that each upgrade is proved.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.

    Attributes:
        canaries: The launches.
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization) -> None:
        account = organization.account_with_purpose(Purpose.CATALOG_TEST)
        super().__init__(
            scope,
            construct_id,
            env=Environment(account=account.id, region=organization.home_region),
            description=CANARIES_DESCRIPTION,
            termination_protection=True,
        )
        organization.tags_for(account).apply(self)
        self.canaries = Canaries(self, "Canaries", catalog=organization.catalog)
