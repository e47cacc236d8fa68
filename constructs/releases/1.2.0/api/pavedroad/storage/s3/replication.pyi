from dataclasses import dataclass
from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole
RULE = 'replicate'

@dataclass(frozen=True, kw_only=True)
class Replication:
    bucket_arn: str
    encryption_key_arn: str
    account: str | None = None
    prefix: str = ''

class BucketReplication(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, bucket: s3.Bucket, encryption_key: kms.IKey | None, replication: Replication) -> None:
        self.role = ...
        self.target = ...
