"""Rules for Amazon Keyspaces, which the packs do not know."""

from collections.abc import Mapping
from typing import Any

from pavedroad_platform.checks.rules.rule import Rule, equals, is_false, is_true, present

_TABLE = "AWS::Cassandra::Table"
_GUIDE = "https://docs.aws.amazon.com/keyspaces/latest/devguide/"
_DELETION = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"


def _in_one_region(properties: Mapping[str, Any]) -> bool:
    """In several regions Keyspaces knows only the key that AWS owns."""
    return not properties.get("ReplicaSpecifications")


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-Keyspaces-1",
        resource_type="AWS::Cassandra::Keyspace",
        place="DeletionPolicy",
        requires=equals("Retain", "RetainExceptOnCreate"),
        message="loses the tables with the stack: set DeletionPolicy to Retain",
        source=_DELETION,
    ),
    Rule(
        id="PavedRoad-Keyspaces-2",
        resource_type=_TABLE,
        place="DeletionPolicy",
        requires=equals("Retain", "RetainExceptOnCreate"),
        message="loses the rows with the stack: set DeletionPolicy to Retain",
        source=_DELETION,
    ),
    Rule(
        id="PavedRoad-Keyspaces-3",
        resource_type=_TABLE,
        place="PointInTimeRecoveryEnabled",
        requires=is_true,
        message="cannot be restored: set PointInTimeRecoveryEnabled",
        source=f"{_GUIDE}PointInTimeRecovery.html",
    ),
    Rule(
        id="PavedRoad-Keyspaces-4",
        resource_type=_TABLE,
        place="EncryptionSpecification.KmsKeyIdentifier",
        requires=present,
        message="encrypts with the key that AWS owns: name a customer managed key",
        source="NIST SP 800-53 SC-12",
        when=_in_one_region,
    ),
    Rule(
        id="PavedRoad-Keyspaces-5",
        resource_type=_TABLE,
        place="AutoScalingSpecifications.ReadCapacityAutoScaling.AutoScalingDisabled",
        requires=is_false,
        message="throttles reads beyond a fixed capacity: let it be scaled",
        source=f"{_GUIDE}autoscaling.html",
    ),
    Rule(
        id="PavedRoad-Keyspaces-6",
        resource_type=_TABLE,
        place="AutoScalingSpecifications.WriteCapacityAutoScaling.AutoScalingDisabled",
        requires=is_false,
        message="throttles writes beyond a fixed capacity: let it be scaled",
        source=f"{_GUIDE}autoscaling.html",
    ),
)
