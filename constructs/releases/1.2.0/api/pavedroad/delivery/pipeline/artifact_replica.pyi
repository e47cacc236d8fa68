from collections.abc import Sequence
from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.artifacts import admit_decryption, admit_reader
from pavedroad.delivery.pipeline.deployments import ROLE_ARN
from pavedroad.security.keys import rotated_key
from pavedroad.storage.s3.secure_bucket import SecureBucket
from pavedroad.version_stamp import stamp

class ArtifactReplica(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, bucket_name: str, reader_role_arns: Sequence[str]=(), artifact_retention: Duration | None=None) -> None:
        self.bucket = ...
        self.encryption_key = ...
