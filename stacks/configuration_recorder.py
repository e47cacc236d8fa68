"""AWS Config in one account: it records every resource, and delivers to the log archive."""

from aws_cdk import Aws
from aws_cdk import aws_config as config
from constructs import Construct

from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Purpose


class ConfigurationRecorder(Construct):
    """Records all types of resources, the global ones of IAM included, as they change.

    It works as Config's service-linked role, which the account has before its stack: ``before-the-first-deployment.md``
    says how. CloudFormation cannot make a role that another service may have made before. What is delivered is
    encrypted with the log archive's key, which is the bucket's own.

    Args:
        scope: The account's stack.
        construct_id: The id, unique among the parent's children.
        organization: The configuration.

    Controls: Config.1, NIST CM-3, CM-6(1), CM-8.

    Source: https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization) -> None:
        super().__init__(scope, construct_id)
        names, region = organization.names, organization.home_region
        archive = organization.account_with_purpose(Purpose.LOG_ARCHIVE).id
        config.CfnConfigurationRecorder(
            self,
            "Resource",
            name="default",
            role_arn=(
                f"arn:aws:iam::{Aws.ACCOUNT_ID}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
            ),
            recording_group=config.CfnConfigurationRecorder.RecordingGroupProperty(
                all_supported=True, include_global_resource_types=True
            ),
        )
        # No dependency between the two: CloudFormation starts the recorder only when there is a channel.
        config.CfnDeliveryChannel(
            self,
            "DeliveryChannel",
            name="default",
            s3_bucket_name=names.configuration_history_bucket(archive, region),
            config_snapshot_delivery_properties=config.CfnDeliveryChannel.ConfigSnapshotDeliveryPropertiesProperty(
                delivery_frequency="TwentyFour_Hours"
            ),
        )
