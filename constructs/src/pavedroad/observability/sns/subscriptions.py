"""Who hears of alarms: people by e-mail and chat, systems by HTTPS."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.naming import unique_name
from pavedroad.security.roles import ManagedPolicyRole

_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_HTTPS = r"https://[^\s/]+(/\S*)?"


@dataclass(frozen=True, kw_only=True)
class SlackChannel:
    """A Slack channel; its workspace must have been authorised once in Amazon Q Developer in chat applications.

    Attributes:
        workspace_id: The workspace's id, such as ``T0123456789``.
        channel_id: The channel's id, such as ``C0123456789``; a private channel must invite the application.
    """

    workspace_id: str
    channel_id: str


@dataclass(frozen=True, kw_only=True)
class TeamsChannel:
    """A Microsoft Teams channel; its team must have been authorised once in Amazon Q Developer in chat applications.

    Attributes:
        tenant_id: The tenant's id, a UUID.
        team_id: The team's id, a UUID.
        channel_id: The channel's id, such as ``19%3A...%40thread.tacv2``.
    """

    tenant_id: str
    team_id: str
    channel_id: str


@dataclass(frozen=True, kw_only=True)
class AlarmSubscriptions:
    """Who hears of the alarms of one severity.

    Attributes:
        email_addresses: People or lists; each must confirm the message that SNS sends first.
        https_urls: Systems such as an on-call service; each must confirm too, which most do by themselves.
        slack_channels: Slack channels.
        teams_channels: Microsoft Teams channels.
    """

    email_addresses: Sequence[str] = ()
    https_urls: Sequence[str] = ()
    slack_channels: Sequence[SlackChannel] = ()
    teams_channels: Sequence[TeamsChannel] = ()

    def check(self, arguments: Arguments, name: str) -> None:
        """Refuse addresses that SNS and the chat applications would refuse."""
        for address in self.email_addresses:
            arguments.matches(f"{name}.email_addresses", address, _EMAIL, "an address such as on-call@example.com")
        for url in self.https_urls:
            arguments.matches(f"{name}.https_urls", url, _HTTPS, "a URL that begins with https://")
        for slack in self.slack_channels:
            workspace = f"{name}.slack_channels.workspace_id"
            arguments.matches(workspace, slack.workspace_id, "[0-9A-Z]{1,255}", "an id such as T0123456789")
            channel = f"{name}.slack_channels.channel_id"
            arguments.matches(channel, slack.channel_id, "[A-Za-z0-9]{1,255}", "an id such as C0123456789")

    @property
    def is_empty(self) -> bool:
        """Nobody hears."""
        return not (self.email_addresses or self.https_urls or self.slack_channels or self.teams_channels)


def subscribe(
    scope: Construct,
    topic: sns.Topic,
    subscriptions: AlarmSubscriptions,
    dead_letter_queue: sqs.IQueue | None,
) -> None:
    """Subscribe the addresses; what cannot be delivered to them goes to the dead-letter queue."""
    for protocol, endpoints in (
        (sns.SubscriptionProtocol.EMAIL, subscriptions.email_addresses),
        (sns.SubscriptionProtocol.HTTPS, subscriptions.https_urls),
    ):
        for number, endpoint in enumerate(endpoints, start=1):
            # By the address, so that those that stay need not confirm again when another goes.
            name = str(number) if Token.is_unresolved(endpoint) else endpoint
            sns.Subscription(
                scope,
                f"{topic.node.id}-{protocol.value}-{name}",
                topic=topic,
                protocol=protocol,
                endpoint=endpoint,
                dead_letter_queue=dead_letter_queue,
            )


def configure_chat(
    scope: Construct, topics: Sequence[tuple[sns.Topic, AlarmSubscriptions]]
) -> ManagedPolicyRole | None:
    """Post the alarms into channels with a role that may do nothing; ``None`` where there is no channel."""
    if not any(each.slack_channels or each.teams_channels for _, each in topics):
        return None
    from aws_cdk import aws_chatbot as chatbot

    role = ManagedPolicyRole(
        scope,
        "ChatRole",
        # AWS documents no condition for this trust, and one that the service does not send would silence the channel.
        assumed_by=iam.ServicePrincipal("chatbot.amazonaws.com"),
        description="Amazon Q Developer in chat applications: posts alarms, and may do nothing else",
    )
    for topic, subscriptions in topics:
        for slack in subscriptions.slack_channels:
            name = f"{topic.node.id}-slack-{slack.channel_id}"
            chatbot.CfnSlackChannelConfiguration(
                scope,
                name,
                configuration_name=_unique(scope, name),
                iam_role_arn=role.role_arn,
                slack_workspace_id=slack.workspace_id,
                slack_channel_id=slack.channel_id,
                sns_topic_arns=[topic.topic_arn],
                guardrail_policies=_guardrails(scope),
                logging_level="ERROR",
            )
        for teams in subscriptions.teams_channels:
            name = f"{topic.node.id}-teams-{teams.channel_id}"
            chatbot.CfnMicrosoftTeamsChannelConfiguration(
                scope,
                name,
                configuration_name=_unique(scope, name),
                iam_role_arn=role.role_arn,
                teams_tenant_id=teams.tenant_id,
                team_id=teams.team_id,
                teams_channel_id=teams.channel_id,
                sns_topic_arns=[topic.topic_arn],
                guardrail_policies=_guardrails(scope),
                logging_level="ERROR",
            )
    return role


def _guardrails(scope: Construct) -> list[str]:
    # Without one the service's own default is AdministratorAccess: what the role may get later would be the only limit.
    return [f"arn:{Stack.of(scope).partition}:iam::aws:policy/CloudWatchReadOnlyAccess"]


def _unique(scope: Construct, name: str) -> str:
    """A name that is unique in the account, in every stack that is launched from one template."""
    allowed = "".join(each if each.isalnum() or each in "-_" else "-" for each in name)
    # The service takes 128 characters.
    return f"{unique_name(scope, longest=40, otherwise='alarms')}-{allowed[:70]}"
