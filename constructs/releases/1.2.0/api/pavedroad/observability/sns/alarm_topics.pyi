from collections.abc import Sequence
from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.observability.alarms import notifying_alarm
from pavedroad.observability.severities import AlarmSeverities, AlarmSeverity, route
from pavedroad.observability.sns.subscriptions import AlarmSubscriptions, configure_chat, subscribe
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.version_stamp import stamp
_SOURCES = {'cloudwatch.amazonaws.com': 'arn:{partition}:cloudwatch:{region}:{account}:alarm:*', 'budgets.amazonaws.com': 'arn:{partition}:budgets::{account}:*', 'costalerts.amazonaws.com': 'arn:{partition}:ce::{account}:anomalysubscription/*'}
_NOBODY = AlarmSubscriptions()

class AlarmTopics(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, critical: AlarmSubscriptions=_NOBODY, warning: AlarmSubscriptions=_NOBODY, publishers: Sequence[str]=('cloudwatch.amazonaws.com', 'budgets.amazonaws.com'), encryption_key: kms.IKey | None=None, dead_letter_queue: bool=True) -> None:
        self.chat_role = ...
        self.critical = ...
        self.dead_letter_queue = ...
        self.encryption_key = ...
        self.warning = ...

    def by_severity(self, severities: AlarmSeverities | None=None) -> sns.ITopic:
        ...

    def event_target(self, severity: AlarmSeverity=AlarmSeverity.WARNING, *, message: events.RuleTargetInput | None=None) -> events.IRuleTarget:
        ...

    def grant_publish(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        ...
