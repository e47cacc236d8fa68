"""The test account: every product as it is published, and who may prove it."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge, acknowledge_all
from pavedroad_platform.catalog.ownership import OwnershipParameters
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account, PermissionSet, Purpose
from stacks.catalog import CatalogStack
from stacks.permissions import Allowed, permissions_of

_SECURITY_AUDIT = "SecurityAudit"


class CatalogTestStack(CatalogStack):
    """The catalogue of the test account: the same frozen versions with the same launch roles, shared with nobody.

    CloudFormation launches the kept canaries from it, under the execution role of the CDK's bootstrap. The proof role
    launches the others.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.

    Attributes:
        proof_role: The role that ``pavedroad catalog prove`` works with. The pipeline and platform engineers take it.

    Source: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization) -> None:
        account = organization.account_with_purpose(Purpose.CATALOG_TEST)
        execution_role = organization.names.execution_role(account.id, organization.home_region)
        super().__init__(
            scope,
            construct_id,
            organization=organization,
            account=account,
            launched_by=[execution_role.rpartition("/")[2], organization.names.proof_role],
        )
        OwnershipParameters(self, "Ownership", tags=organization.tags_for(account))
        for key, portfolio in organization.catalog.portfolios.items():
            for product in portfolio.products:
                # A kept canary gets the tags of its stack, which may change while it stands.
                self.portfolios[key].constrain_tag_updates(self.products[product])
        self.proof_role = self._proof_role(account, execution_role)

    def _proof_role(self, account: Account, execution_role: str) -> iam.Role:
        names = self._organization.names
        hub = self._organization.account_with_purpose(Purpose.SHARED_SERVICES)
        takers = [
            f"arn:aws:iam::{hub.id}:role/{name}"
            for name in (f"{names.stack('pipeline')}-*", names.role("platform-engineer"))
        ]
        taker = iam.AccountPrincipal(hub.id).with_conditions({"ArnLike": {"aws:PrincipalArn": takers}})
        role = iam.Role(
            self,
            "ProofRole",
            role_name=names.proof_role,
            description="Proves versions of products: launches canaries, looks at what they made, ends them.",
            assumed_by=taker,
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(_SECURITY_AUDIT)],
        )
        assert role.assume_role_policy is not None
        # A person's tags and source identity come along from the gateway.
        role.assume_role_policy.add_statements(
            iam.PolicyStatement(actions=["sts:TagSession", "sts:SetSourceIdentity"], principals=[taker])
        )
        acknowledge(
            role,
            f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{_SECURITY_AUDIT}]",
            "AWS maintains it for auditors: it reads the configuration of every service and no data, which is what an"
            " acceptance test looks at, of whatever product comes next.",
        )
        allowed = (
            *permissions_of(PermissionSet.LAUNCH_PRODUCTS, account, self._organization).statements,
            *self._of_proving(account, execution_role),
        )
        policy = iam.ManagedPolicy(
            role,
            "Access",
            managed_policy_name=f"{names.proof_role}Access",
            roles=[role],
            statements=[each.statement() for each in allowed],
        )
        reasons = {
            f"AwsSolutions-IAM5[Resource::{resource}]": each.reason
            for each in allowed
            for resource in each.resources
            if "*" in resource
        }
        acknowledge_all(policy, reasons)
        return role

    def _of_proving(self, account: Account, execution_role: str) -> tuple[Allowed, ...]:
        names, region = self._organization.names, self._organization.home_region
        return (
            Allowed(
                sid="DeployCanaries",
                actions=(
                    "cloudformation:CreateStack",
                    "cloudformation:DeleteStack",
                    "cloudformation:DescribeStackEvents",
                    "cloudformation:DescribeStacks",
                    "cloudformation:GetTemplate",
                    "cloudformation:UpdateStack",
                    "cloudformation:UpdateTerminationProtection",
                ),
                resources=(f"arn:aws:cloudformation:{region}:{account.id}:stack/{names.stack('canaries')}/*",),
                reason="CloudFormation makes up the end of the ARN of the one stack of the kept canaries.",
            ),
            Allowed(
                sid="DeployWithTheExecutionRole",
                actions=("iam:PassRole",),
                resources=(execution_role,),
                condition={"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
                reason="One role.",
            ),
            Allowed(
                sid="SeeWhatWasLaunched",
                actions=("cloudformation:DescribeStacks",),
                resources=(f"arn:aws:cloudformation:*:{account.id}:stack/SC-*",),
                reason="Service Catalog makes up the names of the stacks that it launches, beginning with SC-.",
            ),
            Allowed(
                sid="LookAtImagePipelines",
                actions=(
                    "imagebuilder:GetDistributionConfiguration",
                    "imagebuilder:GetImagePipeline",
                    "imagebuilder:GetImageRecipe",
                    "imagebuilder:GetInfrastructureConfiguration",
                ),
                resources=tuple(
                    f"arn:aws:imagebuilder:{region}:{account.id}:{kind}/*"
                    for kind in (
                        "distribution-configuration",
                        "image-pipeline",
                        "image-recipe",
                        "infrastructure-configuration",
                    )
                ),
                reason=f"{_SECURITY_AUDIT} leaves Image Builder out; the name of each is made of its launch.",
            ),
            Allowed(
                sid="RecordProofs",
                actions=("ssm:GetParametersByPath", "ssm:PutParameter"),
                resources=tuple(
                    f"arn:aws:ssm:{region}:{account.id}:parameter{path}"
                    for path in (names.proof_parameter(), names.proof_parameter("*"))
                ),
                reason="One parameter for each version that was proved.",
            ),
        )
