"""The gateway account: the only way in for people."""

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge
from pavedroad_platform.organization import Organization
from pavedroad_platform.organization.models import Purpose, Role
from pavedroad_platform.organization.names import pascal_case
from stacks.account_stack import AccountStack
from stacks.alarm_topic import AlarmTopic

SESSION_TAGS = ("user", "team", "mfa")
"""What the identity provider says of a person; it follows the session into every account."""


class GatewayStack(AccountStack):
    """People sign in here with SAML and take a role in another account from here.

    The identity provider must name the person (the tag ``user``, and the same text as source identity), the team and
    that a second factor was used, and must make the three tags transitive. Sign-in is in the home region only, so that
    the rule that watches the break-glass roles sees every use of them.

    Args:
        scope: The app.
        construct_id: The stack's name.
        organization: The configuration.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization) -> None:
        super().__init__(
            scope,
            construct_id,
            organization=organization,
            account=organization.account_with_purpose(Purpose.GATEWAY),
            description="Human access: people sign in here and take their roles in the other accounts from here",
        )
        self._organization = organization
        provider = organization.access.identity_provider
        self._provider = iam.SamlProvider(
            self,
            "IdentityProvider",
            name=provider.name,
            metadata_document=iam.SamlMetadataDocument.from_xml(organization.saml_metadata),
        )
        sign_in_roles = {role: self._sign_in_role(role) for role in organization.access.roles.values()}
        # IAM refuses a trust policy that names a role which does not exist yet.
        self.gateway_roles.node.add_dependency(*sign_in_roles.values())
        break_glass = [made for role, made in sign_in_roles.items() if role.break_glass]
        if break_glass:
            self._alarm(break_glass)

    def _sign_in_role(self, role: Role) -> iam.Role:
        made = iam.Role(
            self,
            f"SignIn{pascal_case(role.key)}",
            role_name=self._organization.names.gateway_role(role.key),
            description=role.description,
            max_session_duration=Duration.hours(role.session_hours),
            assumed_by=iam.FederatedPrincipal(
                self._provider.saml_provider_arn, self._assertion(), "sts:AssumeRoleWithSAML"
            ),
        )
        assert made.assume_role_policy is not None
        made.assume_role_policy.add_statements(self._tagging(), *map(self._transitive, SESSION_TAGS))
        self._permit(made, role)
        CfnOutput(
            self,
            f"Attribute{pascal_case(role.key)}",
            value=f"{made.role_arn},{self._provider.saml_provider_arn}",
            description=f"The SAML attribute Role for members of {', '.join(role.groups)}",
        )
        return made

    def _assertion(self) -> dict[str, dict[str, str]]:
        region = self._organization.home_region
        return {
            "StringEquals": {
                "SAML:aud": f"https://{region}.signin.aws.amazon.com/saml",
                "aws:RequestedRegion": region,
                "aws:RequestTag/mfa": "true",
                "sts:SourceIdentity": "${aws:RequestTag/user}",
            },
            "StringLike": {"aws:RequestTag/team": "?*"},
        }

    def _tagging(self) -> iam.PolicyStatement:
        # Both only ever come with AssumeRoleWithSAML, whose conditions decide.
        return iam.PolicyStatement(
            actions=["sts:TagSession", "sts:SetSourceIdentity"],
            principals=[iam.FederatedPrincipal(self._provider.saml_provider_arn, {})],
        )

    def _transitive(self, tag: str) -> iam.PolicyStatement:
        # "All keys differ from this one" is how a policy says "this one is missing"; each tag needs its own statement.
        return iam.PolicyStatement(
            sid=f"{tag.capitalize()}IsTransitive",
            effect=iam.Effect.DENY,
            actions=["sts:AssumeRoleWithSAML"],
            principals=[iam.FederatedPrincipal(self._provider.saml_provider_arn, {})],
            conditions={"ForAllValues:StringNotEquals": {"sts:TransitiveTagKeys": tag}},
        )

    def _permit(self, made: iam.Role, role: Role) -> None:
        target = f"arn:aws:iam::*:role/{self._organization.names.role(role.key)}"
        iam.ManagedPolicy(
            made,
            "Access",
            managed_policy_name=f"{self._organization.names.gateway_role(role.key)}Access",
            roles=[made],
            statements=[
                iam.PolicyStatement(
                    actions=["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
                    resources=[target],
                    conditions={"StringEquals": {"aws:ResourceOrgID": self._organization.id}},
                )
            ],
        )
        acknowledge(
            made,
            f"AwsSolutions-IAM5[Resource::{target}]",
            "One role name in the organisation's accounts and nothing else. Which accounts have the role and whom it"
            " lets in is written in them; the policy is as long for a thousand accounts as for one.",
        )

    def _alarm(self, break_glass: list[iam.Role]) -> None:
        alarms = AlarmTopic(
            self, "Alarms", publisher="events.amazonaws.com", email=self._organization.logging.alarm_email
        )
        # The L2 target would admit EventBridge to the topic and its key once more, for any account.
        events.CfnRule(
            self,
            "BreakGlassUsed",
            description="Somebody signed in to a break-glass role",
            event_pattern={
                "source": ["aws.sts"],
                "detail-type": ["AWS API Call via CloudTrail"],
                "detail": {
                    "eventSource": ["sts.amazonaws.com"],
                    "eventName": ["AssumeRoleWithSAML"],
                    "requestParameters": {"roleArn": [role.role_arn for role in break_glass]},
                },
            },
            state="ENABLED",
            targets=[events.CfnRule.TargetProperty(id="Alarms", arn=alarms.topic.topic_arn)],
        )
