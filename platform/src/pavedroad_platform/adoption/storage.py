"""Where reports are kept: by date, in the log archive's account."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from pavedroad_platform.adoption.csv_table import csv_table
from pavedroad_platform.adoption.html.page import page
from pavedroad_platform.adoption.report import Report
from pavedroad_platform.adoption.trend import MOST_POINTS, TrendPoint, trend_of

PREFIX: Final = "adoption/"
"""What the keys of reports begin with: ``adoption/2026/11/26/report.json``."""

_JSON: Final = "report.json"


def store(s3: Any, bucket: str, report: Report) -> str:
    """Store the report as JSON, CSV and HTML; return the prefix. A second one of the same day replaces the first.

    Args:
        s3: A client of S3 that may write to the bucket.
        bucket: The bucket, which encrypts by itself.
        report: The report.
    """
    prefix = _prefix(report.made.date())
    files = {
        _JSON: (json.dumps(report.as_json(), indent=1), "application/json"),
        "report.csv": (csv_table(report), "text/csv; charset=utf-8"),
        "report.html": (page(report), "text/html; charset=utf-8"),
    }
    for name, (text, content_type) in files.items():
        s3.put_object(Bucket=bucket, Key=f"{prefix}{name}", Body=text.encode(), ContentType=content_type)
    return prefix


def earlier_trend(s3: Any, bucket: str, today: date) -> tuple[TrendPoint, ...]:
    """The trend that the last report before ``today`` carries; empty where there is none.

    Args:
        s3: A client of S3 that may list and read the bucket.
        bucket: The bucket.
        today: The day of the report that is made.
    """
    last = max(_stored(s3, bucket, today), default=None)
    if last is None:
        return ()
    return trend_of(json.loads(s3.get_object(Bucket=bucket, Key=last)["Body"].read()))


def _stored(s3: Any, bucket: str, today: date) -> Iterator[str]:
    """The keys of the reports before ``today``. Dates in keys are in order, and so are keys."""
    oldest = _prefix(today - timedelta(days=MOST_POINTS))
    paginator = s3.get_paginator("list_objects_v2")
    for listed in paginator.paginate(Bucket=bucket, Prefix=PREFIX, StartAfter=oldest):
        for found in listed.get("Contents", []):
            if found["Key"].endswith(_JSON) and found["Key"] < _prefix(today):
                yield found["Key"]


def _prefix(day: date) -> str:
    return f"{PREFIX}{day:%Y/%m/%d}/"
