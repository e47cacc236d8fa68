"""How owners are told to upgrade: one topic, a subscription for each address, and who was told of what."""

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from pavedroad import Table
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad_platform.organization import Organization


class UpgradeAnnouncements(Construct):
    """Where ``pavedroad catalog announce`` publishes, and where it keeps who was told, so that each is told once.

    Args:
        scope: The parent construct, in the catalogue's account.
        construct_id: The id, unique among the parent's children.
        organization: The configuration; each team gets the messages with its key in the attribute ``team``.

    Attributes:
        topic: The topic.
        table: What was told.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
    Controls: SNS.1, DynamoDB.2, NIST SC-8 and SC-28.
    """

    def __init__(self, scope: Construct, construct_id: str, *, organization: Organization) -> None:
        super().__init__(scope, construct_id)
        names = organization.names
        key = rotated_key(
            self,
            "Key",
            description="Encrypts announcements of upgrades and who was told",
            alias=names.key_alias("announcements"),
        )
        self.topic = sns.Topic(
            self,
            "Topic",
            topic_name=names.announcements,
            display_name="Upgrades of launched products",
            master_key=key,
            enforce_ssl=True,
        )
        addresses: dict[str, list[str]] = {}
        for team in organization.teams.values():
            addresses.setdefault(team.email, []).append(team.key)
        for address, teams in addresses.items():
            of_teams = {"team": sns.SubscriptionFilter.string_filter(allowlist=teams)}
            acknowledge(
                self.topic.add_subscription(subscriptions.EmailSubscription(address, filter_policy=of_teams)),
                "PavedRoad-SNS-5",
                "Nothing is lost: what was announced is in the table, and the daily report on adoption repeats who is"
                " behind.",
            )
        self.table = Table(
            self,
            "Table",
            table_name=names.announcements,
            partition_key=dynamodb.Attribute(name="Id", type=dynamodb.AttributeType.STRING),
            encryption_key=key,
        )
