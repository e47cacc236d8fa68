"""The fields of a form that say what is kept of a database."""

from pavedroad_platform.catalog.product import Parameter

SAFETY = "Safety"
"""The heading of these fields."""

BACKUP_RETENTION_PARAMETER = Parameter(
    name="BackupRetentionDays",
    label="Days to keep backups",
    group=SAFETY,
    help="How far back the database can be restored, to any second.",
    type="Number",
    default=35,
    minimum=7,
    maximum=35,
)

DELETION_PROTECTION_PARAMETER = Parameter(
    name="DeletionProtection",
    label="Protect from deletion",
    group=SAFETY,
    help="Set it to false before the product is terminated; a last snapshot is taken in any case.",
    default="true",
    canary="false",
    allowed_values=("true", "false"),
    constraint="Either true or false.",
)
