from collections.abc import Iterable
from aws_cdk import Arn, ArnFormat, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.storage.s3.secure_bucket import SecureBucket
READ_OBJECTS = ['s3:GetObject', 's3:GetObjectVersion']
_WRITE_OBJECTS = ['s3:PutObject']
LOOK_AT_BUCKET = ['s3:GetBucketLocation', 's3:GetBucketVersioning']
DECRYPT = ['kms:Decrypt', 'kms:DescribeKey']
_ENCRYPT = [*DECRYPT, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo']

class ArtifactStore(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, encryption_key: kms.IKey, retention: Duration, replicas: Iterable[s3.IBucket]=()) -> None:
        self.bucket = ...
        self.encryption_key = ...
        self.readers = ...
        self.writers = ...

    def admit(self, role_arn: str) -> None:
        ...

    def cache(self, name: str, expiry: Duration) -> str:
        ...

def role_of_account(role_arn: str) -> iam.IPrincipal:
    ...

def admit_reader(bucket: s3.IBucket, role_arn: str) -> None:
    ...

def admit_decryption(key: kms.IKey, role_arn: str) -> None:
    ...
