"""Closes the security group that AWS makes with every VPC."""

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole

_RUNBOOK = "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules"


class ClosedDefaultSecurityGroup(Construct):
    """Removes every rule of a VPC's default security group, and again each day.

    CloudFormation can add rules to that group but not remove those that it is born with. A State Manager association
    runs AWS's own runbook for it: no function, no asset, and a rule that somebody adds by hand does not stay. The
    deployment waits for the first run.

    Args:
        scope: The network.
        construct_id: The id in it.
        vpc: The VPC.

    Attributes:
        association: The ``AWS::SSM::Association``, with the id ``Resource``.

    Source: AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules in the AWS Systems Manager Automation runbook
        reference, https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/
    Controls: EC2.2, CIS 5.5, NIST AC-4 and SC-7.
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.CfnVPC) -> None:
        super().__init__(scope, construct_id)
        role = self._role(vpc)
        self.association = ssm.CfnAssociation(
            self,
            "Resource",
            name=_RUNBOOK,
            parameters={
                "GroupId": [vpc.attr_default_security_group],
                "AutomationAssumeRole": [role.role_arn],
            },
            schedule_expression="rate(1 day)",
            compliance_severity="HIGH",
            wait_for_success_timeout_seconds=600,
        )
        if role.policy:  # The first run must find what the role may do.
            self.association.node.add_dependency(role.policy)

    def _role(self, vpc: ec2.CfnVPC) -> ManagedPolicyRole:
        stack = Stack.of(self)
        role = ManagedPolicyRole(
            self,
            "Role",
            description="Removes the rules of one VPC's default security group",
            assumed_by=iam.ServicePrincipal(
                "ssm.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
            ),
        )
        group = stack.format_arn(
            service="ec2", resource="security-group", resource_name=vpc.attr_default_security_group
        )
        # AWS owns the runbook, so its ARN has no account.
        runbook = stack.format_arn(
            service="ssm", account="", resource="automation-definition", resource_name=f"{_RUNBOOK}:*"
        )
        executions = stack.format_arn(service="ssm", resource="automation-execution", resource_name="*")
        for actions, resource in (
            (["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"], group),
            (["ssm:StartAutomationExecution"], runbook),
            (["ssm:GetAutomationExecution"], executions),
            (["ec2:DescribeSecurityGroups"], "*"),
        ):
            role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        for resource, reason in {
            "*": "ec2:DescribeSecurityGroups only reads and cannot be narrowed to a resource (service authorization "
            "reference); the actions that change anything name the one security group.",
            executions: "AWS makes up the id of an execution; the runbook only reads how its own goes on.",
            runbook: "The asterisk stands for the version of one runbook, which AWS owns and publishes.",
        }.items():
            acknowledge_resource(role, resource, reason)
        return role
