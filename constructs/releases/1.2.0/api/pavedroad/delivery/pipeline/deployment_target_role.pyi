from aws_cdk import Stack, Token
from aws_cdk import aws_iam as iam
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.artifacts import DECRYPT, LOOK_AT_BUCKET, READ_OBJECTS, role_of_account
from pavedroad.delivery.pipeline.deployments import ROLE_ARN, CdkDeployment, CloudFormationDeployment, Deployment
from pavedroad.delivery.pipeline.rights import Rights, acknowledge_rights
from pavedroad.invariants import hold
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.version_stamp import stamp
_BUCKET_ARN = ('arn:[\\w-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]', 'the ARN of a bucket, such as arn:aws:s3:::artifacts')
_KEY_ARN = ('arn:[\\w-]+:kms:[\\w-]+:\\d{12}:key/[\\w-]+', 'the ARN of a key, such as arn:aws:kms:eu-west-1:111111111111:key/<id>')
_ROLE_NAME = ('[\\w+=,.@-]{1,49}', '1 to 49 letters, digits and _+=,.@-')
_ORGANIZATION = ('o-[a-z0-9]{10,32}', "an organisation's id, such as o-abcdefghij")

class DeploymentTargetRole(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, role_name: str, pipeline_role_arn: str, stage: str, deployment: Deployment, artifact_bucket_arn: str, artifact_key_arn: str, organization_id: str | None=None) -> None:
        self.deployment_role = ...
        self.role = ...
