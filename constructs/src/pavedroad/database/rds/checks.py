"""What RDS would refuse late, in the middle of a deployment, refused at once."""

from pavedroad.arguments import Arguments

MOST_REPLICAS = 15


def check_database_name(arguments: Arguments, name: str | None, *, snapshot: str | None) -> None:
    """Refuse a name that RDS does not accept, and a first database beside those of a snapshot."""
    arguments.matches(
        "database_name",
        name,
        "[A-Za-z][A-Za-z0-9_]{0,62}",
        "1 to 63 letters, digits or underscores, a letter first",
    )
    if name is not None and snapshot is not None:
        arguments.refuse("database_name", name, "must be left out: the databases come from the snapshot")
