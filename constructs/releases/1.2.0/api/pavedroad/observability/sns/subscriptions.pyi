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
_EMAIL = '[^@\\s]+@[^@\\s]+\\.[^@\\s]+'
_HTTPS = 'https://[^\\s/]+(/\\S*)?'

@dataclass(frozen=True, kw_only=True)
class SlackChannel:
    workspace_id: str
    channel_id: str

@dataclass(frozen=True, kw_only=True)
class TeamsChannel:
    tenant_id: str
    team_id: str
    channel_id: str

@dataclass(frozen=True, kw_only=True)
class AlarmSubscriptions:
    email_addresses: Sequence[str] = ()
    https_urls: Sequence[str] = ()
    slack_channels: Sequence[SlackChannel] = ()
    teams_channels: Sequence[TeamsChannel] = ()

    def check(self, arguments: Arguments, name: str) -> None:
        ...

    @property
    def is_empty(self) -> bool:
        ...

def subscribe(scope: Construct, topic: sns.Topic, subscriptions: AlarmSubscriptions, dead_letter_queue: sqs.IQueue | None) -> None:
    ...

def configure_chat(scope: Construct, topics: Sequence[tuple[sns.Topic, AlarmSubscriptions]]) -> ManagedPolicyRole | None:
    ...
