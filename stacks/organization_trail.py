"""The organisation trail: who did what, in every account and region."""

from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from pavedroad.observability.alarms import notifying_alarm
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Purpose
from stacks.alarm_topic import AlarmTopic
from stacks.log_retention import log_retention

_ROOT_USER_FILTER = (
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'
)


class OrganizationTrail(Construct):
    """Records the management events of all accounts and regions, and data events as configured.

    It writes to the locked bucket in the log archive account, which it finds by name, and to a log group here, in which
    the use of any account's root user raises an alarm.

    Args:
        scope: The stack of the management account: an organisation trail belongs to it.
        construct_id: The id, unique among the parent's children.
        organization: The configuration.
        encryption_key: Encrypts the log group.

    Attributes:
        trail: The trail.
        log_group: The log group with the same events.

    Controls: CloudTrail.1, CloudTrail.2, CloudTrail.4, CloudTrail.5, CloudWatch.1, NIST AU-2, AU-10, AU-12.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, organization: Organization, encryption_key: kms.IKey
    ) -> None:
        super().__init__(scope, construct_id)
        self._organization = organization
        names, region = organization.names, organization.home_region
        archive = organization.account_with_purpose(Purpose.LOG_ARCHIVE).id
        self._bucket_names = [
            name(archive, region) for name in (names.log_archive_bucket, names.flow_log_bucket, names.access_log_bucket)
        ]
        self.log_group = encrypted_log_group(
            self,
            "LogGroup",
            encryption_key=encryption_key,
            retention=log_retention(organization.logging.log_group_retention_days),
            log_group_name=names.log_group("organization-trail"),
        )
        role = ManagedPolicyRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("cloudtrail.amazonaws.com"),
            description="Writes the events of the organisation trail to its log group",
        )
        granted = self.log_group.grant_write(role)
        self.trail = cloudtrail.CfnTrail(
            self,
            "Resource",
            trail_name=names.trail,
            is_logging=True,
            is_organization_trail=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            s3_bucket_name=self._bucket_names[0],
            kms_key_id=f"arn:aws:kms:{region}:{archive}:{names.key_alias('log-archive')}",
            cloud_watch_logs_log_group_arn=self.log_group.log_group_arn,
            cloud_watch_logs_role_arn=role.role_arn,
            advanced_event_selectors=self._selectors(),
        )
        granted.apply_before(self.trail)
        acknowledge(
            self.trail,
            "cloudformation-validate::W9013",
            "The key stands in the log archive account, not in this one; the configuration says which that is.",
        )
        self._alarm()

    def _selectors(self) -> list[cloudtrail.CfnTrail.AdvancedEventSelectorProperty]:
        data = self._organization.logging.trail
        selectors = [_selector("Management events", _field("eventCategory", equal_to=["Management"]))]
        if data.s3_data_events:
            # The deliveries into the archive would be recorded in the archive, and so on without end.
            archive = [f"arn:aws:s3:::{name}/" for name in self._bucket_names]
            selectors.append(
                _selector(
                    "Objects in S3",
                    _field("eventCategory", equal_to=["Data"]),
                    _field("resources.type", equal_to=["AWS::S3::Object"]),
                    _field("resources.ARN", not_starts_with=archive),
                )
            )
        if data.lambda_data_events:
            selectors.append(
                _selector(
                    "Invocations of functions",
                    _field("eventCategory", equal_to=["Data"]),
                    _field("resources.type", equal_to=["AWS::Lambda::Function"]),
                )
            )
        return selectors

    def _alarm(self) -> None:
        alarms = AlarmTopic(
            self, "Alarms", publisher="cloudwatch.amazonaws.com", email=self._organization.logging.alarm_email
        )
        used = self.log_group.add_metric_filter(
            "RootUser",
            filter_pattern=logs.FilterPattern.literal(_ROOT_USER_FILTER),
            metric_namespace=f"{self._organization.name}/security",
            metric_name="RootUserUsed",
        )
        notifying_alarm(
            self,
            "RootUserUsed",
            metric=used.metric(statistic="Sum"),
            threshold=1,
            comparison=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=1,
            missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            description="The root user of an account was used; the trail's log group says of which and for what.",
            topic=alarms.topic,
        )


def _selector(
    name: str, *fields: cloudtrail.CfnTrail.AdvancedFieldSelectorProperty
) -> cloudtrail.CfnTrail.AdvancedEventSelectorProperty:
    return cloudtrail.CfnTrail.AdvancedEventSelectorProperty(name=name, field_selectors=list(fields))


def _field(
    name: str, *, equal_to: list[str] | None = None, not_starts_with: list[str] | None = None
) -> cloudtrail.CfnTrail.AdvancedFieldSelectorProperty:
    return cloudtrail.CfnTrail.AdvancedFieldSelectorProperty(
        field=name, equal_to=equal_to, not_starts_with=not_starts_with
    )
