"""One KMS key for all that an application encrypts."""

from collections.abc import Sequence

from aws_cdk import Duration, Stack, Token
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.durations import days_of
from pavedroad.invariants import hold
from pavedroad.observability.log_groups import admit_log_groups
from pavedroad.observability.notifications import notifying_role, notifying_rule
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.key_policy import USE, administration, use_by_service, use_through_services
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

DATA_SERVICES = (
    "backup",
    "dynamodb",
    "ec2",
    "ecr",
    "elasticfilesystem",
    "rds",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
)
"""The services that an application's data usually lies in."""

_LOGS = "logs"
# A service that uses a key for itself, on behalf of no identity.
_OWN_ACCORD = "cloudwatch"
# A condition on the account stops EventBridge from publishing to a topic, and without one it is every account's deputy.
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
_WITHOUT_CONDITIONS = "events"
_ALIAS = r"(alias/)?(?!aws/)[a-zA-Z0-9/_-]{1,250}"
_ALIAS_IN_WORDS = "letters, digits, '/', '_' and '-', not beginning with aws/"
_DIMINISHING = ("DisableKey", "DisableKeyRotation", "ScheduleKeyDeletion")


class ApplicationKey(Construct):
    """A rotated KMS key whose policy separates who administers it from who uses it, and names the services.

    The policy of a key usually leaves everything to IAM. This one admits identities of the account, as far as their
    IAM policies allow it, through the named services only; direct use is granted with ``grant_encrypt_decrypt``.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        description: What the key is for. Left out: the construct's path.
        administrators: Who may change the key and its policy, which includes no use of it. The role that deploys the
            stack must be one of them, as KMS refuses a policy that its maker could not change. The root user stays one
            for emergencies. Left out: those of this account whom IAM allows it.
        services: Services through which identities of the account use the key, by the names that ``kms:ViaService``
            has for them. Left out: ``DATA_SERVICES``, such as ``s3``, ``rds`` and ``secretsmanager``.
        rotation_period: How often the key material changes, 90 to 2560 days; a parameter is given as days. Left out:
            365 days.
        alias: A name for the key, unique in account and region; a parameter begins with ``alias/``. Left out: none,
            which a template that is deployed more than once needs.
        multi_region: Whether the key can have replicas in other regions; it cannot be changed later. Left out: not.
        pending_window: How long a scheduled deletion can be taken back, 7 to 30 days; a parameter is given as days.
            Left out: 30 days.

    Attributes:
        key: The L2 key, with the id ``Resource``; give it to other constructs as their ``encryption_key``.
        rules: The rules that ``add_alarms`` made.

    Raises:
        InvalidArgumentsError: Arguments are out of range; all are named.

    Controls: KMS.3 (no unintended deletion), KMS.4 and nag KMS5 (rotation), KMS.5 (not public), NIST AC-5,
        AC-6, SC-12, SC-28.

    Example:
        >>> orders = ApplicationKey(stack, "Key", description="Data of the order service", alias="orders")
        >>> orders.allow_service("logs")
        >>> orders.add_alarms(topic)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str | None = None,
        administrators: Sequence[iam.IPrincipal] = (),
        services: Sequence[str] = DATA_SERVICES,
        rotation_period: Duration | None = None,
        alias: str | None = None,
        multi_region: bool = False,
        pending_window: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.matches("alias", alias, _ALIAS, _ALIAS_IN_WORDS)
        arguments.between("rotation_period", days_of(rotation_period), 90, 2560)
        arguments.between("pending_window", days_of(pending_window), 7, 30)
        for service in services:
            _check_service(arguments, "services", service)
        arguments.check()

        self.rules: list[events.Rule] = []
        self.key = rotated_key(
            self,
            "Resource",
            description=description or f"Data of {self.node.path}",
            alias=alias,
            multi_region=multi_region or None,
            policy=iam.PolicyDocument(statements=administration(administrators)),
        )
        resource = self.key.node.default_child
        assert isinstance(resource, kms.CfnKey)
        # The L2 compares the days, also where a parameter has them.
        resource.rotation_period_in_days = (rotation_period or Duration.days(365)).to_days()
        resource.pending_window_in_days = (pending_window or Duration.days(30)).to_days()
        through = [service for service in services if service not in (_LOGS, _OWN_ACCORD)]
        if through:
            self._add(use_through_services(self, through))
        for service in services:
            if service not in through:
                self.allow_service(service)
        acknowledge(
            self.key,
            "parliament::RESOURCE_MISMATCH",
            "In the policy of a key the resource is always the key itself, and KMS asks that policy too when an alias "
            "is made, changed or deleted.",
        )
        _hold_key(self, resource)
        stamp(self)

    def allow_service(self, service: str) -> None:
        """Let a service use the key for this account and region.

        Args:
            service: ``logs`` for log groups; ``cloudwatch`` for alarms that are published to topics; any other as
                ``kms:ViaService`` names it, through which identities of the account then use the key. EventBridge
                publishes with a role instead, to which ``grant_encrypt_decrypt`` opens the key.

        Raises:
            InvalidArgumentsError: It is no name of a service, or ``events``.
        """
        arguments = Arguments(self)
        _check_service(arguments, "service", service)
        arguments.check()
        if service == _LOGS:
            admit_log_groups(self, self.key)
        elif service == _OWN_ACCORD:
            self._add([use_by_service(self, service)])
        else:
            self._add(use_through_services(self, [service]))

    def grant_encrypt_decrypt(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` use the key directly, by its own policy and the key's."""
        return self._grant(grantee, USE)

    def grant_decrypt(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` decrypt directly, by its own policy and the key's."""
        return self._grant(grantee, ("kms:Decrypt", "kms:DescribeKey"))

    def add_alarms(self, topic: sns.ITopic) -> list[events.Rule]:
        """Tell ``topic`` when the key is disabled, no longer rotated or about to be deleted.

        By rules of EventBridge, since KMS has no metric for it; they need a trail of management events.

        Args:
            topic: Told with a role that is made for it.
        """
        field = events.EventField.from_path
        rule = notifying_rule(
            self,
            "Diminished",
            role=notifying_role(
                self, "DiminishedRole", topic=topic, description="EventBridge: publishes what endangers the key"
            ),
            topic=topic,
            source="aws.kms",
            detail_type="AWS API Call via CloudTrail",
            detail={
                "eventSource": ["kms.amazonaws.com"],
                "eventName": list(_DIMINISHING),
                "requestParameters": {"keyId": [self.key.key_id, self.key.key_arn]},
            },
            message=f"{field('$.detail.eventName')} for the key {self.key.key_arn} by "
            f"{field('$.detail.userIdentity.arn')}. A scheduled deletion can be cancelled until its window ends.",
        )
        self.rules.append(rule)
        return [rule]

    def _add(self, statements: Sequence[iam.PolicyStatement]) -> None:
        for statement in statements:
            self.key.add_to_resource_policy(statement)

    def _grant(self, grantee: iam.IGrantable, actions: Sequence[str]) -> iam.Grant:
        return iam.Grant.add_to_principal_and_resource(
            grantee=grantee,
            actions=list(actions),
            resource=self.key,
            resource_arns=[self.key.key_arn],
            resource_self_arns=["*"],
        )


def _check_service(arguments: Arguments, name: str, service: str) -> None:
    arguments.matches(name, service, r"[a-z][a-z0-9-]*", "a service's name without .amazonaws.com, such as s3")
    if service == _WITHOUT_CONDITIONS:
        arguments.refuse(
            name, service, "cannot be admitted to a key under a condition; let EventBridge use a role with the key"
        )


def _hold_key(scope: Construct, resource: kms.CfnKey) -> None:
    name = type(scope).__name__
    hold(scope, f"{name} is rotated; its EnableKeyRotation was removed", lambda: _is_true(resource.enable_key_rotation))
    hold(
        scope,
        f"{name} names who uses it; its KeyPolicy allows every action or everybody",
        lambda: not any(map(_is_open, Stack.of(scope).resolve(resource.key_policy)["Statement"])),
    )


def _is_true(value: object) -> bool:
    return value is True or Token.is_unresolved(value)


def _is_open(statement: dict[str, object]) -> bool:
    if statement["Effect"] != "Allow":
        return False
    actions = statement["Action"]
    everything = "kms:*" in (actions if isinstance(actions, list) else [actions]) or actions == "*"
    return everything or statement["Principal"] in ("*", {"AWS": "*"})
