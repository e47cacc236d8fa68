"""What Service Catalog remembers: portfolios, products, shares, constraints, tag options, launches."""

import secrets
import string
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ministack.core.responses import get_account_id, get_region

_ALPHABET = string.ascii_lowercase + string.digits


def new_id(prefix: str) -> str:
    """An identifier as the service makes them."""
    return f"{prefix}-{''.join(secrets.choice(_ALPHABET) for _ in range(13))}"


class RefusedError(Exception):
    """The service refuses a call.

    Attributes:
        code: The error code, such as ``ResourceNotFoundException``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def not_found(what: str) -> RefusedError:
    """The refusal for what does not exist, or is not shown to the caller."""
    return RefusedError("ResourceNotFoundException", f"{what} not found.")


def invalid(message: str) -> RefusedError:
    """The refusal for wrong input."""
    return RefusedError("InvalidParametersException", message)


def in_use(message: str) -> RefusedError:
    """The refusal to delete what something else needs."""
    return RefusedError("ResourceInUseException", message)


def duplicate(message: str) -> RefusedError:
    """The refusal to make something twice."""
    return RefusedError("DuplicateResourceException", message)


@dataclass(kw_only=True)
class Owned:
    """Something that belongs to an account and a region."""

    id: str
    account: str = field(default_factory=get_account_id)
    region: str = field(default_factory=get_region)
    created: float = field(default_factory=time.time)

    @property
    def is_here(self) -> bool:
        """Whether it belongs to the current account and region."""
        return (self.account, self.region) == (get_account_id(), get_region())


@dataclass(kw_only=True)
class Portfolio(Owned):
    """A portfolio."""

    display_name: str
    provider_name: str
    description: str = ""
    tags: list[dict[str, str]] = field(default_factory=list)

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:catalog:{self.region}:{self.account}:portfolio/{self.id}"


@dataclass(kw_only=True)
class Artifact:
    """A version of a product."""

    id: str
    name: str
    description: str
    url: str
    body: str
    created: float = field(default_factory=time.time)
    active: bool = True
    guidance: str = "DEFAULT"


@dataclass(kw_only=True)
class Product(Owned):
    """A product.

    Attributes:
        about: Name, owner, description, distributor and support, in the API's names.
    """

    about: dict[str, str]
    tags: list[dict[str, str]] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name."""
        return self.about["Name"]

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:catalog:{self.region}:{self.account}:product/{self.id}"


@dataclass(frozen=True)
class ProductAssociation:
    """A product stands in a portfolio."""

    portfolio: str
    product: str


@dataclass(frozen=True)
class PrincipalAssociation:
    """A principal may use a portfolio in ``account``: its owner's, or one that it is shared with."""

    portfolio: str
    account: str
    principal: str
    kind: str


@dataclass(kw_only=True)
class Constraint(Owned):
    """A rule for a product in a portfolio."""

    type: str
    portfolio: str
    product: str
    parameters: dict[str, Any]
    description: str = ""


@dataclass(kw_only=True)
class TagOption(Owned):
    """A tag and a value that it may have."""

    key: str
    value: str
    active: bool = True


@dataclass(frozen=True)
class TagOptionAssociation:
    """A tag option applies to a portfolio or product."""

    resource: str
    tag_option: str


@dataclass(kw_only=True)
class Share:
    """A portfolio is shared with an account or a part of the organization.

    Attributes:
        kind: ``ACCOUNT``, ``ORGANIZATIONAL_UNIT``, ``ORGANIZATION`` or ``ORGANIZATION_MEMBER_ACCOUNT``.
        principal: The account or the node of the organization.
    """

    portfolio: str
    kind: str
    principal: str
    share_principals: bool = False
    share_tag_options: bool = False
    token: str = field(default_factory=lambda: new_id("share"))


@dataclass(kw_only=True)
class ProvisionedProduct(Owned):
    """A launch of a product.

    Attributes:
        problem: Why the last operation failed before there was a stack; empty where it did not.
    """

    name: str
    product: str
    product_name: str
    artifact: str
    path: str
    user: str
    stack_id: str = ""
    role: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    last_record: str = ""
    problem: str = ""

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:servicecatalog:{self.region}:{self.account}:stack/{self.name}/{self.id}"

    @property
    def stack_name(self) -> str:
        """The name of its stack."""
        return f"SC-{self.account}-{self.id}"


@dataclass(kw_only=True)
class Record(Owned):
    """One operation on a launch."""

    kind: str
    launch: str
    name: str
    product: str
    artifact: str
    path: str
    role: str
    status: str = "IN_PROGRESS"
    errors: list[dict[str, str]] = field(default_factory=list)
    outputs: list[dict[str, str]] = field(default_factory=list)
    updated: float = field(default_factory=time.time)


@dataclass(kw_only=True)
class Plan(Owned):
    """What an update of a launch would do.

    Attributes:
        changes: The changes of resources, in the API's names.
    """

    name: str
    launch: str
    product: str
    artifact: str
    path: str
    parameters: list[dict[str, Any]]
    changes: list[dict[str, Any]]


Thing = TypeVar("Thing", bound=Owned)


def here(things: Iterable[Thing]) -> Iterator[Thing]:
    """Those of the current account and region."""
    return (thing for thing in things if thing.is_here)


class Catalog:
    """All that the service knows, of all accounts and regions."""

    def __init__(self) -> None:
        self.portfolios: dict[str, Portfolio] = {}
        self.products: dict[str, Product] = {}
        self.product_associations: list[ProductAssociation] = []
        self.principal_associations: list[PrincipalAssociation] = []
        self.constraints: dict[str, Constraint] = {}
        self.tag_options: dict[str, TagOption] = {}
        self.tag_option_associations: list[TagOptionAssociation] = []
        self.shares: list[Share] = []
        self.acceptances: set[tuple[str, str]] = set()
        self.launches: dict[str, ProvisionedProduct] = {}
        self.records: dict[str, Record] = {}
        self.plans: dict[str, Plan] = {}
        self.budgets: dict[str, str] = {}
        self.tokens: dict[tuple[str, str], str] = {}


catalog = Catalog()
"""The one catalogue of the emulator."""
