"""The organisation as the YAML files in ``platform/organization/`` describe it: frozen, typed, one model a file.

A field's description is what editors show (through the JSON Schema) and what the reference page says. Every item is
known by its key in the YAML file, which the model carries as ``key``; keys end up in names of resources and must stay.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from pavedroad_platform.organization import quotas
from pavedroad_platform.organization.names import Names
from pavedroad_platform.organization.regions import REGIONS
from pavedroad_platform.versions import Step

if TYPE_CHECKING:
    from pavedroad.governance.mandatory_tags import MandatoryTags

KEY_FIELD: Final = "(key)"
"""Where loading puts an item's key; no setting can have this name, so that a typed ``key`` is refused as unknown."""

ROOT: Final = "root"
"""The name of the organisation's root wherever an organizational unit may stand."""


class Purpose(StrEnum):
    """What an account is for. There is exactly one of each, and any number of workload accounts."""

    MANAGEMENT = "management"
    GATEWAY = "gateway"
    LOG_ARCHIVE = "log-archive"
    AUDIT = "audit"
    SHARED_SERVICES = "shared-services"
    CATALOG_TEST = "catalog-test"
    WORKLOAD = "workload"


class Environment(StrEnum):
    """The value of the tag ``environment``."""

    DEVELOPMENT = "development"
    TEST = "test"
    STAGING = "staging"
    PRODUCTION = "production"


class DataClassification(StrEnum):
    """The value of the tag ``data-classification``, from harmless to harmful when it leaks."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


class ServiceControlPolicyName(StrEnum):
    """The service control policies that the platform has; their statements are in ``pavedroad_platform.guardrails``."""

    PROTECT_PLATFORM = "protect-platform"
    PROTECT_DATA = "protect-data"
    ALLOWED_REGIONS = "allowed-regions"
    DENY_ROOT_USER = "deny-root-user"
    REQUIRE_ENCRYPTION = "require-encryption"
    QUARANTINE = "quarantine"


class PermissionSet(StrEnum):
    """What a role may do in an account; the statements are where the roles are built."""

    ADMINISTER = "administer"
    OPERATE_PLATFORM = "operate-platform"
    LAUNCH_PRODUCTS = "launch-products"
    READ_ONLY = "read-only"
    AUDIT_SECURITY = "audit-security"


class StorageClass(StrEnum):
    """The S3 storage classes that archived logs may move to."""

    STANDARD_INFREQUENT_ACCESS = "standard-infrequent-access"
    GLACIER_INSTANT_RETRIEVAL = "glacier-instant-retrieval"
    GLACIER_FLEXIBLE_RETRIEVAL = "glacier-flexible-retrieval"
    GLACIER_DEEP_ARCHIVE = "glacier-deep-archive"


class Model(BaseModel):
    """Frozen, and refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Item(Model):
    """Something that is known by its key in the YAML file."""

    key: SkipJsonSchema[str] = Field(alias=KEY_FIELD)
    """The key that the item has in the YAML file; never typed a second time."""


_KEY: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_EMAIL: Final = r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$"
_ACCOUNT_ID: Final = r"^[0-9]{12}$"
_ORGANIZATION_ID: Final = r"^o-[a-z0-9]{10,32}$"
_ROOT_ID: Final = r"^r-[a-z0-9]{4,32}$"
_TAG: Final = r"^[\w .:/=+\-@]+$"
_PROVIDER_NAME: Final = r"^[\w.-]{1,128}$"
_CONNECTION: Final = r"^arn:[\w-]+:(codeconnections|codestar-connections):[\w-]+:[0-9]{12}:connection/[\w-]+$"
_REPOSITORY: Final = r"^[\w.-]+(/[\w.-]+)*$"
_BRANCH: Final = r"^[\w./-]+$"
_PERMISSION_SET: Final = r"^[A-Za-z0-9_+=,.@-]{1,32}$"
_BILLING_VIEW: Final = r"^arn:aws[a-z-]*:billing::[0-9]{12}:billingview/[a-zA-Z0-9/:_+=.@-]{1,75}$"

