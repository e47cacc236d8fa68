"""A private repository of container images in Amazon ECR."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.delivery.repositories.image_findings import notify_of_findings
from pavedroad.delivery.repositories.readers import check_readers, reading
from pavedroad.invariants import hold
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad.version_stamp import stamp

_NAME = r"(?=.{2,256}$)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*"
_NAME_IN_WORDS = "2 to 256 lower-case letters, digits, '.', '_', '-' and '/', such as shop/orders"
_TAG = r"[\w.*-]{1,128}"
_MOST_MUTABLE_TAGS = 5
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


class ContainerRepository(Construct):
    """A repository of container images that are encrypted, scanned, never overwritten and cleared away in time.

    Three things are set once for a registry, that is for an account and region, and not here: enhanced scanning by
    Amazon Inspector (``AWS::ECR::RegistryScanningConfiguration``), which then takes the place of scanning on push and
    scans anew when a vulnerability becomes known; replication to other regions and accounts
    (``AWS::ECR::ReplicationConfiguration``); and pull-through caches (``AWS::ECR::PullThroughCacheRule``). Replicas are
    repositories of their own: their encryption, tags and lifecycle come from a
    ``AWS::ECR::RepositoryCreationTemplate`` there.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        repository_name: The name, such as ``shop/orders``. Left out: CloudFormation names it, which is what a template
            deployed more than once needs.
        encryption_key: Encrypts the images. Left out: a new key with yearly rotation, kept when the stack is deleted.
            ECR gives itself a grant on it: who pulls and pushes needs no right to the key.
        mutable_tags: Tags that may be moved to another image, 5 at most, ``*`` for any characters, such as ``latest``.
            Left out: none. Anything else leaves the warning ``pavedroad:repository-mutable-tags``.
        untagged_expiration: How long images without a tag are kept, in days. Left out: 14 days.
        tagged_images: How many images with a tag are kept; the oldest go first. Left out: 200.
        reader_accounts: Accounts whose principals may pull. Left out: none.
        organization_id: The organisation whose principals may pull, all of them. Left out: none.
        findings_topic: Told of critical vulnerabilities, whether basic or enhanced scanning finds them. Left out:
            nobody is told; Security Hub shows what Inspector finds.
        removal_policy: What becomes of the repository when it leaves the stack. Left out: it is kept. Anything else
            leaves the warning ``pavedroad:repository-not-retained``.

    Attributes:
        repository: The L2 repository, with the id ``Resource``.
        encryption_key: The key in use.
        findings_rules: The EventBridge rules of ``findings_topic``; empty without one.

    Raises:
        InvalidArgumentsError: A name, tag, account, organisation or number cannot work; all are named.

    Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
    Controls: ECR.1 (scanning), ECR.2 (immutable tags), ECR.3 (lifecycle), ECR.5 (customer-managed key), nag ECR1 (not
        public), NIST AC-3, CM-2, RA-5, SA-10, SC-12, SC-28, SI-2.

    Example:
        >>> images = ContainerRepository(
        ...     stack,
        ...     "Images",
        ...     tagged_images=50,
        ...     reader_accounts=["111111111111"],
        ...     organization_id="o-abcde12345",
        ...     findings_topic=topic,
        ... )
        >>> images.grant_pull(role)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        repository_name: str | None = None,
        encryption_key: kms.IKey | None = None,
        mutable_tags: Sequence[str] = (),
        untagged_expiration: Duration | None = None,
        tagged_images: float = 200,
        reader_accounts: Sequence[str] = (),
        organization_id: str | None = None,
        findings_topic: sns.ITopic | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        arguments.matches("repository_name", repository_name, _NAME, _NAME_IN_WORDS)
        _check_tags(arguments, mutable_tags)
        days = (untagged_expiration or Duration.days(14)).to_days()
        arguments.between("untagged_expiration", days, 1, 3650)
        arguments.between("tagged_images", tagged_images, 1, 100_000)
        check_readers(arguments, organization_id, reader_accounts)
        arguments.check()

        self.encryption_key = encryption_key or rotated_key(self, "Key", description=f"Images of {self.node.path}")
        self.repository = ecr.Repository(
            self,
            "Resource",
            repository_name=repository_name,
            encryption=ecr.RepositoryEncryption.KMS,
            encryption_key=self.encryption_key,
            image_scan_on_push=True,
            image_tag_mutability=(
                ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION if mutable_tags else ecr.TagMutability.IMMUTABLE
            ),
            image_tag_mutability_exclusion_filters=(
                [ecr.ImageTagMutabilityExclusionFilter.wildcard(tag) for tag in mutable_tags] or None
            ),
            removal_policy=removal_policy,
        )
        resource = self.repository.node.default_child
        assert isinstance(resource, ecr.CfnRepository)
        self._resource = resource
        self._expire(days, tagged_images)
        for statement in reading(_PULL, organization_id=organization_id, accounts=reader_accounts):
            self.repository.add_to_resource_policy(statement)
        if organization_id is not None:
            acknowledge(
                self.repository,
                "AwsSolutions-ECR1",
                "The condition aws:PrincipalOrgID leaves the principals of one organisation; it cannot be met without "
                "credentials of an account in it.",
            )
        self.findings_rules: list[events.Rule] = (
            notify_of_findings(self, repository_name=self.repository.repository_name, topic=findings_topic)
            if findings_topic
            else []
        )
        self._warn(mutable_tags, removal_policy)
        self._hold()
        stamp(self)

    def grant_pull(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` pull images, and get the token that signs it in."""
        return self.repository.grant_pull(grantee)

    def grant_push(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` push images, and get the token that signs it in."""
        return self.repository.grant_push(grantee)

    def grant_pull_push(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` pull and push images, and get the token that signs it in."""
        return self.repository.grant_pull_push(grantee)

    def metric_pull_count(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """How often images were pulled; a repository that nobody pulls from can go. ``period`` left out: a day."""
        return cloudwatch.Metric(
            namespace="AWS/ECR",
            metric_name="RepositoryPullCount",
            dimensions_map={"RepositoryName": self.repository.repository_name},
            statistic="Sum",
            period=period or Duration.days(1),
        )

    def _expire(self, untagged_days: float, tagged_images: float) -> None:
        # The L2's rules are made JSON before a parameter is known: CloudFormation would not replace it in there.
        untagged = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days"}
        tagged = {"tagStatus": "tagged", "tagPatternList": ["*"], "countType": "imageCountMoreThan"}
        rules = [
            _expiring(1, {**untagged, "countNumber": untagged_days}),
            _expiring(2, {**tagged, "countNumber": tagged_images}),
        ]
        self._resource.lifecycle_policy = ecr.CfnRepository.LifecyclePolicyProperty(
            lifecycle_policy_text=Stack.of(self).to_json_string({"rules": rules})
        )

    def _warn(self, mutable_tags: Sequence[str], removal_policy: RemovalPolicy) -> None:
        if mutable_tags:
            Annotations.of(self).add_warning_v2(
                "pavedroad:repository-mutable-tags",
                f"What the tags {', '.join(mutable_tags)} mean can change after it was tested: deploy by digest.",
            )
        if removal_policy is not RemovalPolicy.RETAIN:
            Annotations.of(self).add_warning_v2(
                "pavedroad:repository-not-retained", "The repository does not outlive its stack: images can be lost."
            )

    def _hold(self) -> None:
        resolve, resource = Stack.of(self).resolve, self._resource

        def encrypted() -> bool:
            encryption: dict[str, Any] = resolve(resource.encryption_configuration) or {}
            return encryption.get("encryptionType") == "KMS" and bool(encryption.get("kmsKey"))

        def scanned() -> bool:
            scanning: dict[str, Any] = resolve(resource.image_scanning_configuration) or {}
            return scanning.get("scanOnPush") is True

        def immutable() -> bool:
            return str(resource.image_tag_mutability).startswith("IMMUTABLE")

        name = type(self).__name__
        hold(self, f"{name} is encrypted with a KMS key; its EncryptionConfiguration was weakened", encrypted)
        hold(self, f"{name} scans what is pushed; its ImageScanningConfiguration was turned off", scanned)
        hold(self, f"{name} does not overwrite tags; its ImageTagMutability was weakened", immutable)


def _expiring(priority: int, selection: Mapping[str, object]) -> dict[str, object]:
    return {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}


def _check_tags(arguments: Arguments, tags: Sequence[str]) -> None:
    if len(tags) > _MOST_MUTABLE_TAGS:
        arguments.refuse("mutable_tags", len(tags), f"must be at most {_MOST_MUTABLE_TAGS}")
    for tag in tags:
        arguments.matches("mutable_tags", tag, _TAG, "tags of letters, digits, '_', '-' and '.', with '*' for any")
        if set(tag) == {"*"}:
            arguments.refuse("mutable_tags", tag, "must name some tags, not all")
