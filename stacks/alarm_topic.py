"""Where security alarms go."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from pavedroad.security.keys import rotated_key


class AlarmTopic(Construct):
    """An encrypted topic that one service of this account publishes alarms to, and one address is told.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        publisher: The service that publishes, such as ``events.amazonaws.com``.
        email: Who is told; AWS asks the address to confirm once.

    Attributes:
        topic: The topic.

    Controls: SNS.1, nag SNS2 and SNS3, NIST SC-8 and SC-28.
    """

    def __init__(self, scope: Construct, construct_id: str, *, publisher: str, email: str) -> None:
        super().__init__(scope, construct_id)
        # Without the condition an alarm of another account could use the service as its deputy.
        service = iam.ServicePrincipal(
            publisher, conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        )
        key = rotated_key(self, "Key", description="Encrypts security alarms on their way")
        key.grant(service, "kms:Decrypt", "kms:GenerateDataKey*")
        self.topic = sns.Topic(self, "Resource", master_key=key, enforce_ssl=True)
        self.topic.grant_publish(service)
        self.topic.add_subscription(subscriptions.EmailSubscription(email))
