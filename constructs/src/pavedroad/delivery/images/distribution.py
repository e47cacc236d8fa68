"""Where finished images go, and who may use them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Fn, Stack, Token, Tokenization
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_imagebuilder as imagebuilder
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.security.acknowledgments import acknowledge

_REGION = r"[a-z]{2}(-[a-z]+)+-\d"
_KEY = r"arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:(key|alias)/[\w/-]+"
_ACCOUNT = r"\d{12}"
_ORGANIZATION = r"arn:[a-z-]+:organizations::\d{12}:organization/o-[a-z0-9]{10,32}"
_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:ReEncrypt*", "kms:GenerateDataKey*")


@dataclass(frozen=True, kw_only=True)
class ImageCopy:
    """A copy of each machine image in another region.

    Attributes:
        region: The region.
        encryption_key_arn: The key there that encrypts the copy; whoever the image is shared with must be admitted by
            its policy.
    """

    region: str
    encryption_key_arn: str


@dataclass(frozen=True, kw_only=True)
class ImageSharing:
    """Who outside the account may start instances of the machine images.

    Attributes:
        accounts: Accounts, or a parameter that lists them. Left out: none.
        organization_arn: The organisation, all of its accounts. Left out: none.
    """

    accounts: Sequence[str] = ()
    organization_arn: str | None = None


def check_distribution(
    arguments: Arguments, copies: Sequence[ImageCopy], sharing: ImageSharing | None, *, builds_containers: bool
) -> None:
    """Refuse regions, keys and accounts that are none, and what container images do not know."""
    for copy in copies:
        arguments.matches("copies.region", copy.region, _REGION, "a region such as eu-central-1")
        arguments.matches("copies.encryption_key_arn", copy.encryption_key_arn, _KEY, "the ARN of a KMS key")
    if sharing:
        for account in () if Token.is_unresolved(list(sharing.accounts)) else sharing.accounts:
            arguments.matches("sharing.accounts", account, _ACCOUNT, "account ids of 12 digits")
        arguments.matches(
            "sharing.organization_arn", sharing.organization_arn, _ORGANIZATION, "the ARN of an organisation"
        )
    if builds_containers and (copies or sharing):
        arguments.refuse("container", "given", "is copied and shared by its repository: leave out copies and sharing")


def distribute_containers(
    scope: Construct, *, name: str, repository: ecr.IRepository
) -> imagebuilder.CfnDistributionConfiguration:
    """To the one repository, with the date of the build as tag: tags there are immutable."""
    return imagebuilder.CfnDistributionConfiguration(
        scope,
        "Distribution",
        name=name,
        distributions=[
            imagebuilder.CfnDistributionConfiguration.DistributionProperty(
                region=Stack.of(scope).region,
                container_distribution_configuration={
                    "ContainerTags": ["{{ imagebuilder:buildDate }}"],
                    "TargetRepository": {"Service": "ECR", "RepositoryName": repository.repository_name},
                },
            )
        ],
    )


def distribute_machines(
    scope: Construct,
    *,
    name: str,
    encryption_key: kms.IKey,
    copies: Sequence[ImageCopy],
    sharing: ImageSharing | None,
    parameter_name: str,
) -> imagebuilder.CfnDistributionConfiguration:
    """To this region and others, each encrypted; the id of the newest image stands in a parameter of each region."""
    permissions = _launch_permissions(sharing)
    keys = {Stack.of(scope).region: encryption_key.key_arn} | {it.region: it.encryption_key_arn for it in copies}
    parameter = imagebuilder.CfnDistributionConfiguration.SsmParameterConfigurationProperty(
        parameter_name=parameter_name, data_type="aws:ec2:image"
    )
    return imagebuilder.CfnDistributionConfiguration(
        scope,
        "Distribution",
        name=name,
        distributions=[
            imagebuilder.CfnDistributionConfiguration.DistributionProperty(
                region=region,
                ami_distribution_configuration={
                    "Name": f"{name}-{{{{ imagebuilder:buildDate }}}}",
                    "KmsKeyId": key,
                }
                | permissions,
                ssm_parameter_configurations=[parameter],
            )
            for region, key in keys.items()
        ],
    )


def _launch_permissions(sharing: ImageSharing | None) -> dict[str, Any]:
    if sharing is None:
        return {}
    permissions: dict[str, Any] = {}
    if sharing.accounts:
        permissions["UserIds"] = list(sharing.accounts)
    if sharing.organization_arn is not None:
        permissions["OrganizationArns"] = [sharing.organization_arn]
    return {"LaunchPermissionConfiguration": permissions}


def _accounts(accounts: Sequence[str]) -> list[iam.IPrincipal]:
    if not Token.is_unresolved(list(accounts)):
        return [iam.AccountPrincipal(account) for account in accounts]
    # A list of a template's parameter has no elements yet; a policy takes account ids as they are.
    whole = {"AWS": Tokenization.reverse_list(list(accounts))}
    statement = {"Effect": "Allow", "Principal": whole, "Action": list(_USE), "Resource": "*"}
    return list(iam.PolicyStatement.from_json(statement).principals)


def share_key(key: kms.IKey, sharing: ImageSharing) -> None:
    """Let those who may start instances decrypt the image; the policy of an imported key must do so itself.

    Source: https://docs.aws.amazon.com/imagebuilder/latest/userguide/cross-account-dist.html
    """
    principals = _accounts(sharing.accounts)
    if sharing.organization_arn is not None:
        principals.append(iam.OrganizationPrincipal(Fn.select(1, Fn.split("/", sharing.organization_arn))))
        for finding in ("PavedRoad-KMS-4", "checkov::CKV_AWS_33"):
            acknowledge(
                key,
                finding,
                "The condition aws:PrincipalOrgID leaves the principals of one organisation, whose accounts start "
                "instances of the encrypted image; KMS has no other way to name an organisation.",
            )
    # EC2 uses the key for who starts an instance; nobody there may decrypt anything else with it.
    through_ec2 = {"StringLike": {"kms:ViaService": "ec2.*.amazonaws.com"}}
    for principal in principals:
        key.add_to_resource_policy(
            iam.PolicyStatement(principals=[principal], actions=list(_USE), resources=["*"], conditions=through_ec2)
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[principal],
                actions=["kms:CreateGrant"],
                resources=["*"],
                conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
            )
        )
