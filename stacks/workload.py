"""A workload account: the baseline that every team's account has."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from pavedroad import SecureVpc
from pavedroad.security.acknowledgments import acknowledge
from pavedroad_platform.catalog.ownership import OwnershipParameters
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Account, Environment, Network, Purpose
from pavedroad_platform.organization.names import pascal_case
from stacks.account_stack import AccountStack
from stacks.adoption_access import AdoptionAccess
from stacks.budgets import Budgets
from stacks.configuration_recorder import ConfigurationRecorder


class WorkloadStack(AccountStack):
    """What a team finds in its account: roles, who owns it, a network, budgets, AWS Config.

    What launches products, and the boundary of all that they make, comes by StackSet: see ``LaunchRoleStackSets``.

    Public access to S3, images and snapshots, and IMDSv2, are settled for every account at once by the declarative
    policies of the organisation, encryption of volumes by its service control policies. No resource repeats them.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.
        account: The workload account.

    Attributes:
        networks: The networks of the account by their keys in ``network.yaml``.

    Controls: Config.1, EC2.6, IAM.6, SSM.7, NIST AC-3, AC-6(10), SC-7.
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization, account: Account) -> None:
        super().__init__(
            scope,
            construct_id,
            organization=organization,
            account=account,
            description=f"Baseline of {account.key}: roles, ownership, network, budgets",
        )
        self._organization = organization
        self._account = account
        OwnershipParameters(self, "Ownership", tags=organization.tags_for(account))
        Budgets(self, "Budgets", organization=organization, account=account)
        ConfigurationRecorder(self, "ConfigurationRecorder", organization=organization)
        self._admit_adoption_reports()
        ssm.CfnServiceSetting(
            self,
            "DocumentsStayPrivate",
            setting_id="/ssm/documents/console/public-sharing-permission",
            setting_value="Disable",
        )
        self.networks = {network.key: self._network(network) for network in organization.networks_in(account)}

    def _admit_adoption_reports(self) -> None:
        """Where AWS Config does not answer, a report asks Service Catalog of the account itself."""
        search = iam.PolicyStatement(actions=["servicecatalog:SearchProvisionedProducts"], resources=["*"])
        access = AdoptionAccess(self, "Adoption", organization=self._organization, statements=[search])
        acknowledge(
            access.policy,
            "AwsSolutions-IAM5[Resource::*]",
            "The action takes no resource in IAM; it tells what is launched in this account and changes nothing.",
        )

    def _network(self, network: Network) -> SecureVpc:
        names, region = self._organization.names, self._organization.home_region
        archive = self._organization.account_with_purpose(Purpose.LOG_ARCHIVE).id
        construct_id = f"Network{pascal_case(network.key)}"
        made = SecureVpc(
            self,
            construct_id,
            cidr=network.cidr,
            availability_zones=network.availability_zones,
            nat_gateways=network.nat_gateways,
            interface_endpoints=[ec2.InterfaceVpcEndpointAwsService(name) for name in network.interface_endpoints],
            flow_log_destination=s3.Bucket.from_bucket_name(
                self, f"{construct_id}FlowLogs", names.flow_log_bucket(archive, region)
            ),
        )
        if network.nat_gateways == 1 and self._account.environment != Environment.PRODUCTION:
            acknowledge(
                made,
                "Annotation::pavedroad:vpc-single-nat-gateway",
                "network.yaml asks for one: outside production, the loss of a zone may cut a network off.",
            )
        ssm.StringParameter(
            self,
            f"{construct_id}VpcId",
            parameter_name=names.parameter("networks", network.key, "vpc-id"),
            string_value=made.vpc.vpc_id,
            description=f"The VPC of the network {network.key}",
        )
        return made