PATTERNS: Final[Mapping[str, str]] = {
    _KEY: "lower-case letters and digits, in words with single hyphens between them, a letter first",
    _EMAIL: "an e-mail address such as orders@example.com",
    _ACCOUNT_ID: 'the twelve digits of an account id in quotes, such as "111111111111"',
    _ORGANIZATION_ID: "the id of the organisation, such as o-exampleorgid",
    _ROOT_ID: "the id of the organisation's root, such as r-exam",
    _TAG: "letters, digits, spaces and _ . : / = + - @ only, which is what AWS allows in tags",
    _PROVIDER_NAME: "1 to 128 letters, digits and . _ -",
    _CONNECTION: "the ARN of a connection, such as "
    "arn:aws:codeconnections:eu-west-1:111111111111:connection/1b2c3d4e-0000-1111-2222-333344445555",
    _REPOSITORY: "owner/name of a repository behind a connection, or the name of a CodeCommit repository",
    _BRANCH: "the name of a branch, such as main",
    _PERMISSION_SET: "the name of a permission set: 1 to 32 letters, digits and _ + = , . @ -",
    _BILLING_VIEW: "the ARN of a billing view, such as arn:aws:billing::111111111111:billingview/custom-1234",
}
"""What a text looks like that matches the pattern."""

