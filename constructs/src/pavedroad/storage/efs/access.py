"""Who may mount a file system, and how: over TLS, as somebody, and within a directory."""

from dataclasses import dataclass

from aws_cdk import Token
from aws_cdk import aws_efs as efs
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.arguments import Arguments

_HIGHEST_ID = 4_294_967_295


@dataclass(frozen=True, kw_only=True)
class Directory:
    """What an access point shows as the whole file system, and as whom its clients act.

    Attributes:
        path: The directory, such as ``/orders``; made on the first use. Not ``/``: the directory would be everything.
        user_id: Every client acts as this POSIX user, whoever it says that it is. Left out: 1000. Not 0, which is root.
        group_id: And as this group. Left out: 1000. Not 0.
        permissions: Of the directory when it is made, in octal. Left out: ``750``.

    Controls: EFS.3 (root directory), EFS.4 (user identity).
    """

    path: str
    user_id: int = 1000
    group_id: int = 1000
    permissions: str = "750"

    def check(self, arguments: Arguments) -> None:
        """Refuse what would open more than a directory, or act as root."""
        arguments.matches("directory.path", self.path, r"(/[^/\s$]+){1,4}", "1 to 4 names, such as /orders/uploads")
        arguments.between("directory.user_id", self.user_id, 1, _HIGHEST_ID)
        arguments.between("directory.group_id", self.group_id, 1, _HIGHEST_ID)
        arguments.matches("directory.permissions", self.permissions, "[0-7]{3,4}", "octal, such as 750")

    def access_point(self, scope: Construct, construct_id: str, file_system: efs.IFileSystem) -> efs.AccessPoint:
        """An access point of ``file_system`` that shows this directory."""
        user, group = (_text(it) for it in (self.user_id, self.group_id))
        return efs.AccessPoint(
            scope,
            construct_id,
            file_system=file_system,
            path=self.path,
            posix_user=efs.PosixUser(uid=user, gid=group),
            create_acl=efs.Acl(owner_uid=user, owner_gid=group, permissions=self.permissions),
        )


def over_tls_and_identified() -> iam.PolicyDocument:
    """The policy of a file system: without TLS nobody; else those to whom IAM allows it.

    EFS lets every client in that reaches it over the network while a file system has no policy. A policy that allows
    nobody leaves the decision to the policies of roles.

    Source: https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
    """
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                sid="TlsOnly",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["elasticfilesystem:Client*"],
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            )
        ]
    )


def _text(number: int) -> str:
    return Token.as_string(number) if Token.is_unresolved(number) else str(number)
