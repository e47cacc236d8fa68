"""Names of databases: known before the database exists, and of this stack alone."""

from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.naming import unique_name

# RDS and DocumentDB allow 63 characters: the last part of a stack's id takes 13 and the longest suffix 11.
_LONGEST_NAME = 39


def check_identifier(arguments: Arguments, name: str, value: str | None) -> None:
    """Refuse a name that RDS and DocumentDB do not accept, or that leaves no room for the longest suffix."""
    arguments.matches(
        name,
        value,
        "(?=.{1,52}$)[a-z](-?[a-z0-9])*",
        "1 to 52 lower-case letters, digits or single hyphens, a letter first",
    )


def unique_identifier(scope: Construct) -> str:
    """A name known before the instance exists: the path in the stack, and a part of the stack's id."""
    return unique_name(scope, longest=_LONGEST_NAME, otherwise="database")
