from collections.abc import Sequence
from aws_cdk import aws_iam as iam
from constructs import Construct
from pavedroad.delivery.pipeline.artifacts import ArtifactStore
from pavedroad.security.roles import ManagedPolicyRole

class ActionRoles(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, artifacts: ArtifactStore) -> None:
        self.artifacts = ...
        self.by_name = ...
        self.pipeline_role = ...

    def make(self, name: str, statements: Sequence[iam.PolicyStatement], *, reads: bool=False, writes: bool=False) -> ManagedPolicyRole:
        ...

    def take(self, name: str, role_arn: str) -> iam.IRole:
        ...

def as_it_is(role: iam.IRole) -> iam.IRole:
    ...
