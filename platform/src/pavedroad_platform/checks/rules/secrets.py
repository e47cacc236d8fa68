"""Rules for secrets."""

from pavedroad_platform.checks.rules.rule import Rule, equals, is_true, present
from pavedroad_platform.checks.rules.statements import denies_when

RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-SecretsManager-1",
        resource_type="AWS::SecretsManager::Secret",
        place="DeletionPolicy",
        requires=equals("Retain"),
        message="locks out who uses it with the stack: set DeletionPolicy to Retain",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    ),
    Rule(
        id="PavedRoad-SecretsManager-2",
        resource_type="AWS::SecretsManager::ResourcePolicy",
        place="BlockPublicPolicy",
        requires=is_true,
        message="may become public: set BlockPublicPolicy",
        source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    ),
    Rule(
        id="PavedRoad-SecretsManager-3",
        resource_type="AWS::SecretsManager::ResourcePolicy",
        place="ResourcePolicy.Statement",
        requires=denies_when("aws:SecureTransport"),
        message="answers without TLS: deny where aws:SecureTransport is false",
        source="NIST SP 800-53 SC-8",
    ),
    Rule(
        id="PavedRoad-SecretsManager-4",
        resource_type="AWS::SecretsManager::ResourcePolicy",
        place="ResourcePolicy.Statement",
        requires=denies_when("aws:PrincipalAccount"),
        message="leaves other accounts to what is allowed elsewhere: deny where aws:PrincipalAccount is none of yours",
        source="AWS Well-Architected SEC03-BP07",
    ),
    *(
        Rule(
            id=f"PavedRoad-SecretsManager-{number}",
            resource_type="AWS::Lambda::Permission",
            place=place,
            requires=present,
            message=f"lets the service rotate with the function for others: set {place}",
            source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets_security.html",
            when=lambda properties: properties.get("Principal") == "secretsmanager.amazonaws.com",
        )
        for number, place in ((5, "SourceAccount"), (6, "SourceArn"))
    ),
)
