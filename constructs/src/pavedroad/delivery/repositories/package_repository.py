"""Internal packages, and those of one public registry, in AWS CodeArtifact."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_codeartifact as codeartifact
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.delivery.repositories.package_origins import REGISTRIES, check_origins, separate_origins
from pavedroad.delivery.repositories.readers import check_readers, reading
from pavedroad.invariants import hold
from pavedroad.naming import unique_name
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_DOMAIN = r"[a-z][a-z0-9-]{0,48}[a-z0-9]"
_DOMAIN_IN_WORDS = "2 to 50 lower-case letters, digits and hyphens, beginning with a letter"
_REPOSITORY = r"[A-Za-z0-9][A-Za-z0-9._-]{1,99}"
_REPOSITORY_IN_WORDS = "2 to 100 letters, digits, '.', '_' and '-'"
_SIGN_IN = ("codeartifact:GetAuthorizationToken",)
_READ = ("codeartifact:GetRepositoryEndpoint", "codeartifact:ReadFromRepository")
_PUBLISH = ("codeartifact:PublishPackageVersion", "codeartifact:PutPackageMetadata")


class PackageRepository(Construct):
    """A repository of internal packages above one of public packages, where neither can stand in for the other.

    Package managers use one repository, ``repository``. What it does not hold comes from ``public_repository``, which
    fetches from the public registry and keeps what was fetched. Package groups separate the two: a name that
    ``internal_packages`` covers is never fetched from outside (dependency confusion), and no other name of that format
    can be published. The domain encrypts and stores each package once.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        domain_name: The domain's name, unique in the account and region. Left out: a name unique to the stack.
        repository_name: The name of the repository that package managers use. Left out: ``packages``.
        public_registry: Where public packages come from: ``npmjs``, ``pypi``, ``maven-central``,
            ``maven-googleandroid``, ``maven-gradleplugins``, ``maven-commonsware``, ``maven-clojars``, ``nuget-org``,
            ``crates-io`` or ``ruby-gems-org``. Left out: from nowhere; the repository holds what is published.
        internal_packages: Patterns of the names that are internal, such as ``/npm/shop/*`` for the scope ``@shop``,
            ``/pypi//shop~`` for names that begin with the word ``shop``. Left out: with a public registry, nothing
            can be published.
        encryption_key: Encrypts the packages; it cannot be changed later. Left out: a new key with yearly rotation,
            kept when the stack is deleted.
        reader_accounts: Accounts whose principals may read. Left out: none.
        organization_id: The organisation whose principals may read, all of them. Left out: none.

    Attributes:
        repository: The L1 repository that package managers use, with the id ``Resource``.
        public_repository: The L1 repository connected to the public registry; ``None`` without one.
        domain: The L1 domain.
        package_groups: The L1 package groups that separate internal from public packages.
        encryption_key: The key in use.

    Raises:
        InvalidArgumentsError: A name, registry, pattern, account or organisation cannot work; all are named.

    Source: https://docs.aws.amazon.com/codeartifact/latest/ug/package-group-origin-controls.html
    Controls: NIST AC-3, CM-14, SC-12, SC-28, SI-7, SR-3, SR-11; AWS Well-Architected SEC11-BP05 (packages from a
        central place).

    Example:
        >>> packages = PackageRepository(
        ...     stack,
        ...     "Packages",
        ...     public_registry="npmjs",
        ...     internal_packages=["/npm/shop/*"],
        ...     reader_accounts=["111111111111"],
        ...     organization_id="o-abcde12345",
        ... )
        >>> packages.grant_publish(role)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domain_name: str | None = None,
        repository_name: str = "packages",
        public_registry: str | None = None,
        internal_packages: Sequence[str] = (),
        encryption_key: kms.IKey | None = None,
        reader_accounts: Sequence[str] = (),
        organization_id: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.matches("domain_name", domain_name, _DOMAIN, _DOMAIN_IN_WORDS)
        arguments.matches("repository_name", repository_name, _REPOSITORY, _REPOSITORY_IN_WORDS)
        check_origins(arguments, public_registry, internal_packages)
        if public_registry is not None and repository_name == f"{public_registry}-store":
            arguments.refuse("repository_name", repository_name, "is the name of the repository of public packages")
        check_readers(arguments, organization_id, reader_accounts)
        arguments.check()

        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Packages of {self.node.path}")
        self._organization_id, self._accounts = organization_id, reader_accounts
        self.domain = codeartifact.CfnDomain(
            self,
            "Domain",
            domain_name=domain_name or unique_name(self, longest=37, otherwise="packages"),
            encryption_key=self.encryption_key.key_arn,
            permissions_policy_document=self._read_by_others(_SIGN_IN),
        )
        self.domain.apply_removal_policy(RemovalPolicy.RETAIN)
        self.public_repository = self._connect(public_registry) if public_registry is not None else None
        self.repository = self._repository(
            "Resource",
            repository_name=repository_name,
            description="What package managers use",
            permissions_policy_document=self._read_by_others(_READ),
            upstreams=[self.public_repository.attr_name] if self.public_repository else None,
        )
        self.package_groups: list[codeartifact.CfnPackageGroup] = []
        if public_registry is not None and self.public_repository is not None:
            self.package_groups = separate_origins(
                self,
                package_format=REGISTRIES[public_registry],
                internal_packages=internal_packages,
                internal=self.repository,
                public=self.public_repository,
            )
        self._hold()
        stamp(self)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` install packages, and get the token that signs it in."""
        token = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["sts:GetServiceBearerToken"],
            resource_arns=["*"],
            conditions={"StringEquals": {"sts:AWSServiceName": "codeartifact.amazonaws.com"}},
        )
        sign_in = _grant(grantee, _SIGN_IN, self.domain.attr_arn)
        return token.combine(sign_in).combine(_grant(grantee, _READ, self.repository.attr_arn))

    def grant_publish(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` publish internal packages and install packages; the package groups still hold."""
        packages = Stack.of(self).format_arn(
            service="codeartifact",
            resource="package",
            resource_name=f"{self.repository.attr_domain_name}/{self.repository.attr_name}/*",
        )
        return self.grant_read(grantee).combine(_grant(grantee, _PUBLISH, packages))

    def _connect(self, registry: str) -> codeartifact.CfnRepository:
        return self._repository(
            "Public",
            repository_name=f"{registry}-store",
            description="What was fetched from the public registry",
            external_connections=[f"public:{registry}"],
        )

    def _repository(self, construct_id: str, **properties: Any) -> codeartifact.CfnRepository:
        repository = codeartifact.CfnRepository(self, construct_id, domain_name=self.domain.attr_name, **properties)
        repository.apply_removal_policy(RemovalPolicy.RETAIN)
        return repository

    def _read_by_others(self, actions: Sequence[str]) -> iam.PolicyDocument | None:
        statements = reading(actions, organization_id=self._organization_id, accounts=self._accounts, resources=["*"])
        return iam.PolicyDocument(statements=statements) if statements else None

    def _hold(self) -> None:
        resolve = Stack.of(self).resolve

        def separated() -> bool:
            modes = [resolve(group.origin_configuration)["restrictions"] for group in self.package_groups]
            return all(
                "BLOCK" in (each["publish"]["restrictionMode"], each["externalUpstream"]["restrictionMode"])
                for each in modes
            )

        hold(
            self,
            "PackageRepository is encrypted with its own key; the EncryptionKey of its domain was removed",
            lambda: bool(self.domain.encryption_key),
        )
        hold(
            self,
            "PackageRepository never lets a public package stand in for an internal one; an OriginConfiguration was "
            "opened",
            separated,
        )


def _grant(grantee: iam.IGrantable, actions: Sequence[str], resource: str) -> iam.Grant:
    return iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=[resource])
