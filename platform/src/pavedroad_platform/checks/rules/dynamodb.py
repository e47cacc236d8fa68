"""Rules for DynamoDB tables; the packs know ``AWS::DynamoDB::Table``, and little of the global table of the CDK."""

from pavedroad_platform.checks.rules.rule import Rule, at_least, equals, is_true

_TYPE = "AWS::DynamoDB::GlobalTable"
_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"

RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-DynamoDB-1",
        resource_type=_TYPE,
        place="DeletionPolicy",
        requires=equals("Retain", "RetainExceptOnCreate"),
        message="loses the items with the stack: set DeletionPolicy to Retain",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    ),
    Rule(
        id="PavedRoad-DynamoDB-2",
        resource_type=_TYPE,
        place="Replicas.*.DeletionProtectionEnabled",
        requires=is_true,
        message="can be deleted by one call: set DeletionProtectionEnabled",
        source="AWS Security Hub DynamoDB.6",
    ),
    Rule(
        id="PavedRoad-DynamoDB-3",
        resource_type=_TYPE,
        place="Replicas.*.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
        requires=is_true,
        message="cannot be restored: set PointInTimeRecoveryEnabled in every region",
        source="AWS Security Hub DynamoDB.2",
    ),
    Rule(
        id="PavedRoad-DynamoDB-4",
        resource_type=_TYPE,
        place="Replicas.*.PointInTimeRecoverySpecification.RecoveryPeriodInDays",
        requires=at_least(7),
        message="can be restored for days only: set RecoveryPeriodInDays to 7 or more",
        source=f"{_GUIDE}Point-in-time-recovery.html",
    ),
    Rule(
        id="PavedRoad-DynamoDB-5",
        resource_type=_TYPE,
        place="SSESpecification.SSEEnabled",
        requires=is_true,
        message="encrypts with a key that AWS owns: set SSEEnabled and name keys in Replicas",
        source=f"{_GUIDE}EncryptionAtRest.html",
    ),
)
