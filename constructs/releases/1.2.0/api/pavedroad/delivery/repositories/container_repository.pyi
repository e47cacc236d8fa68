from collections.abc import Mapping, Sequence
from typing import Any
from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.delivery.repositories.image_findings import notify_of_findings
from pavedroad.delivery.repositories.readers import check_readers, reading
from pavedroad.invariants import hold
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp
_NAME = '(?=.{2,256}$)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*'
_NAME_IN_WORDS = "2 to 256 lower-case letters, digits, '.', '_', '-' and '/', such as shop/orders"
_TAG = '[\\w.*-]{1,128}'
_MOST_MUTABLE_TAGS = 5
_PULL = ('ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer')

class ContainerRepository(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, repository_name: str | None=None, encryption_key: kms.IKey | None=None, mutable_tags: Sequence[str]=(), untagged_expiration: Duration | None=None, tagged_images: float=200, reader_accounts: Sequence[str]=(), organization_id: str | None=None, findings_topic: sns.ITopic | None=None, removal_policy: RemovalPolicy=RemovalPolicy.RETAIN) -> None:
        self.encryption_key = ...
        self.findings_rules = ...
        self.repository = ...

    def grant_pull(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_push(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def grant_pull_push(self, grantee: iam.IGrantable) -> iam.Grant:
        ...

    def metric_pull_count(self, *, period: Duration | None=None) -> cloudwatch.Metric:
        ...
