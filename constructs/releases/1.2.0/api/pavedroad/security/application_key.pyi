from collections.abc import Sequence
from aws_cdk import Duration, Stack, Token
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.durations import days_of
from pavedroad.invariants import hold
from pavedroad.observability.log_groups import admit_log_groups
from pavedroad.observability.notifications import notifying_role, notifying_rule
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.key_policy import USE, administration, use_by_service, use_through_services
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
DATA_SERVICES = ('backup', 'dynamodb', 'ec2', 'ecr', 'elasticfilesystem', 'rds', 's3', 'secretsmanager', 'sns', 'sqs', 'ssm')
_LOGS = 'logs'
_OWN_ACCORD = 'cloudwatch'
_WITHOUT_CONDITIONS = 'events'
_ALIAS = '(alias/)?(?!aws/)[a-zA-Z0-9/_-]{1,250}'
_ALIAS_IN_WORDS = "letters, digits, '/', '_' and '-', not beginning with aws/"
_DIMINISHING = ('DisableKey', 'DisableKeyRotation', 'ScheduleKeyDeletion')

class ApplicationKey(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, description: str | None=None, administrators: Sequence[iam.IPrincipal]=(), services: Sequence[str]=DATA_SERVICES, rotation_period: Duration | None=None, alias: str | None=None, multi_region: bool=False, pending_window: Duration | None=None) -> None:
        self.key = ...
        self.rules = ...

    def allow_service(self, service: str) -> None:
        ...

    def grant_encrypt_decrypt(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_decrypt(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def add_alarms(self, topic: sns.ITopic) -> list[events.Rule]:
        ...
