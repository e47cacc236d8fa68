"""Who proves and promotes: the clients of the test account and of the catalogue's, with one caller's credentials."""

from dataclasses import dataclass
from functools import cached_property

from pavedroad_platform.errors import PlatformError, Problem
from pavedroad_platform.launching.client import Clients, clients_of_role, connect
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account, Purpose


@dataclass(frozen=True, kw_only=True)
class Access:
    """What the caller's credentials lead to.

    Attributes:
        organization: The configuration.
        profile: The AWS profile. ``None``: what the environment says.
    """

    organization: Organization
    profile: str | None = None

    @property
    def region(self) -> str:
        """The home region, where the catalogue is."""
        return self.organization.home_region

    @cached_property
    def caller(self) -> Clients:
        """The clients of the credentials themselves."""
        return connect(profile=self.profile, region=self.region)

    @cached_property
    def test(self) -> Clients:
        """The clients of the test account; from another account, by its proof role."""
        account = self.organization.account_with_purpose(Purpose.CATALOG_TEST)
        if self.caller.account == account.id:
            return self.caller
        role = f"arn:aws:iam::{account.id}:role/{self.organization.names.proof_role}"
        return clients_of_role(role, profile=self.profile, region=self.region)

    @property
    def hub(self) -> Clients:
        """The clients of the catalogue's account.

        Raises:
            PlatformError: The credentials are another account's.
        """
        account = self.organization.account_with_purpose(Purpose.SHARED_SERVICES)
        if self.caller.account != account.id:
            raise PlatformError(self._elsewhere(account))
        return self.caller

    def _elsewhere(self, account: Account) -> Problem:
        return Problem(
            path="credentials",
            cause=f"they are of {self.caller.account}, and the catalogue is in {account.id} ({account.key})",
            fix="Use a profile of that account (--profile or AWS_PROFILE).",
        )
