"""What DynamoDB would refuse late, in the middle of a deployment, refused at once."""

from collections.abc import Sequence

from aws_cdk import aws_dynamodb as dynamodb

from pavedroad.arguments import Arguments


def check_names(arguments: Arguments, *, table_name: str | None, time_to_live_attribute: str | None) -> None:
    """Refuse names that DynamoDB does not accept."""
    arguments.matches(
        "table_name", table_name, r"[a-zA-Z0-9_.-]{3,255}", "3 to 255 letters, digits, underscores, dots and hyphens"
    )
    arguments.matches("time_to_live_attribute", time_to_live_attribute, r".{1,255}", "1 to 255 characters")


def check_indexes(
    arguments: Arguments,
    global_secondary_indexes: Sequence[dynamodb.GlobalSecondaryIndexPropsV2],
    local_secondary_indexes: Sequence[dynamodb.LocalSecondaryIndexProps],
) -> None:
    """Refuse more indexes than DynamoDB keeps, and a capacity of their own."""
    for name, indexes, most in (
        ("global_secondary_indexes", global_secondary_indexes, 20),
        ("local_secondary_indexes", local_secondary_indexes, 5),
    ):
        if len(indexes) > most:
            arguments.refuse(name, f"{len(indexes)} indexes", f"must be {most} or fewer")
    for index in global_secondary_indexes:
        if index.read_capacity is not None or index.write_capacity is not None:
            arguments.refuse("global_secondary_indexes", index.index_name, "has the capacity of the table: see billing")


def check_replication(
    arguments: Arguments,
    *,
    replicated: bool,
    strongly_consistent: bool,
    stream: dynamodb.StreamViewType | None,
    time_to_live_attribute: str | None,
    local_secondary_indexes: Sequence[dynamodb.LocalSecondaryIndexProps],
) -> None:
    """Refuse what cannot be replicated.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
    """
    asynchronous = replicated and not strongly_consistent
    if asynchronous and stream not in {None, dynamodb.StreamViewType.NEW_AND_OLD_IMAGES}:
        arguments.refuse(
            "stream", stream.name if stream else None, "must be NEW_AND_OLD_IMAGES: replicas are fed by it"
        )
    if strongly_consistent and time_to_live_attribute is not None:
        arguments.refuse(
            "time_to_live_attribute", time_to_live_attribute, "does not exist with strong consistency across regions"
        )
    if strongly_consistent and local_secondary_indexes:
        arguments.refuse(
            "local_secondary_indexes",
            [index.index_name for index in local_secondary_indexes],
            "do not exist with strong consistency across regions",
        )
