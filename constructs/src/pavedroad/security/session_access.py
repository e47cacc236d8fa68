"""Access of people to instances and tasks: by recorded sessions only."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Annotations, Duration, Stack, Tokenization
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.invariants import hold
from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.keys import rotated_key
from pavedroad.security.roles import ManagedPolicyRole
from pavedroad.version_stamp import stamp

_ACCOUNT_PREFERENCES = "SSM-SessionManagerRunShell"
_PREFIX = "sessions"
_OWN_SESSIONS = "${aws:userid}-*"


class SessionAccess(Construct):
    """A session document of Session Manager: encrypted end to end, recorded, ended when idle and after a time.

    Nobody needs a key pair, an open port or a bastion host: people start sessions with ``grant_start_session`` on what
    has certain tags, and the hosts record them with ``grant_record``. A role that has only these grants can start no
    session that is not recorded, since the document is named.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        account_preferences: Make it the preferences of the account and region (``SSM-SessionManagerRunShell``), which
            hold where no document is named. There is one; where it exists already, the deployment fails. Left out: a
            document of its own, named with ``--document-name``.
        encryption_key: Encrypts sessions and logs; an imported one must admit CloudWatch Logs. Left out: a new key with
            yearly rotation, kept when the stack is deleted.
        log_bucket: A bucket that receives each session's log at its end as well; it must be encrypted. Left out: the
            log group only.
        log_retention: Of the log group. Left out: a year.
        idle_timeout: How long nothing may be typed until a session ends, 1 to 60 minutes. Left out: 15 minutes.
        max_duration: After which a session ends, 1 minute to 24 hours. Left out: 2 hours.
        run_as: The operating system's user of sessions, where the person's role has no tag ``SSMSessionRunAs``.
            ``ssm-user`` may become root, and leaves the warning ``pavedroad:session-root``. Left out: ``ec2-user``.

    Attributes:
        document: The ``AWS::SSM::Document``, with the id ``Resource``.
        log_group: Records the sessions while they go on.
        encryption_key: The key in use.

    Raises:
        InvalidArgumentsError: An argument cannot work; all are named.

    Controls: EC2.13 (no open port 22), CloudWatch.16, KMS.4, SSM.4 (the document is not public),
        NIST AC-2(12), AC-12, AC-17(1), AC-17(2), AU-2, AU-14, SC-8, SC-10.

    Example:
        >>> from pavedroad import SessionAccess
        >>> from pavedroad.security.roles import ManagedPolicyRole
        >>> gateway = iam.ArnPrincipal("arn:aws:iam::111111111111:role/gateway")
        >>> with_second_factor = gateway.with_conditions({"Bool": {"aws:MultiFactorAuthPresent": "true"}})
        >>> operators = ManagedPolicyRole(
        ...     stack, "Operators", assumed_by=with_second_factor, description="Operates orders"
        ... )
        >>> sessions = SessionAccess(stack, "Sessions", max_duration=Duration.hours(1))
        >>> sessions.grant_start_session(operators, tags={"application": "orders"})
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        account_preferences: bool = False,
        encryption_key: kms.IKey | None = None,
        log_bucket: s3.IBucket | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        idle_timeout: Duration | None = None,
        max_duration: Duration | None = None,
        run_as: str = "ec2-user",
    ) -> None:
        super().__init__(scope, construct_id)
        idle, longest = idle_timeout or Duration.minutes(15), max_duration or Duration.hours(2)
        arguments = Arguments(self)
        for name, duration, most in (("idle_timeout", idle, 60), ("max_duration", longest, 24 * 60)):
            if not duration.is_unresolved():
                arguments.between(f"{name} (minutes)", duration.to_minutes(integral=False), 1, most)
        arguments.matches("run_as", run_as, "(?!root$)[a-z_][a-z0-9_-]{0,31}", "a user of the hosts other than root")
        arguments.check()

        self.encryption_key = encryption_key or rotated_key(
            self, "Key", description=f"Sessions and their logs of {self.node.path}"
        )
        self.log_group = encrypted_log_group(self, "Logs", encryption_key=self.encryption_key, retention=log_retention)
        self._log_bucket = log_bucket
        self.document = ssm.CfnDocument(
            self,
            "Resource",
            name=_ACCOUNT_PREFERENCES if account_preferences else None,
            document_type="Session",
            document_format="JSON",
            update_method="NewVersion",
            content={
                "schemaVersion": "1.0",
                "description": "Encrypted and recorded sessions",
                "sessionType": "Standard_Stream",
                "inputs": self._inputs(idle, longest, run_as),
            },
        )
        if run_as == "ssm-user":
            Annotations.of(self).add_warning_v2(
                "pavedroad:session-root", "ssm-user may become root without a password: sessions can undo anything."
            )
        self._hold()
        stamp(self)

    def grant_start_session(self, grantee: iam.IGrantable, *, tags: Mapping[str, str]) -> iam.Grant:
        """Let ``grantee`` start sessions, with this document only, on instances that have all of ``tags``.

        Args:
            grantee: The role of people.
            tags: Such as ``{"application": "orders"}`` or ``fleet.tags``; one at least.

        Raises:
            InvalidArgumentsError: There are no tags.
        """
        condition = self._tagged(tags)
        stack = Stack.of(self)
        document = stack.format_arn(service="ssm", resource="document", resource_name=self.document.ref)
        instances = stack.format_arn(service="ec2", resource="instance", resource_name="*")
        sessions = stack.format_arn(service="ssm", resource="session", resource_name=_OWN_SESSIONS)
        self.encryption_key.grant(grantee, "kms:GenerateDataKey")
        grant = _allow(grantee, ["ssm:StartSession"], document)
        _allow(grantee, ["ssm:StartSession"], instances, condition)
        _allow(grantee, ["ssm:ResumeSession", "ssm:TerminateSession"], sessions)
        _acknowledge(
            grantee,
            {
                instances: "Which instances is decided by their tags, which the condition names.",
                sessions: "A session's id begins with the id of whoever started it: these are one's own sessions.",
            },
        )
        return grant

    def grant_execute_command(
        self, grantee: iam.IGrantable, *, cluster: ecs.ICluster, tags: Mapping[str, str]
    ) -> iam.Grant:
        """Let ``grantee`` open ECS Exec into tasks of ``cluster`` that have all of ``tags``.

        The cluster records these sessions; ``ssm:StartSession`` on tasks, which would go unrecorded, is not given.

        Raises:
            InvalidArgumentsError: There are no tags.
        """
        condition = self._tagged(tags)
        tasks = Stack.of(self).format_arn(service="ecs", resource="task", resource_name=f"{cluster.cluster_name}/*")
        _allow(grantee, ["ecs:ExecuteCommand"], cluster.cluster_arn)
        grant = _allow(grantee, ["ecs:DescribeTasks", "ecs:ExecuteCommand"], tasks, condition)
        _acknowledge(grantee, {tasks: "Which tasks of the one cluster is decided by their tags."})
        return grant

    def grant_record(self, host: iam.IGrantable) -> iam.Grant:
        """Let a host, such as an ``InstanceFleet``, take part in sessions and write their logs."""
        streams = f"{self.log_group.log_group_arn}:log-stream:*"
        self.encryption_key.grant(host, "kms:Decrypt")
        grant = _allow(host, ["logs:CreateLogStream", "logs:PutLogEvents"], streams)
        _allow(host, ["logs:DescribeLogStreams"], self.log_group.log_group_arn)
        _allow(host, ["logs:DescribeLogGroups"], "*")
        reasons = {
            streams: "Each session writes a stream of its own name in this one log group.",
            "*": "logs:DescribeLogGroups tells the agent that the log group is encrypted; it supports no resource.",
        }
        if self._log_bucket is not None:
            objects = self._log_bucket.arn_for_objects(f"{_PREFIX}/*")
            _allow(host, ["s3:PutObject"], objects)
            if self._log_bucket.encryption_key is not None:
                self._log_bucket.encryption_key.grant(host, "kms:GenerateDataKey")
            _allow(host, ["s3:GetEncryptionConfiguration"], self._log_bucket.bucket_arn)
            reasons[objects] = "Each session writes an object of its own name in this one bucket."
        _acknowledge(host, reasons)
        return grant

    def _inputs(self, idle: Duration, longest: Duration, run_as: str) -> dict[str, Any]:
        return {
            "s3BucketName": self._log_bucket.bucket_name if self._log_bucket else "",
            "s3KeyPrefix": _PREFIX if self._log_bucket else "",
            "s3EncryptionEnabled": True,
            "cloudWatchLogGroupName": self.log_group.log_group_name,
            "cloudWatchEncryptionEnabled": True,
            "cloudWatchStreamingEnabled": True,
            "kmsKeyId": self.encryption_key.key_arn,
            "runAsEnabled": run_as != "ssm-user",
            "runAsDefaultUser": "" if run_as == "ssm-user" else run_as,
            "idleSessionTimeout": _minutes(idle),
            "maxSessionDuration": _minutes(longest),
        }

    def _tagged(self, tags: Mapping[str, str]) -> dict[str, dict[str, str]]:
        arguments = Arguments(self)
        if not tags:
            arguments.refuse("tags", dict(tags), "must name one tag at least")
        arguments.check()
        return {"StringEquals": {f"aws:ResourceTag/{name}": value for name, value in tags.items()}}

    def _hold(self) -> None:
        def inputs() -> dict[str, Any]:
            found: dict[str, Any] = Stack.of(self).resolve(self.document.content)["inputs"]
            return found

        hold(
            self,
            "SessionAccess encrypts sessions; the document's kmsKeyId was removed",
            lambda: bool(inputs().get("kmsKeyId")),
        )
        hold(
            self,
            "SessionAccess records sessions; the document's log group was removed or need not be encrypted",
            lambda: (
                bool(inputs().get("cloudWatchLogGroupName")) and inputs().get("cloudWatchEncryptionEnabled") is True
            ),
        )


def _minutes(duration: Duration) -> str:
    return Tokenization.stringify_number(duration.to_minutes())


def _allow(
    grantee: iam.IGrantable,
    actions: list[str],
    resource: str,
    conditions: Mapping[str, Mapping[str, str]] | None = None,
) -> iam.Grant:
    return iam.Grant.add_to_principal(grantee=grantee, actions=actions, resource_arns=[resource], conditions=conditions)


def _acknowledge(grantee: iam.IGrantable, reasons: Mapping[str, str]) -> None:
    principal = grantee.grant_principal
    if isinstance(principal, ManagedPolicyRole) and principal.policy is not None:
        for resource, reason in reasons.items():
            acknowledge_resource(principal.policy, resource, reason)
