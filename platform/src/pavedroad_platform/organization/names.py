"""The registry of names and paths: whatever two parts of the platform must call by the same name is named here.

Roles, stacks, parameters and buckets are found across accounts by their names; a trust policy in the gateway and the
role in a workload account agree because both ask this registry. Every name is known before anything is deployed.

There are two kinds. What released templates refer to is the same in every organisation, because a release never changes
and knows none: ``PavedRoad...`` in IAM, ``/paved-road/...`` in Parameter Store. All else begins with the organisation's
own name, so that two installations can stand side by side: stacks, buckets, key aliases, ``/<organisation>/...``.
"""

from dataclasses import dataclass
from typing import Final

PREFIX: Final = "PavedRoad"
"""What every IAM role and policy of the platform begins with; policies protect ``PavedRoad*`` by it."""

PERMISSIONS_BOUNDARY: Final = f"{PREFIX}Boundary"
"""The managed policy that bounds every role that a team or a product makes; released templates refer to it by name."""


_QUALIFIER: Final = "hnb659fds"  # of the CDK's bootstrap when nobody chooses another


def tag_parameter(key: str) -> str:
    """The SSM parameter of an account that has the value of a mandatory tag; released templates refer to it by name."""
    return f"/paved-road/tags/{key}"


def pascal_case(key: str) -> str:
    """A key as IAM names are written: ``platform-engineer`` becomes ``PlatformEngineer``."""
    return "".join(word.capitalize() for word in key.split("-"))


@dataclass(frozen=True)
class Names:
    """The names of one organisation.

    Attributes:
        organization: The organisation's name, such as ``pavedroad``: stacks, buckets and parameters begin with it.

    Example:
        >>> names = Names("pavedroad")
        >>> names.role("platform-engineer")
        'PavedRoadPlatformEngineer'
    """

    organization: str

    def stack(self, name: str) -> str:
        """The stack ``name`` of the landing zone: ``pavedroad-logging``."""
        return f"{self.organization}-{name}"

    def workload_stack(self, account_key: str) -> str:
        """The baseline stack of a workload account: ``pavedroad-workload-orders-production``."""
        return self.stack(f"workload-{account_key}")

    def gateway_role(self, role_key: str) -> str:
        """The role that a person signs in to, in the gateway account: ``PavedRoadGatewayDeveloper``."""
        return f"{PREFIX}Gateway{pascal_case(role_key)}"

    def role(self, role_key: str) -> str:
        """The role that a gateway role assumes in another account: ``PavedRoadDeveloper``."""
        return f"{PREFIX}{pascal_case(role_key)}"

    def launch_role(self, product_key: str) -> str:
        """The role that Service Catalog launches a product with, in every account: ``PavedRoadLaunchDatabase``."""
        return f"{PREFIX}Launch{pascal_case(product_key)}"

    @staticmethod
    def permission_set_role(permission_set: str) -> str:
        """The path and name of the role that Identity Center makes for a permission set, as a pattern.

        It ends with a suffix that Identity Center makes up, and its path has the region of Identity Center, which
        us-east-1 leaves out. Nobody else can make a role beneath ``aws-reserved``.

        Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
        """
        return f"aws-reserved/sso.amazonaws.com/*AWSReservedSSO_{permission_set}_*"

    @property
    def proof_role(self) -> str:
        """The role that ``pavedroad catalog prove`` works with in the test account: ``PavedRoadCatalogProof``."""
        return self.role("catalog-proof")

    def execution_role(self, account_id: str, region: str) -> str:
        """The ARN of the role that CloudFormation deploys with: the CDK's bootstrap makes it in each account."""
        return f"arn:aws:iam::{account_id}:role/cdk-{_QUALIFIER}-cfn-exec-role-{account_id}-{region}"

    @property
    def announcements(self) -> str:
        """The topic that owners are told to upgrade by, and the table of who was told: ``pavedroad-announcements``."""
        return f"{self.organization}-announcements"

    def proof_parameter(self, *path: str) -> str:
        """The SSM parameter of the test account that says when a version was proved: ``/pavedroad/proofs/...``."""
        return self.parameter("proofs", *path)

    @property
    def adoption(self) -> str:
        """What a report about adoption may do in an account; the role is for the catalogue's account alone to take."""
        return f"{PREFIX}Adoption"

    @property
    def adoption_report(self) -> str:
        """The role of the function that writes the report about adoption every day."""
        return f"{PREFIX}AdoptionReport"

    @property
    def permissions_boundary(self) -> str:
        """The managed policy that bounds every role that a team or a product makes."""
        return PERMISSIONS_BOUNDARY

    def parameter(self, *path: str) -> str:
        """An SSM parameter: ``parameter("network", "vpc-id")`` is ``/pavedroad/network/vpc-id``."""
        return "/" + "/".join((self.organization, *path))

    def key_alias(self, name: str) -> str:
        """The alias of a KMS key: ``alias/pavedroad/log-archive``."""
        return f"alias/{self.organization}/{name}"

    def log_group(self, name: str) -> str:
        """A CloudWatch log group of the platform: ``/pavedroad/trail``."""
        return f"/{self.organization}/{name}"

    @property
    def trail(self) -> str:
        """The organisation trail."""
        return f"{self.organization}-organization-trail"

    @property
    def configuration_aggregator(self) -> str:
        """The aggregator in the audit account that knows what AWS Config recorded in every account."""
        return f"{self.organization}-organization"

    def log_archive_bucket(self, account_id: str, region: str) -> str:
        """The bucket in the log archive account that the organisation trail writes to."""
        return self._bucket("log-archive", account_id, region)

    def flow_log_bucket(self, account_id: str, region: str) -> str:
        """The bucket in the log archive account that VPC flow logs of every account go to."""
        return self._bucket("flow-logs", account_id, region)

    def configuration_history_bucket(self, account_id: str, region: str) -> str:
        """The bucket in the log archive account that AWS Config of every account delivers to."""
        return self._bucket("configuration-history", account_id, region)

    def report_bucket(self, account_id: str, region: str) -> str:
        """The bucket in the log archive account that keeps the platform's reports by date."""
        return self._bucket("reports", account_id, region)

    def access_log_bucket(self, account_id: str, region: str) -> str:
        """The bucket that takes the S3 and load balancer access logs of one account and region."""
        return self._bucket("access-logs", account_id, region)

    def _bucket(self, name: str, account_id: str, region: str) -> str:
        # Bucket names are global; the account and the region keep them apart.
        return f"{self.organization}-{name}-{account_id}-{region}"
