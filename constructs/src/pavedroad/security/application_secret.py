"""A generated secret that nobody types, nobody outside reads, and that changes regularly."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.durations import days_of
from pavedroad.invariants import hold
from pavedroad.observability.notifications import notifying_role, notifying_rule
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.security.secret_rotation import rotate
from pavedroad.version_stamp import stamp

_NAME = r"[A-Za-z0-9/_+=.@-]{1,512}"
_NAME_IN_WORDS = "letters, digits and /_+=.@-"
_SHORTEST_PASSWORD = 16
# What some client, shell or connection string would need to escape.
_EXCLUDED_CHARACTERS = " %+~`#$&*()|[]{}:;<>?!'/@\"\\"


class ApplicationSecret(Construct):
    """A secret with a generated value under a KMS key, closed to other accounts, and rotated.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        rotation_function: Changes the secret in the four steps that Secrets Manager calls. Its role is given the rights
            to this secret and its key, unless it is imported without one; its network lies with you. Left out:
            ``no_rotation_reason`` must say why.
        no_rotation_reason: Why the secret is not rotated here, as an auditor would accept it, such as that another
            service manages its rotation. Left out: it is rotated.
        rotate_after: Days between rotations, 1 to 90; a parameter is given as days. Left out: 30 days.
        secret_name: The secret's name. Left out: CloudFormation names it, which is what a template deployed more than
            once needs.
        description: What the secret opens. Left out: the construct's path.
        encryption_key: Encrypts the secret; one that is not of this app must admit the readers' accounts. Left out: a
            new key with yearly rotation, kept when the stack is deleted.
        generate: How the value is generated; 16 characters or more. Left out: 32 characters, without those that need
            escaping somewhere.
        reader_accounts: Ids of other accounts whose identities may read it, as far as their own IAM policies allow
            it. Left out: none; other accounts are denied everything.
        replicas: Regions with a copy, each with a KMS key of that region. Left out: none.

    Attributes:
        secret: The L2 secret, with the id ``Resource``.
        encryption_key: The key in use.
        rotation: The L1 rotation schedule; ``None`` without rotation.
        rules: The rules that ``add_alarms`` made.

    Raises:
        InvalidArgumentsError: Arguments contradict each other or are out of range; all are named.

    Controls: SecretsManager.1 and nag SMG4 (rotation), SecretsManager.2 (told when it fails), SecretsManager.4 (every
        90 days or sooner), NIST AC-3, AC-6, IA-5(1), SC-8, SC-12, SC-28.

    Example:
        >>> secret = ApplicationSecret(
        ...     stack,
        ...     "ApiKey",
        ...     description="Signs the webhooks of the order service",
        ...     rotation_function=function,
        ...     encryption_key=key,
        ... )
        >>> secret.grant_read(role)
        >>> secret.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        rotation_function: lambda_.IFunction | None = None,
        no_rotation_reason: str | None = None,
        rotate_after: Duration | None = None,
        secret_name: str | None = None,
        description: str | None = None,
        encryption_key: kms.IKey | None = None,
        generate: secretsmanager.SecretStringGenerator | None = None,
        reader_accounts: Sequence[str] = (),
        replicas: Sequence[secretsmanager.ReplicaRegion] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        after = rotate_after or Duration.days(30)
        arguments = Arguments(self)
        arguments.matches("secret_name", secret_name, _NAME, _NAME_IN_WORDS)
        arguments.reason("no_rotation_reason", no_rotation_reason)
        for account in reader_accounts:
            arguments.account("reader_accounts", account)
        arguments.between("rotate_after", days_of(after), 1, 90)
        if generate is not None:
            arguments.between("generate.password_length", generate.password_length, _SHORTEST_PASSWORD, 4096)
        for replica in replicas:
            if replica.encryption_key is None:
                arguments.refuse("replicas", replica.region, "needs an encryption_key of that region")
        if (rotation_function is None) == (no_rotation_reason is None):
            arguments.refuse(
                "no_rotation_reason", no_rotation_reason, "give either it or rotation_function, and not both"
            )
        arguments.check()

        self.rules: list[events.Rule] = []
        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Secret of {self.node.path}")
        self.secret = secretsmanager.Secret(
            self,
            "Resource",
            secret_name=secret_name,
            description=description or f"Secret of {self.node.path}",
            encryption_key=self.encryption_key,
            generate_secret_string=generate or _generated(),
            replica_regions=list(replicas) or None,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self._close(reader_accounts)
        self.rotation: secretsmanager.CfnRotationSchedule | None = None
        if rotation_function is not None:
            self.rotation = rotate(
                self,
                secret=self.secret,
                encryption_key=self.encryption_key,
                function=rotation_function,
                after=after,
            )
        if no_rotation_reason is not None:
            for finding in ("AwsSolutions-SMG4", "NIST.800.53.R5-SecretsManagerRotationEnabled"):
                acknowledge(self.secret, finding, no_rotation_reason)
        self._hold()
        stamp(self)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` of this account read the secret, decryption with its key included."""
        return self.secret.grant_read(grantee)

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` put new values into the secret, encryption with its key included."""
        return self.secret.grant_write(grantee)

    def add_alarms(self, topic: sns.ITopic) -> list[events.Rule]:
        """Tell ``topic`` when a rotation fails and when the secret is deleted.

        By rules of EventBridge, since Secrets Manager has no metric for it; they need a trail of management events.

        Args:
            topic: Told with a role that is made for it.
        """
        role = notifying_role(
            self, "AlarmsRole", topic=topic, description="EventBridge: publishes what endangers the secret"
        )
        arn = self.secret.secret_arn
        failed = notifying_rule(
            self,
            "FailedRotations",
            role=role,
            topic=topic,
            source="aws.secretsmanager",
            detail_type="AWS Service Event via CloudTrail",
            detail={
                "eventName": ["RotationFailed", "RotationAbandoned"],
                "additionalEventData": {"SecretId": [arn]},
            },
            message=f"{events.EventField.from_path('$.detail.eventName')} for the secret {arn}: its rotation did not "
            "complete. Look at the log of its rotation function.",
        )
        deleted = notifying_rule(
            self,
            "Deletions",
            role=role,
            topic=topic,
            source="aws.secretsmanager",
            detail_type="AWS API Call via CloudTrail",
            detail={
                "eventName": ["DeleteSecret"],
                "requestParameters": {"secretId": [arn, self.secret.secret_name]},
            },
            message=f"The secret {arn} was deleted by {events.EventField.from_path('$.detail.userIdentity.arn')}. "
            "It can be restored until its recovery window ends.",
        )
        self.rules += [failed, deleted]
        return [failed, deleted]

    def _close(self, reader_accounts: Sequence[str]) -> None:
        if reader_accounts:
            self._admit(reader_accounts)
        own = Stack.of(self).account
        self._deny("SecureTransport", {"Bool": {"aws:SecureTransport": "false"}})
        self._deny(
            "OtherAccounts",
            {
                "StringNotEquals": {"aws:PrincipalAccount": [own, *reader_accounts]},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        )
        policy = self._policy()
        policy.block_public_policy = True

    def _admit(self, accounts: Sequence[str]) -> None:
        readers: list[iam.IPrincipal] = [iam.AccountPrincipal(account) for account in accounts]
        self.secret.add_to_resource_policy(
            iam.PolicyStatement(
                sid="ReaderAccounts",
                principals=readers,
                actions=["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
                resources=["*"],
            )
        )
        through = f"secretsmanager.{Stack.of(self).region}.amazonaws.com"
        for reader in readers:
            self.encryption_key.grant_decrypt(kms.ViaServicePrincipal(through, reader))

    def _deny(self, sid: str, conditions: dict[str, object]) -> None:
        self.secret.add_to_resource_policy(
            iam.PolicyStatement(
                sid=sid,
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["secretsmanager:*"],
                resources=["*"],
                conditions=conditions,
            )
        )

    def _policy(self) -> secretsmanager.CfnResourcePolicy:
        policy = self.secret.node.find_child("Policy").node.default_child
        assert isinstance(policy, secretsmanager.CfnResourcePolicy)
        return policy

    def _hold(self) -> None:
        resource, policy = self.secret.node.default_child, self._policy()
        assert isinstance(resource, secretsmanager.CfnSecret)
        hold(
            self,
            "ApplicationSecret is encrypted with a named key; its KmsKeyId was removed",
            lambda: bool(resource.kms_key_id),
        )
        hold(
            self,
            "ApplicationSecret refuses plain text and other accounts; its resource policy no longer does",
            lambda: {"SecureTransport", "OtherAccounts"} <= _denials(Stack.of(self).resolve(policy.resource_policy)),
        )


def _generated() -> secretsmanager.SecretStringGenerator:
    return secretsmanager.SecretStringGenerator(
        password_length=32, exclude_characters=_EXCLUDED_CHARACTERS, require_each_included_type=True
    )


def _denials(document: dict[str, list[dict[str, str]]]) -> set[str]:
    return {each.get("Sid", "") for each in document["Statement"] if each["Effect"] == "Deny"}
