"""Findings that do not apply to a document database."""

from aws_cdk import aws_docdb as docdb

from pavedroad.security.acknowledgments import acknowledge


def acknowledge_managed_secret_and_audit(cluster: docdb.CfnDBCluster) -> None:
    """Tell where the password is, and what the audit log has in it."""
    acknowledge(
        cluster,
        "AwsSolutions-DOC3",
        "The check knows passwords only that the template refers to. DocumentDB itself makes this one, keeps it in "
        "Secrets Manager under the database's own key and rotates it every 7 days (ManageMasterUserPassword).",
    )
    for event in ("authenticate", "createIndex", "dropCollection"):
        acknowledge(
            cluster,
            f"AwsSolutions-DOC5[LogExport::{event}]",
            "These are events in the audit log, not logs: DocumentDB exports audit and profiler only. The parameter "
            "audit_logs records them and the audit log is exported; both are held at every synthesis.",
        )
