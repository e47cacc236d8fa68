"""Where a product's alarms go."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge
from pavedroad_platform.catalog.product import Parameter

ALARM_EMAIL_PARAMETER = Parameter(
    name="AlarmEmail",
    label="Who is told",
    group="Alarms",
    help="The address of the team that is told when something is wrong. AWS asks it to confirm once.",
    example="orders@example.com",
    pattern=r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+",
    constraint="An e-mail address.",
)


def alarm_topic(scope: Construct, *, encryption_key: kms.IKey, email: str) -> sns.Topic:
    """An encrypted topic that CloudWatch publishes to, for this account only, and one address is told.

    Args:
        scope: The product's template.
        encryption_key: Encrypts the messages on their way.
        email: Who is told; it may be a parameter.

    Controls: SNS.1, nag SNS2 and SNS3, NIST SC-8 and SC-28.
    """
    topic = sns.Topic(scope, "AlarmTopic", master_key=encryption_key, enforce_ssl=True)
    # Without the condition an alarm of another account could use the service as its deputy.
    alarms = iam.ServicePrincipal(
        "cloudwatch.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
    )
    topic.grant_publish(alarms)
    encryption_key.grant(alarms, "kms:Decrypt", "kms:GenerateDataKey*")
    subscription = topic.add_subscription(subscriptions.EmailSubscription(email))
    acknowledge(
        subscription,
        "PavedRoad-SNS-5",
        "Nothing is lost: an alarm and its history stay in CloudWatch, whoever has read of it. A queue in a product is "
        "for the product's data, not for what did not reach a mailbox.",
    )
    return topic
