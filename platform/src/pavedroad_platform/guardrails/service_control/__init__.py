"""The service control policies: what nobody in a member account can do, whatever its own policies allow."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pavedroad_platform.guardrails.policy_document import Statement, policy_document, require_size
from pavedroad_platform.guardrails.service_control import (
    allowed_regions,
    deny_root_user,
    protect_data,
    protect_platform,
    quarantine,
    require_encryption,
)
from pavedroad_platform.organization.models import Organization, ServiceControlPolicyName
from pavedroad_platform.organization.quotas import SERVICE_CONTROL_POLICY_BYTES

_STATEMENTS: Final[Mapping[ServiceControlPolicyName, Callable[[Organization], list[Statement]]]] = {
    ServiceControlPolicyName.PROTECT_PLATFORM: protect_platform.statements,
    ServiceControlPolicyName.PROTECT_DATA: protect_data.statements,
    ServiceControlPolicyName.ALLOWED_REGIONS: allowed_regions.statements,
    ServiceControlPolicyName.DENY_ROOT_USER: deny_root_user.statements,
    ServiceControlPolicyName.REQUIRE_ENCRYPTION: require_encryption.statements,
    ServiceControlPolicyName.QUARANTINE: quarantine.statements,
}


def service_control_policy(name: ServiceControlPolicyName, organization: Organization) -> dict[str, Any]:
    """The document of the service control policy ``name``.

    Raises:
        PlatformError: It exceeds the quota of 5,120 bytes.
    """
    document = policy_document(_STATEMENTS[name](organization))
    require_size(name, document, SERVICE_CONTROL_POLICY_BYTES)
    return document
