from dataclasses import dataclass
from aws_cdk import Token
from aws_cdk import aws_efs as efs
from aws_cdk import aws_iam as iam
from constructs import Construct
from pavedroad.arguments import Arguments
_HIGHEST_ID = 4294967295

@dataclass(frozen=True, kw_only=True)
class Directory:
    path: str
    user_id: int = 1000
    group_id: int = 1000
    permissions: str = '750'

    def check(self, arguments: Arguments) -> None:
        ...

    def access_point(self, scope: Construct, construct_id: str, file_system: efs.IFileSystem) -> efs.AccessPoint:
        ...

def over_tls_and_identified() -> iam.PolicyDocument:
    ...
