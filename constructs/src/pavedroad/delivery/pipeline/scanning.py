"""The scans of a pipeline with what they share: where they log, and where their bills of materials are kept."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_codepipeline_actions import CodeBuildAction
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.delivery.pipeline.bills import BillsOfMaterials
from pavedroad.delivery.pipeline.builds import Builds
from pavedroad.delivery.pipeline.scans import Scan, ScanInputs
from pavedroad.observability.log_groups import encrypted_log_group


class Scanning(Construct):
    """Makes the actions of scans.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        scans: The scans, at least one.
        pipeline: The pipeline that they are part of.
        encryption_key: Encrypts their logs and their bills of materials.
        log_retention: How long Inspector's logs are kept.
        bill_retention: How long bills are kept; ``None``: for good.

    Attributes:
        bill_bucket: Where the bills are kept; ``None`` where no scan makes one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        scans: Sequence[Scan],
        pipeline: codepipeline.IPipeline,
        encryption_key: kms.IKey,
        log_retention: logs.RetentionDays,
        bill_retention: Duration | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._scans = scans
        self._bills: BillsOfMaterials | None = None
        if any(scan.makes_bill for scan in scans):
            self._bills = BillsOfMaterials(
                self, "BillsOfMaterials", encryption_key=encryption_key, retention=bill_retention
            )
        self._log_group: logs.LogGroup | None = None
        if any(scan.by_inspector for scan in scans):
            # CodePipeline would make it under this name: without a key, and for good.
            self._log_group = encrypted_log_group(
                self,
                "InspectorLogs",
                encryption_key=encryption_key,
                retention=log_retention,
                log_group_name=f"/aws/codepipeline/{pipeline.pipeline_name}",
            )

    @property
    def bill_bucket(self) -> s3.Bucket | None:
        """Where the bills are kept."""
        return self._bills.bucket if self._bills else None

    def actions(
        self,
        builds: Builds,
        checked: Sequence[codepipeline.Artifact],
        build: CodeBuildAction | None,
        pushed: Sequence[ecr.IRepository],
    ) -> list[codepipeline.IAction]:
        """The scans' actions, and those that keep their bills.

        Args:
            builds: Makes projects and roles.
            checked: The artefacts that are scanned: the source first.
            build: The action that built; ``None`` where nothing is built.
            pushed: Where it pushed images to.
        """
        inputs = ScanInputs(builds=builds, checked=checked, build=build, pushed=pushed, log_group=self._log_group)
        made = []
        for scan in self._scans:
            output = codepipeline.Artifact(scan.name)
            made.append(scan.action(inputs, output))
            if scan.makes_bill and self._bills:
                made.append(self._bills.keep(scan.name, output, builds.roles))
        return made


def check_scans(arguments: Arguments, scans: Sequence[Scan], *, builds: bool, taken: Sequence[str]) -> None:
    """Refuse names that are used twice, and what each scan refuses itself."""
    names = [scan.name for scan in scans]
    if len({*names, *taken}) != len(names) + len(set(taken)):
        arguments.refuse("scans", names, f"must have names that differ from each other and from {', '.join(taken)}")
    for scan in scans:
        scan.check(arguments, builds=builds)
