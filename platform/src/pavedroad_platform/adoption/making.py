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
from pavedroad_platform.errors import PlatformError, Problem
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
        """Store the report; return its place.

        Raises:
            PlatformError: The caller may not, or there is no bucket.
        """
        bucket = self.scope.bucket
        try:
            return f"s3://{bucket}/{storage.store(self._s3(), bucket, report)}"
        except ClientError as error:
            if not _is_closed(error):
                raise
            raise PlatformError(self._closed(error, "the report cannot be stored", "--store")) from error

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
            if not _is_closed(error):
                raise
            return (), self._closed(error, "the earlier reports cannot be read", "trend")

    def _closed(self, error: ClientError, what: str, path: str) -> Problem:
        said = error.response["Error"].get("Message") or error
        return Problem(
            path=path,
            cause=f"{what}, in {self.scope.bucket}: {said}",
            fix=f"Deploy the logging stack; use a role of {self.scope.catalogue_account} that operates the platform.",
        )


def _is_closed(error: ClientError) -> bool:
    return is_denied(error) or error.response["Error"]["Code"] == "NoSuchBucket"