PermissionSetName = Annotated[str, StringConstraints(pattern=_PERMISSION_SET)]
BillingViewArn = Annotated[str, StringConstraints(pattern=_BILLING_VIEW)]
Key = Annotated[str, StringConstraints(pattern=_KEY, max_length=quotas.KEY_LENGTH)]
Email = Annotated[str, StringConstraints(pattern=_EMAIL, max_length=quotas.EMAIL_LENGTH)]
AccountId = Annotated[str, StringConstraints(pattern=_ACCOUNT_ID)]
Region = Annotated[str, Field(json_schema_extra={"enum": list(REGIONS)})]
TagValue = Annotated[str, StringConstraints(pattern=_TAG, max_length=quotas.TAG_VALUE_LENGTH)]
TagKey = Annotated[str, StringConstraints(pattern=_TAG, max_length=quotas.TAG_KEY_LENGTH)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

TagOptionValues = Annotated[tuple[TagValue, ...], Field(min_length=1, max_length=quotas.TAG_OPTION_VALUES_PER_KEY)]

T = TypeVar("T")


def _give_keys(items: Any) -> Any:
    if not isinstance(items, Mapping):
        return items
    return {key: {**item, KEY_FIELD: key} if isinstance(item, Mapping) else item for key, item in items.items()}


Keyed = Annotated[Mapping[Key, T], BeforeValidator(_give_keys)]
"""A mapping of key to item; each item is given its key."""


# organization.yaml


class OrganizationalUnit(Item):
    """A group of accounts that policies are attached to and portfolios are shared with."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    """The name that AWS Organizations shows, such as ``Workloads``."""

    parent: str = ROOT
    """The key of the organizational unit that this one is in, at most five levels deep. Left out: the root."""


class PlatformTags(Model):
    """The mandatory tags of the platform's own resources, in every account that is not a workload's."""

    application: TagValue
    """The value of the tag ``application``."""

    team: Key
    """The key of the team that runs the platform, from ``teams.yaml``."""

    data_classification: DataClassification
    """How sensitive the platform's own data is; logs of others make it ``confidential`` at least."""


class ServiceControlPolicy(Item):
    """Where one of the platform's service control policies is attached."""

    key: SkipJsonSchema[ServiceControlPolicyName] = Field(alias=KEY_FIELD)
    """The policy."""

    targets: Annotated[tuple[str, ...], Field(min_length=1)]
    """Keys of organizational units, or ``root``. A target can have four; AWS's own FullAWSAccess is the fifth."""


class OrganizationFile(Model):
    """``organization.yaml``: the name, the regions, the organizational units and the service control policies."""

    name: Annotated[Key, StringConstraints(max_length=quotas.ORGANIZATION_NAME_LENGTH)]
    """The name that stacks, buckets and parameters begin with. Changing it later replaces them all."""

    id: Annotated[str, StringConstraints(pattern=_ORGANIZATION_ID)]
    """The id in AWS, such as ``o-exampleorgid``; ``aws organizations describe-organization`` prints it."""

    root_id: Annotated[str, StringConstraints(pattern=_ROOT_ID)]
    """The id of the organisation's root, such as ``r-exam``; ``aws organizations list-roots`` prints it."""

    home_region: Region
    """The region that the landing zone's own stacks are in."""

    allowed_regions: Annotated[tuple[Region, ...], Field(min_length=1)]
    """The regions in which anything may be made; service control policies deny all others. Contains the home region."""

    organizational_units: Keyed[OrganizationalUnit]
    """The organizational units by key."""

    tags: PlatformTags
    """The mandatory tags of the platform's own resources."""

    service_control_policies: Annotated[
        Mapping[ServiceControlPolicyName, ServiceControlPolicy], BeforeValidator(_give_keys)
    ] = Field(default_factory=dict)
    """The service control policies that are attached, by their names. Left out: none but AWS's FullAWSAccess."""


# accounts.yaml


class Account(Item):
    """An AWS account of the organisation."""

    id: AccountId
    """The account id: twelve digits, in quotes."""

    email: Email
    """The address of the account's root user; no other account may have it."""

    organizational_unit: str
    """The key of the organizational unit that the account is in, or ``root`` (the management account's place)."""

    purpose: Purpose
    """What the account is for."""

    environment: Environment
    """The value of the tag ``environment`` on everything in the account."""

    team: str | None = None
    """The key of the team that owns the account. Required for a workload account, refused for every other."""

    application: str | None = None
    """The key of the team's application that runs in the account. Left out: the team's only one."""


class AccountsFile(Model):
    """``accounts.yaml``: every account."""

    accounts: Keyed[Account]
    """The accounts by key."""


# teams.yaml


class Application(Item):
    """An application of a team."""

    name: Text
    """What people call it."""

    data_classification: DataClassification
    """How sensitive its data is; the tag ``data-classification`` on all its resources."""


class Team(Item):
    """A team: the owner of accounts, the one who pays, the one who is told."""

    name: Text
    """What people call it."""

    email: Email
    """Where the team is told about its budgets, alarms and products."""

    cost_centre: TagValue
    """Who pays: the value of the tag ``cost-centre``."""

    applications: Keyed[Application] = Field(default_factory=dict)
    """The team's applications by key. Left out: none."""


class TeamsFile(Model):
    """``teams.yaml``: every team and its applications."""

    teams: Keyed[Team]
    """The teams by key."""


# access.yaml


class IdentityProvider(Model):
    """The SAML identity provider that people sign in with; the gateway account trusts it, no other account does."""

    name: Annotated[str, StringConstraints(pattern=_PROVIDER_NAME)]
    """The name of the SAML provider in IAM."""

    metadata_file: str
    """The provider's SAML metadata document, as a path relative to the directory of the YAML files."""


class AccessTargets(Model):
    """The accounts that a role reaches: all that any of the four names."""

    accounts: tuple[str, ...] = ()
    """Keys of accounts."""

    purposes: tuple[Purpose, ...] = ()
    """Every account with one of these purposes."""

    organizational_units: tuple[str, ...] = ()
    """Every account in one of these organizational units or beneath it; ``root`` is every account."""

    teams: tuple[str, ...] = ()
    """Every account that one of these teams owns."""


class Role(Item):
    """What a person can be: a role to sign in to in the gateway account, and behind it one in each target account."""

    description: Annotated[str, StringConstraints(min_length=1, max_length=quotas.ROLE_DESCRIPTION_LENGTH)]
    """Who takes this role and what for."""

    groups: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The groups in the identity provider whose members may take the role."""

    targets: AccessTargets
    """The accounts that the role reaches."""

    permissions: Annotated[tuple[PermissionSet, ...], Field(min_length=1)]
    """What it may do there."""

    session_hours: Annotated[StrictInt, Field(ge=1, le=quotas.ROLE_SESSION_HOURS)] = 8
    """How long a sign-in lasts, in hours: 1 to 12. Left out: 8.

    The roles in the target accounts last one hour, for AWS allows no more to a role that is assumed from a role.
    """

    break_glass: StrictBool = False
    """For emergencies only: every use of it raises an alarm. Left out: no."""


class AccessFile(Model):
    """``access.yaml``: who may sign in to what, always through the gateway."""

    identity_provider: IdentityProvider
    """Who says who somebody is."""

    roles: Annotated[Keyed[Role], Field(min_length=1)]
    """The roles by key: ``platform-engineer`` becomes ``PavedRoadPlatformEngineer``."""


# network.yaml


class Network(Item):
    """A VPC of a workload account."""

    account: str
    """The key of the workload account that it is in."""

    cidr: str
    """Its addresses, such as ``10.20.0.0/16``: a private range that overlaps no other network's."""

    availability_zones: Annotated[StrictInt, Field(ge=2, le=3)] = 3
    """In how many availability zones it has subnets, 2 or 3. Left out: 3."""

    nat_gateways: Annotated[StrictInt, Field(ge=0, le=3)] = 1
    """How many NAT gateways: none, 1, or one for each availability zone. Left out: 1."""

    interface_endpoints: tuple[str, ...] = ()
    """AWS services to reach without the internet, such as ``ssm``; S3 and DynamoDB always are. Left out: none."""


class NetworkFile(Model):
    """``network.yaml``: the networks of the workload accounts."""

    networks: Keyed[Network] = Field(default_factory=dict)
    """The networks by key. Left out: none."""


# logging.yaml


class ObjectLock(Model):
    """How long nobody may delete what was logged."""

    mode: Literal["governance", "compliance"]
    """``governance``: a special permission can delete. ``compliance``: nobody can, not even the root user."""

    days: Annotated[StrictInt, Field(ge=1, le=36500)]
    """For how many days."""


class Transition(Model):
    """When logs move to a cheaper storage class."""

    storage_class: StorageClass
    """The storage class to move to."""

    after_days: Annotated[StrictInt, Field(ge=1)]
    """After how many days."""


class LogArchive(Model):
    """The buckets in the log archive account that hold the logs of all accounts."""

    retention_days: Annotated[StrictInt, Field(ge=90, le=36500)]
    """After how many days logs are deleted; not before the object lock ends."""

    object_lock: ObjectLock
    """How long nobody may delete what was logged."""

    transitions: tuple[Transition, ...] = ()
    """When logs move to cheaper storage classes, the earliest first. Left out: never."""


class Trail(Model):
    """The organisation trail; it records every management event of every account and region in any case."""

    s3_data_events: StrictBool = False
    """Record reads and writes of every S3 object too, which costs by the event. Left out: no."""

    lambda_data_events: StrictBool = False
    """Record every invocation of a Lambda function too, which costs by the event. Left out: no."""


class LoggingFile(Model):
    """``logging.yaml``: what is logged and for how long it is kept."""

    log_archive: LogArchive
    """The buckets in the log archive account."""

    trail: Trail = Trail()
    """The organisation trail. Left out: management events only."""

    log_group_retention_days: StrictInt = 365
    """For how many days log groups keep events: one of the periods that CloudWatch Logs has. Left out: 365."""

    alarm_email: Email
    """Who is told about security alarms, such as the use of a break-glass role or of a root user."""


# catalog.yaml


class Product(Item):
    """A product that is offered; everything about it is said where it is built."""

    canary_parameters: Mapping[str, str] = Field(default_factory=dict)
    """Values for the form of its canary, where an example stands for something that the test account has to have: a
    certificate, an image, a connection. Left out: none."""


class Portfolio(Item):
    """A collection of products that is shared with organizational units and accounts."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    """The name that the Service Catalog console shows."""

    description: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    """What the portfolio is for and for whom."""

    provider: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    """Who provides it, as the console shows it."""

    products: Annotated[tuple[str, ...], Field(min_length=1)]
    """The keys of its products."""

    shared_with: tuple[str, ...] = ()
    """Keys of organizational units, and of accounts outside of them. Left out: only shared services has it."""

    principals: tuple[str, ...] = ()
    """Who may launch: names of IAM roles, ``*`` and ``?`` stand for any letters and any letter. Left out: no role."""

    permission_sets: tuple[PermissionSetName, ...] = ()
    """Who may launch: permission sets of IAM Identity Center. Left out: none. With ``principals`` one to ten."""

    tag_options: Mapping[TagKey, TagOptionValues] = Field(default_factory=dict)
    """Tags that a launch chooses from, by key: the values that are allowed. Left out: none."""


class UpgradeDays(Model):
    """How many days an owner has to upgrade, by the highest part of the version that changes."""

    major: Annotated[StrictInt, Field(ge=1, le=3650)] = 180
    """For a major version, which may break something. Left out: 180."""

    minor: Annotated[StrictInt, Field(ge=1, le=3650)] = 90
    """For a minor version. Left out: 90."""

    patch: Annotated[StrictInt, Field(ge=1, le=3650)] = 30
    """For a patch, which mends something and asks nothing. Left out: 30."""

    def of(self, step: Step) -> int:
        """The days for an upgrade."""
        return {Step.MAJOR: self.major, Step.MINOR: self.minor, Step.PATCH: self.patch}[step]


class CatalogFile(Model):
    """``catalog.yaml``: the products that are offered and the portfolios that offer them."""

    products: Keyed[Product]
    """The products by key; a product that does not stand here is not offered."""

    portfolios: Keyed[Portfolio]
    """The portfolios by key."""

    upgrade_days: UpgradeDays = UpgradeDays()
    """How long owners have to upgrade after they are told. Left out: 180, 90 and 30 days."""


# budgets.yaml


class Budget(Item):
    """A monthly budget of an account, of a team or of a portfolio."""

    account: str | None = None
    """The key of the account whose cost counts. Exactly one of ``account``, ``team`` and ``portfolio``."""

    team: str | None = None
    """The key of the team whose cost counts, in every account that it owns."""

    portfolio: str | None = None
    """The key of the portfolio whose launches count; the console shows the budget beside the portfolio."""

    monthly_limit_usd: Annotated[StrictInt, Field(ge=1)]
    """The limit in US dollars a month."""

    alert_percentages: Annotated[
        tuple[Annotated[StrictInt, Field(ge=1, le=1000)], ...], Field(min_length=1, max_length=5)
    ] = (
        80,
        100,
    )
    """The percentages of the limit that somebody is told at; for the last, forecasts too. Left out: 80 and 100."""

    emails: Annotated[tuple[Email, ...], Field(max_length=10)] = ()
    """Who is told. Left out: the team, for a portfolio the platform's."""


class BudgetsFile(Model):
    """``budgets.yaml``: what may be spent."""

    budgets: Keyed[Budget] = Field(default_factory=dict)
    """The budgets by key. Left out: none."""

    billing_view_arn: BillingViewArn | None = None
    """The management account's billing view with the costs of all accounts, shared with the shared services account.

    Left out: the budget of a portfolio counts what is launched in the shared services account alone.
    """


# pipeline.yaml


class PipelineSource(Model):
    """The repository that the platform is deployed from."""

    repository: Annotated[str, StringConstraints(pattern=_REPOSITORY, max_length=quotas.REPOSITORY_LENGTH)]
    """``owner/name`` behind a connection; without one, the name of a CodeCommit repository."""

    branch: Annotated[str, StringConstraints(pattern=_BRANCH, max_length=quotas.BRANCH_LENGTH)] = "main"
    """The branch whose commits are deployed. Left out: ``main``."""

    connection_arn: Annotated[str, StringConstraints(pattern=_CONNECTION)] | None = None
    """The CodeConnections connection to GitHub, GitLab, Bitbucket or Azure DevOps.

    Left out: the repository is one of CodeCommit in the shared services account.
    """


class PipelineFile(Model):
    """``pipeline.yaml``: where the platform's pipeline takes its source from, who approves and who is told."""

    source: PipelineSource
    """The repository that the platform is deployed from."""

    approval: StrictBool = True
    """Whether somebody approves the plan before production changes. Left out: yes."""

    approvers: Annotated[tuple[Email, ...], Field(max_length=10)] = ()
    """Who is asked for approval, with the plan in the message. Required where approval is."""

    notifications: Annotated[tuple[Email, ...], Field(max_length=10)] = ()
    """Who is told of failures and of what was deployed. Left out: the platform's team."""


class Organization(OrganizationFile, AccountsFile, TeamsFile, NetworkFile, BudgetsFile):
    """The whole organisation: what all files say together, and the questions that stacks ask of it.

    Example:
        >>> organization = load_organization(Path("platform/organization"))
        >>> organization.account_with_purpose(Purpose.GATEWAY).id
        '222222222222'
    """

    access: AccessFile
    """``access.yaml``."""

    logging: LoggingFile
    """``logging.yaml``."""

    catalog: CatalogFile
    """``catalog.yaml``."""

    pipeline: PipelineFile
    """``pipeline.yaml``."""

    saml_metadata: str
    """The text of the identity provider's metadata document."""

    @cached_property
    def names(self) -> Names:
        """The registry of names."""
        return Names(self.name)

    def account_with_purpose(self, purpose: Purpose | str) -> Account:
        """The one account for ``purpose``.

        Args:
            purpose: Any but ``workload``, of which there are many.

        Raises:
            ValueError: ``workload``: use ``workload_accounts``.
        """
        if purpose == Purpose.WORKLOAD:
            raise ValueError("there are many workload accounts; use organization.workload_accounts")
        return self._accounts(lambda account: account.purpose == purpose)[0]

    @cached_property
    def workload_accounts(self) -> tuple[Account, ...]:
        """The workload accounts, in the order of the file."""
        return self._accounts(lambda account: account.purpose == Purpose.WORKLOAD)

    def accounts_of(self, team: str) -> tuple[Account, ...]:
        """The accounts that a team owns."""
        return self._accounts(lambda account: account.team == team)

    def accounts_for(self, role: Role) -> tuple[Account, ...]:
        """The accounts that a role reaches, in the order of the file."""
        targets = role.targets
        return self._accounts(
            lambda account: (
                account.key in targets.accounts
                or account.purpose in targets.purposes
                or account.team in targets.teams
                or not self._ancestors(account.organizational_unit).isdisjoint(targets.organizational_units)
            )
        )

    def roles_in(self, account: Account) -> tuple[Role, ...]:
        """The roles that reach ``account``."""
        return tuple(role for role in self.access.roles.values() if account in self.accounts_for(role))

    @property
    def launching_units(self) -> tuple[str, ...]:
        """The organizational units that portfolios are shared with, without those beneath another of them."""
        shared = {key for portfolio in self.catalog.portfolios.values() for key in portfolio.shared_with}
        units = [unit for unit in (ROOT, *self.organizational_units) if unit in shared]
        return tuple(unit for unit in units if self._ancestors(unit).isdisjoint(shared - {unit}))

    @property
    def launching_accounts(self) -> tuple[Account, ...]:
        """The accounts outside of ``launching_units`` that launch too: the catalogue's own, and single ones."""
        shared = {key for portfolio in self.catalog.portfolios.values() for key in portfolio.shared_with}
        return self._accounts(
            lambda account: (
                (account.purpose == Purpose.SHARED_SERVICES or account.key in shared)
                and self._ancestors(account.organizational_unit).isdisjoint(self.launching_units)
            )
        )

    @property
    def accounts_with_launch_roles(self) -> tuple[Account, ...]:
        """Every account that launches products: those of ``launching_units`` and ``launching_accounts``."""
        return self._accounts(
            lambda account: (
                account in self.launching_accounts
                or not self._ancestors(account.organizational_unit).isdisjoint(self.launching_units)
            )
        )

    def networks_in(self, account: Account) -> tuple[Network, ...]:
        """The networks of ``account``."""
        return tuple(network for network in self.networks.values() if network.account == account.key)

    def budgets_in(self, account: Account) -> tuple[Budget, ...]:
        """The budgets that stand in ``account``: its own, in the management account also those of the teams.

        Those of portfolios stand in the account of each portfolio: see ``budget_of``.
        """
        is_management = account.purpose == Purpose.MANAGEMENT
        return tuple(
            budget
            for budget in self.budgets.values()
            if budget.account == account.key or (is_management and budget.team is not None)
        )

    def budget_of(self, portfolio: Portfolio) -> Budget | None:
        """The budget of a portfolio; ``None`` where it has none."""
        return next((budget for budget in self.budgets.values() if budget.portfolio == portfolio.key), None)

    def budget_emails(self, budget: Budget) -> tuple[str, ...]:
        """Who is told about a budget: its own addresses, else the team's."""
        team = budget.team or (self.accounts[budget.account].team if budget.account else None) or self.tags.team
        return budget.emails or (self.teams[team].email,)

    @property
    def pipeline_emails(self) -> tuple[str, ...]:
        """Who is told what the platform's pipeline did."""
        return self.pipeline.notifications or (self.teams[self.tags.team].email,)

    def application_of(self, account: Account) -> Application | None:
        """The application that runs in a workload account; ``None`` for the platform's own accounts."""
        if account.team is None:
            return None
        applications = self.teams[account.team].applications
        return applications[account.application] if account.application else next(iter(applications.values()))

    def tags_for(self, account: Account) -> "MandatoryTags":
        """The mandatory tags of everything in ``account``.

        A workload account's come from its team and application, any other's from ``tags`` in ``organization.yaml``.
        """
        # The CDK takes a second to import; validation does without.
        from pavedroad.governance.mandatory_tags import MandatoryTags

        application = self.application_of(account)
        team = self.teams[account.team or self.tags.team]
        return MandatoryTags(
            application=application.key if application else self.tags.application,
            team=team.key,
            environment=account.environment.value,
            cost_centre=team.cost_centre,
            data_classification=(application or self.tags).data_classification.value,
        )

    def _accounts(self, wanted: Callable[[Account], bool]) -> tuple[Account, ...]:
        return tuple(account for account in self.accounts.values() if wanted(account))

    def _ancestors(self, organizational_unit: str) -> set[str]:
        ancestors = {ROOT}
        while organizational_unit != ROOT:
            ancestors.add(organizational_unit)
            organizational_unit = self.organizational_units[organizational_unit].parent
        return ancestors
