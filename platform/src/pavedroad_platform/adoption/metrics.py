"""The report as CloudWatch metrics, which dashboards and alarms can use.

Every number of a report is written each time, zeros too: an alarm recovers when the number does.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from pavedroad_platform.adoption.report import Report

NAMESPACE: Final = "PavedRoad/Adoption"
"""The namespace of the metrics."""

_MOST_IN_A_CALL: Final = 1000


def put_metrics(cloudwatch: Any, report: Report) -> int:
    """Write the metrics of a report; return how many values were written.

    Args:
        cloudwatch: A client of CloudWatch in the account that shall have them.
        report: The report.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
    """
    values = list(metric_data(report))
    for start in range(0, len(values), _MOST_IN_A_CALL):
        cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=values[start : start + _MOST_IN_A_CALL])
    return len(values)


def metric_data(report: Report) -> Iterator[dict[str, Any]]:
    """The values, in the API's form."""

    def value(name: str, number: float, unit: str = "Count", **dimensions: str) -> dict[str, Any]:
        named = [{"Name": dimension, "Value": of} for dimension, of in dimensions.items()]
        return {"MetricName": name, "Dimensions": named, "Timestamp": report.made, "Value": number, "Unit": unit}

    total = report.total
    yield value("ProvisionedProducts", total.running)
    yield value("Behind", total.behind)
    yield value("Deprecated", total.deprecated)
    yield value("Tainted", total.tainted)
    yield value("Error", total.error)
    yield value("UnreadAccounts", len(report.unread))
    yield value("LibraryUses", report.library_total.running)
    yield value("LibraryUsesBehind", report.library_total.behind)
    if total.share is not None:
        yield value("CurrentShare", 100 * total.share, "Percent")
    for product, counted in report.by_product.items():
        yield value("Behind", counted.behind, Product=product)
    for team, counted in report.by_team.items():
        yield value("Behind", counted.behind, Team=team)
    running = Counter((each.product, each.version, each.status) for each in report.products)
    for (product, version, status), number in running.items():
        yield value("ProvisionedProducts", number, Product=product, Version=version, Status=status)
