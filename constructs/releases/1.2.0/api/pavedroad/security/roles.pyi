import jsii
from aws_cdk import aws_iam as iam
from constructs import Construct

class ManagedPolicyRole(iam.Role):

    def __init__(self, scope: Construct, construct_id: str, *, assumed_by: iam.IPrincipal, description: str) -> None:
        self.policy = ...

    def begin_policy(self, construct_id: str) -> None:
        ...

    @jsii.member(jsii_name='addToPrincipalPolicy')
    def add_to_principal_policy(self, statement: iam.PolicyStatement) -> iam.AddToPrincipalPolicyResult:
        ...
