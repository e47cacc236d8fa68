from collections.abc import Sequence
from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.durations import days_of
from pavedroad.invariants import hold
from pavedroad.observability.notifications import notifying_role, notifying_rule
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.security.secret_rotation import rotate
from pavedroad.version_stamp import stamp
_NAME = '[A-Za-z0-9/_+=.@-]{1,512}'
_NAME_IN_WORDS = 'letters, digits and /_+=.@-'
_SHORTEST_PASSWORD = 16
_EXCLUDED_CHARACTERS = ' %+~`#$&*()|[]{}:;<>?!\'/@"\\'

class ApplicationSecret(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, rotation_function: lambda_.IFunction | None=None, no_rotation_reason: str | None=None, rotate_after: Duration | None=None, secret_name: str | None=None, description: str | None=None, encryption_key: kms.IKey | None=None, generate: secretsmanager.SecretStringGenerator | None=None, reader_accounts: Sequence[str]=(), replicas: Sequence[secretsmanager.ReplicaRegion]=()) -> None:
        self.encryption_key = ...
        self.rotation = ...
        self.rules = ...
        self.secret = ...

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def add_alarms(self, topic: sns.ITopic) -> list[events.Rule]:
        ...
