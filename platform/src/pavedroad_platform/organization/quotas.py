"""The quotas of AWS that a configuration can exceed, each with its source. Checked before anything is deployed."""

from typing import Final

# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
ORGANIZATIONAL_UNIT_DEPTH: Final = 5
SERVICE_CONTROL_POLICIES_PER_TARGET: Final = 5
"""AWS's own FullAWSAccess counts as one of them."""
SERVICE_CONTROL_POLICY_BYTES: Final = 5120
RESOURCE_CONTROL_POLICY_BYTES: Final = 5120
TAG_POLICY_BYTES: Final = 10000
EMAIL_LENGTH: Final = 64

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
ROLE_DESCRIPTION_LENGTH: Final = 1000
ROLE_SESSION_HOURS: Final = 12

# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html
SAML_METADATA_BYTES: Final = (1_000, 10_000_000)

# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
TAG_KEY_LENGTH: Final = 128
TAG_VALUE_LENGTH: Final = 256

# https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html
PRINCIPALS_PER_PORTFOLIO: Final = 10
TAG_OPTION_VALUES_PER_KEY: Final = 25

# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
LARGEST_NETWORK_PREFIX: Final = 16
SMALLEST_NETWORK_PREFIX: Final = 24
"""The smallest subnet is a /28, and a network is cut into sixteen."""

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
INFREQUENT_ACCESS_DAYS: Final = 30

# https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
# https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html
REPOSITORY_LENGTH: Final = 100
BRANCH_LENGTH: Final = 256

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LOG_GROUP_RETENTION_DAYS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)

# Ours: a key becomes part of role names ("PavedRoadGateway" and 40 letters are within 64) and the organisation's name
# of bucket names: "<name>-log-archive-<12 digits>-ap-southeast-1" is within 63 letters.
KEY_LENGTH: Final = 40
ORGANIZATION_NAME_LENGTH: Final = 18
