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
_DOMAIN = '[a-z][a-z0-9-]{0,48}[a-z0-9]'
_DOMAIN_IN_WORDS = '2 to 50 lower-case letters, digits and hyphens, beginning with a letter'
_REPOSITORY = '[A-Za-z0-9][A-Za-z0-9._-]{1,99}'
_REPOSITORY_IN_WORDS = "2 to 100 letters, digits, '.', '_' and '-'"
_SIGN_IN = ('codeartifact:GetAuthorizationToken',)
_READ = ('codeartifact:GetRepositoryEndpoint', 'codeartifact:ReadFromRepository')
_PUBLISH = ('codeartifact:PublishPackageVersion', 'codeartifact:PutPackageMetadata')

class PackageRepository(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, domain_name: str | None=None, repository_name: str='packages', public_registry: str | None=None, internal_packages: Sequence[str]=(), encryption_key: kms.IKey | None=None, reader_accounts: Sequence[str]=(), organization_id: str | None=None) -> None:
        self.domain = ...
        self.encryption_key = ...
        self.package_groups = ...
        self.public_repository = ...
        self.repository = ...

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_publish(self, grantee: iam.IGrantable) -> iam.Grant:
        ...
