from collections.abc import Mapping
from aws_cdk import Annotations, RemovalPolicy, Size, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.storage.ebs.gp3 import check_gp3
from pavedroad.version_stamp import stamp

class Volume(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, availability_zone: str, size_gib: int | None=None, snapshot_id: str | None=None, iops: int | None=None, throughput_mibps: int | None=None, encryption_key: kms.IKey | None=None, removal_policy: RemovalPolicy=RemovalPolicy.RETAIN) -> None:
        self.encryption_key = ...
        self.volume = ...

    def grant_attach(self, grantee: iam.IGrantable, *, instance_tags: Mapping[str, str]) -> iam.Grant:
        ...
