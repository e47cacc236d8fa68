"""Makes a report from beginning to end, and puts it where it belongs."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from botocore.exceptions import ClientError

from pavedroad_platform.adoption import metrics, storage
from pavedroad_platform.adoption.account_clients import ClientIn
from pavedroad_platform.adoption.collection import Source, collected
from pavedroad_platform.adoption.report import Report, report_of
from pavedroad_platform.adoption.scope import Scope
from pavedroad_platform.adoption.trend import TrendPoint
from pavedroad_platform.errors import Problem
from pavedroad_platform.launching.client import is_denied


@dataclass(frozen=True, kw_only=True)
class ReportMaker:
    """Makes, stores and measures.

    Attributes:
        client: Makes clients in accounts.
        scope: What the report is about.
    """

    client: ClientIn
    scope: Scope

    def make(self, source: Source | None = None, *, now: datetime | None = None) -> Report:
        """The report of this moment.

        Args:
            source: Where to ask. Left out: the aggregator, or Service Catalog where there is none.
            now: The moment. Left out: now.

        Raises:
            PlatformError: The source that was asked for cannot answer.
            ClientError: AWS refuses something that no report can do without.
        """
        now = now or datetime.now(UTC)
        found = collected(self.client, self.scope, source)
        earlier, problem = self._earlier(now)
        if problem is not None:
            found = replace(found, notes=(*found.notes, problem))
        return report_of(found, self.scope, now=now, earlier=earlier)

    def store(self, report: Report) -> str:
        """Store the report; return its place."""
        bucket = self.scope.bucket
        return f"s3://{bucket}/{storage.store(self._s3(), bucket, report)}"

    def put_metrics(self, report: Report) -> int:
        """Write the metrics to the catalogue's account; return how many."""
        return metrics.put_metrics(self.client("cloudwatch", self.scope.catalogue_account), report)

    def _s3(self) -> object:
        return self.client("s3", self.scope.archive_account)

    def _earlier(self, now: datetime) -> tuple[tuple[TrendPoint, ...], Problem | None]:
        """A report without its past is worth having; that it has none is told."""
        try:
            return storage.earlier_trend(self._s3(), self.scope.bucket, now.date()), None
        except ClientError as error:
            if not is_denied(error) and error.response["Error"]["Code"] != "NoSuchBucket":
                raise
            said = error.response["Error"].get("Message") or error
            return (), Problem(
                path="trend",
                cause=f"the earlier reports in {self.scope.bucket} cannot be read: {said}",
                fix="Deploy the logging stack, and use credentials that may take its role.",
            )
