"""Rules for queues and what is delivered to them."""

from pavedroad_platform.checks.rules.rule import Rule, equals, present
from pavedroad_platform.checks.rules.statements import conditions_services, names_actions, names_principals

RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-SQS-1",
        resource_type="AWS::SQS::Queue",
        place="DeletionPolicy",
        requires=equals("Retain"),
        message="loses the messages with the stack: set DeletionPolicy to Retain",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    ),
    Rule(
        id="PavedRoad-SQS-2",
        resource_type="AWS::SQS::Queue",
        place="MessageRetentionPeriod",
        requires=present,
        message="drops messages after four days, a long weekend: set MessageRetentionPeriod",
        source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    ),
    Rule(
        id="PavedRoad-SQS-3",
        resource_type="AWS::SQS::QueuePolicy",
        place="PolicyDocument.Statement.*",
        requires=names_actions,
        message="allows every action: name the actions",
        source="AWS Well-Architected SEC03-BP02",
    ),
    Rule(
        id="PavedRoad-SQS-4",
        resource_type="AWS::SQS::QueuePolicy",
        place="PolicyDocument.Statement.*",
        requires=names_principals,
        message="lets everybody in: name the principals",
        source="AWS Security Hub SQS.3",
    ),
    Rule(
        id="PavedRoad-SQS-5",
        resource_type="AWS::SQS::QueuePolicy",
        place="PolicyDocument.Statement.*",
        requires=conditions_services,
        message="lets a service send for another account: set a condition on the source",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    Rule(
        id="PavedRoad-SNS-6",
        resource_type="AWS::SNS::Subscription",
        place="RedrivePolicy",
        requires=present,
        message="loses what a queue did not take: set RedrivePolicy",
        source="https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
        when=lambda properties: properties.get("Protocol") == "sqs",
    ),
)
