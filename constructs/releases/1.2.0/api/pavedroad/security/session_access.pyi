from collections.abc import Mapping
from typing import Any
from aws_cdk import Annotations, Duration, Stack, Tokenization
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.version_stamp import stamp
_ACCOUNT_PREFERENCES = 'SSM-SessionManagerRunShell'
_PREFIX = 'sessions'
_OWN_SESSIONS = '${aws:userid}-*'

class SessionAccess(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, account_preferences: bool=False, encryption_key: kms.IKey | None=None, log_bucket: s3.IBucket | None=None, log_retention: logs.RetentionDays=logs.RetentionDays.ONE_YEAR, idle_timeout: Duration | None=None, max_duration: Duration | None=None, run_as: str='ec2-user') -> None:
        self.document = ...
        self.encryption_key = ...
        self.log_group = ...

    def grant_start_session(self, grantee: iam.IGrantable, *, tags: Mapping[str, str]) -> iam.Grant:
        ...

    def grant_execute_command(self, grantee: iam.IGrantable, *, cluster: ecs.ICluster, tags: Mapping[str, str]) -> iam.Grant:
        ...

    def grant_record(self, host: iam.IGrantable) -> iam.Grant:
        ...
