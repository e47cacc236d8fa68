"""What a report on adoption is about: the accounts and their teams, the products and what may be done with each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pavedroad_platform.organization import Organization


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose an account is.

    Attributes:
        key: The account's key in ``accounts.yaml``.
        team: The key of the team that owns it; for the platform's own accounts, the platform's.
        launches: Whether products are launched in it.
    """

    key: str
    team: str
    launches: bool


@dataclass(frozen=True, kw_only=True)
class Scope:
    """All that a report needs to know beside what AWS answers. Plain data: a function in Lambda has it as a file.

    Attributes:
        region: The home region: the catalogue's and the aggregator's.
        catalogue_account: The id of the account that owns the products.
        aggregator_account: The id of the account that has the aggregator.
        aggregator: The aggregator's name.
        role: The name of the role to take in an account that is not the caller's.
        archive_account: The id of the account that keeps reports.
        bucket: The bucket there.
        accounts: Whose each account is, by its id.
        library: The released versions of the construct library, the oldest first.
        products: The status of each released version by product and version, the oldest version first.
    """

    region: str
    catalogue_account: str
    aggregator_account: str
    aggregator: str
    role: str
    archive_account: str
    bucket: str
    accounts: Mapping[str, Owner]
    library: tuple[str, ...]
    products: Mapping[str, Mapping[str, str]]

    @property
    def launching_accounts(self) -> tuple[str, ...]:
        """The ids of the accounts that products are launched in."""
        return tuple(account for account, owner in self.accounts.items() if owner.launches)

    def as_json(self) -> dict[str, Any]:
        """The scope as ``from_json`` reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Scope":
        """The scope that ``as_json`` told."""
        accounts = {account: Owner(**owner) for account, owner in content["accounts"].items()}
        return cls(**{**content, "accounts": accounts, "library": tuple(content["library"])})


def scope_of(organization: "Organization") -> Scope:
    """The scope as the configuration and the releases have it.

    Args:
        organization: The configuration.

    Raises:
        PlatformError: The files of a product's releases are wrong.
    """
    # What reads YAML stays out of the function in Lambda.
    from pavedroad_platform.catalog.releases import Releases
    from pavedroad_platform.library.releases import recorded_versions
    from pavedroad_platform.organization.models import Purpose

    names, region = organization.names, organization.home_region
    archive = organization.account_with_purpose(Purpose.LOG_ARCHIVE).id
    return Scope(
        region=region,
        catalogue_account=organization.account_with_purpose(Purpose.SHARED_SERVICES).id,
        aggregator_account=organization.account_with_purpose(Purpose.AUDIT).id,
        aggregator=names.configuration_aggregator,
        role=names.adoption,
        archive_account=archive,
        bucket=names.report_bucket(archive, region),
        accounts={
            account.id: Owner(
                key=account.key,
                team=account.team or organization.tags.team,
                launches=account.purpose == Purpose.WORKLOAD,
            )
            for account in organization.accounts.values()
        },
        library=tuple(recorded_versions()),
        products={
            key: {version: str(status) for version, status in Releases(key).lifecycle.items()}
            for key in organization.catalog.products
        },
    )
