"""The AWS clients of a product team, and what AWS refuses told as a problem that can be mended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    UnauthorizedSSOTokenError,
)

from pavedroad_platform.errors import PlatformError, Problem

# botocore retries what was throttled, with growing pauses and jitter, and slows down where AWS asks for it.
RETRIES: Final = Config(retries={"mode": "adaptive", "total_max_attempts": 6}, connect_timeout=10)

_EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_UNKNOWN: Final = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"}
)
_DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_THROTTLED: Final = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"})
_SIGN_IN: Final = "Sign in again at your portal (or aws sso login), then repeat the command; what it began goes on."


@dataclass(frozen=True, kw_only=True)
class Clients:
    """What the operations call.

    Attributes:
        service: Makes the client of a service; each is made when it is first needed.
        account: The account that is launched into.
        region: The region that is launched into.
    """

    service: Callable[[str], Any]
    account: str
    region: str

    @cached_property
    def catalog(self) -> Any:
        """Service Catalog."""
        return self.service("servicecatalog")

    @cached_property
    def cloudformation(self) -> Any:
        """CloudFormation; only the events of stacks are read."""
        return self.service("cloudformation")

    @cached_property
    def s3(self) -> Any:
        """S3; only for templates where Service Catalog makes no plan."""
        return self.service("s3")


def clients_of_role(role_arn: str, *, profile: str | None = None, region: str) -> Clients:
    """The clients of a role that the caller may take; its credentials are renewed for as long as it takes.

    Args:
        role_arn: The role.
        profile: The profile of the caller. Left out: what the environment says, as for the AWS CLI.
        region: The region.
    """
    caller = botocore.session.Session(profile=profile)
    caller.set_config_variable("region", region)
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=caller.create_client,
        source_credentials=caller.get_credentials(),
        role_arn=role_arn,
        extra_args={"RoleSessionName": "pavedroad"},
    )
    renewed = botocore.session.get_session()
    renewed.register_component("credential_provider", CredentialResolver([_Renewed(fetcher)]))
    assumed = boto3.Session(botocore_session=renewed, region_name=region)

    def client(service: str) -> Any:
        return assumed.client(service, config=RETRIES)  # type: ignore[call-overload]

    return Clients(service=client, account=role_arn.split(":")[4], region=region)


class _Renewed(CredentialProvider):
    """Credentials that are asked for when they are needed, and again before they end."""

    METHOD = "assume-role"

    def __init__(self, fetcher: AssumeRoleCredentialFetcher) -> None:
        super().__init__()
        self._fetcher = fetcher

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(method=self.METHOD, refresh_using=self._fetcher.fetch_credentials)


def connect(*, profile: str | None = None, region: str | None = None) -> Clients:
    """The clients of an AWS profile; ``AWS_ENDPOINT_URL`` leads them to the sandbox.

    Args:
        profile: The profile. Left out: what the environment says, as for the AWS CLI.
        region: The region. Left out: the profile's.
    """
    session = boto3.Session(profile_name=profile, region_name=region)

    def client(service: str) -> Any:
        return session.client(service, config=RETRIES)  # type: ignore[call-overload]

    return Clients(service=client, account=client("sts").get_caller_identity()["Account"], region=session.region_name)


@contextmanager
def refusals_told() -> Iterator[None]:
    """Tell what keeps AWS from answering as a problem.

    Raises:
        PlatformError: No credentials, expired ones, no region, no permission, no network, or a refusal of the service.
    """
    try:
        yield
    except ClientError as error:
        raise PlatformError(_refusal(error)) from error
    except BotoCoreError as error:
        raise PlatformError(_hindrance(error)) from error


def pages(call: Callable[..., Any], member: str, **arguments: Any) -> Iterator[Any]:
    """What a call of Service Catalog lists, page after page: botocore knows no pages of most of these calls."""
    token: dict[str, str] = {}
    while True:
        answer = call(**arguments, **token)
        yield from answer[member]
        if not answer.get("NextPageToken"):
            return
        token = {"PageToken": answer["NextPageToken"]}


def is_denied(error: ClientError) -> bool:
    """Whether the caller has no permission for the call."""
    return error.response["Error"]["Code"] in _DENIED


def _refusal(error: ClientError) -> Problem:
    code, said = error.response["Error"]["Code"], error.response["Error"].get("Message") or str(error)
    if code in _EXPIRED:
        return Problem(path="credentials", cause="your credentials have expired", fix=_SIGN_IN)
    if code in _UNKNOWN:
        return Problem(path="credentials", cause=f"AWS does not know your credentials: {said}", fix=_SIGN_IN)
    if code in _DENIED:
        return Problem(
            path=error.operation_name,
            cause=said,
            fix="Use the profile of your developer role (--profile or AWS_PROFILE); see aws sts get-caller-identity.",
        )
    if code in _THROTTLED:
        return Problem(
            path=error.operation_name,
            cause=f"AWS still throttles the call after several attempts: {said}",
            fix="Wait a minute and repeat the command; what it began goes on, and it is not begun twice.",
        )
    return Problem(path=error.operation_name, cause=said, fix="Correct what it names, then repeat the command.")


def _hindrance(error: BotoCoreError) -> Problem:
    if isinstance(error, ProfileNotFound):
        # Pydantic comes with it, which a function in Lambda that makes the same calls does without.
        from pavedroad_platform.organization.suggestions import instead_of

        known = boto3.Session().available_profiles if "profile" in error.kwargs else []
        return Problem(path="--profile", cause=str(error), fix=instead_of(str(error.kwargs.get("profile")), known))
    if isinstance(error, NoRegionError):
        return Problem(path="--region", cause="no region is chosen", fix="Add --region, or a region to your profile.")
    if isinstance(error, (NoCredentialsError, PartialCredentialsError)):
        return Problem(
            path="credentials",
            cause=str(error),
            fix="Choose a profile with --profile or AWS_PROFILE; docs/getting-started/product-team.md shows one.",
        )
    if isinstance(error, (SSOError, UnauthorizedSSOTokenError, CredentialRetrievalError)):
        return Problem(path="credentials", cause=str(error), fix=_SIGN_IN)
    if isinstance(error, EndpointConnectionError):
        return Problem(
            path="network",
            cause=str(error),
            fix="Is the region right, and AWS_ENDPOINT_URL? The sandbox tells its own with: pavedroad sandbox status",
        )
    return Problem(path="AWS", cause=str(error), fix="Repeat the command; what it began goes on.")
