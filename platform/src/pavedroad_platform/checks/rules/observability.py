"""Rules for resources that watch others and tell of them."""

from pavedroad_platform.checks.rules.rule import Rule, equals, present
from pavedroad_platform.checks.rules.statements import conditions_services, names_actions, names_principals

_CHANNELS = ("AWS::Chatbot::SlackChannelConfiguration", "AWS::Chatbot::MicrosoftTeamsChannelConfiguration")

RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-CloudWatch-2",
        resource_type="AWS::CloudWatch::CompositeAlarm",
        place="AlarmActions",
        requires=present,
        message="tells nobody: set AlarmActions",
        source="AWS Security Hub CloudWatch.15",
    ),
    Rule(
        id="PavedRoad-QueuePolicy-1",
        resource_type="AWS::SQS::QueuePolicy",
        place="PolicyDocument.Statement.*",
        requires=names_actions,
        message="allows every action: name the actions",
        source="AWS Well-Architected SEC03-BP02",
    ),
    Rule(
        id="PavedRoad-QueuePolicy-2",
        resource_type="AWS::SQS::QueuePolicy",
        place="PolicyDocument.Statement.*",
        requires=names_principals,
        message="lets everybody send or receive: name the principals",
        source="AWS Security Hub SQS.3",
    ),
    Rule(
        id="PavedRoad-QueuePolicy-3",
        resource_type="AWS::SQS::QueuePolicy",
        place="PolicyDocument.Statement.*",
        requires=conditions_services,
        message="lets a service send for another account: set a condition on the source",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    *(
        rule
        for number, channel in enumerate(_CHANNELS)
        for rule in (
            Rule(
                id=f"PavedRoad-Chatbot-{number * 2 + 1}",
                resource_type=channel,
                place="GuardrailPolicies",
                requires=present,
                message="lets the channel do whatever the role may: name guardrail policies",
                source="https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html",
            ),
            Rule(
                id=f"PavedRoad-Chatbot-{number * 2 + 2}",
                resource_type=channel,
                place="LoggingLevel",
                requires=equals("ERROR", "INFO"),
                message="tells nobody of messages that do not arrive: set LoggingLevel to ERROR",
                source="https://docs.aws.amazon.com/chatbot/latest/adminguide/cloudwatch-logs.html",
            ),
        )
    ),
)
