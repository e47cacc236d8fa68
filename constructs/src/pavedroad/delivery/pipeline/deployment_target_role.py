"""The role of an account that a pipeline of another account deploys to."""

from aws_cdk import Stack, Token
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.artifacts import DECRYPT, LOOK_AT_BUCKET, READ_OBJECTS, role_of_account
from pavedroad.delivery.pipeline.deployments import (
    ROLE_ARN,
    CdkDeployment,
    CloudFormationDeployment,
    Deployment,
)
from pavedroad.delivery.pipeline.rights import Rights, acknowledge_rights
from pavedroad.invariants import hold
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.version_stamp import stamp

_BUCKET_ARN = (
    r"arn:[\w-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "the ARN of a bucket, such as arn:aws:s3:::artifacts",
)
_KEY_ARN = (
    r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+",
    "the ARN of a key, such as arn:aws:kms:eu-west-1:111111111111:key/<id>",
)
_ROLE_NAME = (r"[\w+=,.@-]{1,49}", "1 to 49 letters, digits and _+=,.@-")
_ORGANIZATION = (r"o-[a-z0-9]{10,32}", "an organisation's id, such as o-abcdefghij")


class DeploymentTargetRole(Construct):
    """The role by which a ``DeliveryPipeline`` of another account deploys here: one pipeline, one deployment.

    It stands in a stack of the account that is deployed to. Its name is given, so that the pipeline's deployment can
    name it as ``role_arn`` before it exists: the pipeline is deployed first, and admits the role to its artefacts by
    itself. ``CdkDeployment`` needs none of this: the bootstrap stack brings its roles.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        role_name: The role's name, at most 49 characters, unique in the account.
        pipeline_role_arn: The pipeline's own role, ``pipeline.pipeline.role.role_arn`` there: the only one that may
            assume this one.
        stage: The deployment's stage in the pipeline, such as ``Production``.
        deployment: What is deployed: an ``EcsDeployment``, ``CodeDeployEcsDeployment`` or
            ``CloudFormationDeployment`` as this account has it, without ``role_arn``. The role may do that and no more.
        artifact_bucket_arn: The pipeline's artefact bucket; for a deployment to another region the replica there.
        artifact_key_arn: The key of that bucket.
        organization_id: The organisation that the pipeline's account has to be in as well. Left out: not asked.

    Attributes:
        role: The role; the pipeline's deployment names ``role.role_arn`` as ``role_arn``.
        deployment_role: What CloudFormation acts as, named after the role with ``-cloudformation``; the pipeline's
            deployment names it as ``deployment_role_arn``. ``None`` with an ECS deployment or one that names its own.

    Raises:
        InvalidArgumentsError: Arguments cannot work; all are named.

    Controls: IAM.1 and nag IAM5 (no administrator, wildcards with reasons), NIST AC-3, AC-4 (one way between accounts),
        AC-6 (least privilege), CM-5 (changes by the pipeline alone).

    Example:
        >>> from pavedroad.delivery.pipeline.deployments import EcsDeployment
        >>> target = DeploymentTargetRole(
        ...     stack,
        ...     "StorefrontDelivery",
        ...     role_name="storefront-delivery",
        ...     pipeline_role_arn="arn:aws:iam::777777777777:role/storefront-pipeline",
        ...     stage="Production",
        ...     deployment=EcsDeployment(
        ...         cluster_name="orders",
        ...         service_name="storefront",
        ...         task_role_arns=["arn:aws:iam::111111111111:role/storefront-task"],
        ...     ),
        ...     artifact_bucket_arn="arn:aws:s3:::storefront-artifacts",
        ...     artifact_key_arn="arn:aws:kms:eu-west-1:777777777777:key/11111111-1111-1111-1111-111111111111",
        ... )
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        role_name: str,
        pipeline_role_arn: str,
        stage: str,
        deployment: Deployment,
        artifact_bucket_arn: str,
        artifact_key_arn: str,
        organization_id: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.matches("role_name", role_name, *_ROLE_NAME)
        arguments.matches("pipeline_role_arn", pipeline_role_arn, *ROLE_ARN)
        arguments.matches("artifact_bucket_arn", artifact_bucket_arn, *_BUCKET_ARN)
        arguments.matches("artifact_key_arn", artifact_key_arn, *_KEY_ARN)
        arguments.matches("organization_id", organization_id, *_ORGANIZATION)
        _check_deployment(arguments, stage, deployment)
        arguments.check()

        self.role = ManagedPolicyRole(
            self,
            "Resource",
            assumed_by=_pipeline(pipeline_role_arn, organization_id),
            description=f"A pipeline of another account deploys to {stage} as this",
        )
        _name(self.role, role_name)
        self.deployment_role = self._deployment_role(role_name, f"{stage}{deployment.name}", deployment)
        self._let_read(artifact_bucket_arn, artifact_key_arn)
        self._let_deploy(deployment, stage)
        trusted = self._trust()
        hold(
            self,
            "DeploymentTargetRole is assumed by one pipeline's role and nobody else; its trust policy was changed",
            lambda: self._trust() == trusted,
        )
        stamp(self)

    def _deployment_role(self, role_name: str, name: str, deployment: Deployment) -> ManagedPolicyRole | None:
        if not isinstance(deployment, CloudFormationDeployment) or deployment.deployment_role_arn:
            return None
        role = deployment.make_deployment_role(self, "CloudFormation", name)
        _name(role, f"{role_name}-cloudformation")
        return role

    def _let_read(self, bucket_arn: str, key_arn: str) -> None:
        objects = f"{bucket_arn}/*"
        for actions, resource in ((READ_OBJECTS, objects), (LOOK_AT_BUCKET, bucket_arn), (DECRYPT, key_arn)):
            self.role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        assert self.role.policy is not None
        acknowledge_resource(
            self.role.policy,
            objects,
            "CodePipeline chooses the key of every artefact when it runs; the bucket holds nothing but this "
            "pipeline's artefacts.",
        )

    def _let_deploy(self, deployment: Deployment, stage: str) -> None:
        rights = self._rights(deployment, stage)
        for statement in rights.statements:
            self.role.add_to_principal_policy(statement)
        acknowledge_rights(self.role, rights)

    def _rights(self, deployment: Deployment, stage: str) -> Rights:
        if isinstance(deployment, CloudFormationDeployment) and self.deployment_role:
            return deployment.change_set_rights(Stack.of(self), stage, self.deployment_role.role_arn)
        return deployment.rights(Stack.of(self), stage)

    def _trust(self) -> object:
        resource = self.role.node.default_child
        assert isinstance(resource, iam.CfnRole)
        return Stack.of(self).resolve(resource.assume_role_policy_document)


def _pipeline(role_arn: str, organization_id: str | None) -> iam.IPrincipal:
    principal = role_of_account(role_arn)
    if organization_id is None:
        return principal
    return iam.PrincipalWithConditions(principal, conditions={"StringEquals": {"aws:PrincipalOrgID": organization_id}})


def _name(role: iam.Role, name: str) -> None:
    # On the L1: the L2 would write the name out wherever another account's construct refers to the role.
    resource = role.node.default_child
    assert isinstance(resource, iam.CfnRole)
    resource.role_name = name


def _check_deployment(arguments: Arguments, stage: str, deployment: Deployment) -> None:
    if isinstance(deployment, CdkDeployment):
        arguments.refuse("deployment", type(deployment).__name__, "needs no role: the bootstrap stack brings its own")
        return
    role_arn = getattr(deployment, "role_arn", None)
    if role_arn is not None:
        described = "a parameter" if Token.is_unresolved(role_arn) else role_arn
        arguments.refuse("deployment.role_arn", described, "must be left out here: this makes that role")
    deployment.check(stage, arguments)
