"""The report: what runs, whose it is, how far it is behind, as JSON, as a table, as a page and as metrics."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from pavedroad_platform.adoption.collection import Collection, Source
from pavedroad_platform.adoption.csv_table import csv_table
from pavedroad_platform.adoption.html.page import page
from pavedroad_platform.adoption.library_use import LibraryUse
from pavedroad_platform.adoption.metrics import metric_data, put_metrics
from pavedroad_platform.adoption.provisioned_product import ProvisionedProduct
from pavedroad_platform.adoption.report import Report, report_of
from pavedroad_platform.adoption.scope import Scope
from pavedroad_platform.adoption.trend import TrendPoint, trend_of
from pavedroad_platform.errors import Problem

ORDERS, BILLING = "200000000053", "200000000054"
NOW = datetime(2026, 11, 26, 6, tzinfo=UTC)


def launched(name: str, version: str, *, account: str = ORDERS, **changes: Any) -> ProvisionedProduct:
    made = ProvisionedProduct(
        account=account,
        region="eu-west-1",
        id=f"pp-{name}",
        name=name,
        product="store",
        version=version,
        status="AVAILABLE",
        launched=NOW - timedelta(days=100),
    )
    return replace(made, **changes)


def used(version: str, resource: str = "files") -> LibraryUse:
    return LibraryUse(
        account=ORDERS,
        region="eu-west-1",
        construct="SecureBucket",
        version=version,
        resource_type="AWS::S3::Bucket",
        resource=resource,
    )


Make = Callable[..., Report]


@pytest.fixture
def make(scope: Scope) -> Make:
    def make(*products: ProvisionedProduct, earlier: tuple[TrendPoint, ...] = (), **changes: Any) -> Report:
        published = {"store": {"1.1.0": NOW - timedelta(days=60), "2.0.0": NOW - timedelta(days=10)}}
        found = Collection(provisioned_products=products, source=Source.CONFIG, published=published, **changes)
        return report_of(found, scope, now=NOW, earlier=earlier)

    return make


@pytest.fixture
def example(make: Make) -> Report:
    return make(
        launched("archive", "1.0.0"),
        launched("orders", "2.0.0"),
        launched("events", "1.1.0", status="TAINTED"),
        launched("invoices", "2.0.0", account=BILLING, status="ERROR"),
        library_uses=[used("1.0.0"), used("1.1.0", "more-files")],
    )


def test_a_provisioned_product_has_its_team_and_how_far_it_is_behind(example: Report) -> None:
    archive = example.products[0]
    assert (archive.team, archive.account) == ("orders", "orders-production")
    assert (archive.version, archive.newest, archive.versions_behind, archive.step) == ("1.0.0", "2.0.0", 2, "major")
    assert (archive.days_behind, archive.lifecycle) == (60, "deprecated")
    assert archive.behind == "2 versions (major), 60 days"


def test_everything_is_counted_by_product_and_by_team(example: Report) -> None:
    total = example.total
    assert (total.running, total.current, total.behind) == (4, 2, 2)
    assert (total.deprecated, total.tainted, total.error) == (1, 1, 1)
    assert total.share == 0.5
    assert {team: (each.running, each.behind) for team, each in example.by_team.items()} == {
        "billing": (1, 0),
        "orders": (3, 2),
    }
    assert example.by_product["store"] == total


def test_users_of_the_library_stand_beside(example: Report) -> None:
    assert [(each.product, each.version, each.newest, each.behind) for each in example.library] == [
        ("SecureBucket", "1.0.0", "1.1.0", "1 version (minor)"),
        ("SecureBucket", "1.1.0", "1.1.0", "newest"),
    ]
    assert (example.library_total.running, example.library_total.behind) == (2, 1)


def test_a_deprecated_version_is_never_the_newest(scope: Scope) -> None:
    withdrawn = replace(scope, products={"store": {"1.0.0": "active", "1.1.0": "active", "2.0.0": "deprecated"}})
    found = Collection(provisioned_products=[launched("a", "1.1.0"), launched("b", "2.0.0")], source=Source.CONFIG)
    current, ahead = report_of(found, withdrawn, now=NOW).products
    assert (current.newest, current.behind) == ("1.1.0", "newest")
    assert (ahead.behind, ahead.is_withdrawn) == ("newest", True)


@pytest.mark.parametrize(
    ("product", "version"),
    [
        ("withdrawn", "1.0.0"),  # no product of the catalogue any more
        ("store", "pa-abcdefghijklm"),  # a version whose name nobody knows
        ("store", "0.9.0"),  # never released
    ],
)
def test_what_the_releases_do_not_know_is_behind(make: Make, product: str, version: str) -> None:
    (each,) = make(launched("orders", version, product=product)).products
    assert (each.lifecycle, each.versions_behind, each.behind) == ("unknown", None, "version not known")
    assert each.is_behind


def test_a_retired_version_that_still_runs_is_counted_as_withdrawn(make: Make, scope: Scope) -> None:
    retired = replace(scope, products={"store": {"1.0.0": "retired", "2.0.0": "active"}})
    found = Collection(provisioned_products=[launched("orders", "1.0.0")], source=Source.CONFIG)
    report = report_of(found, retired, now=NOW)
    assert (report.products[0].lifecycle, report.total.deprecated) == ("retired", 1)


def test_an_account_that_nobody_configured_is_shown_by_its_id(make: Make) -> None:
    (each,) = make(launched("orders", "2.0.0", account="999999999999")).products
    assert (each.team, each.account) == ("unknown", "999999999999")


def test_the_trend_goes_on_from_the_earlier_reports(make: Make, example: Report) -> None:
    before = TrendPoint(date="2026-11-25", running=3, current=1, deprecated=1, failing=0, library=1, library_current=0)
    same_day = replace(before, date="2026-11-26")
    report = make(launched("orders", "2.0.0"), earlier=(before, same_day))
    assert [point.date for point in report.trend] == ["2026-11-25", "2026-11-26"]
    assert report.trend[-1].running == 1
    stored = json.loads(json.dumps(report.as_json()))
    assert trend_of(stored) == report.trend
    stored["trend"][0]["added-later"] = 1
    assert trend_of(stored) == report.trend


def test_json_has_everything(example: Report) -> None:
    content = json.loads(json.dumps(example.as_json()))
    assert content["made"] == "2026-11-26T06:00:00+00:00"
    assert content["summary"]["products"]["behind"] == 2
    assert content["summary"]["by_team"]["orders"]["tainted"] == 1
    assert [each["name"] for each in content["products"]] == ["archive", "orders", "events", "invoices"]
    assert content["library"][0]["product"] == "SecureBucket"


def test_csv_has_a_line_each_and_no_formula(make: Make) -> None:
    report = make(launched('=cmd|"/c calc"!A1', "1.0.0"), launched("a,b\nc", "2.0.0"), library_uses=[used("1.0.0")])
    lines = list(csv.DictReader(io.StringIO(csv_table(report))))
    assert [line["name"] for line in lines] == ['\'=cmd|"/c calc"!A1', "a,b\nc", "files"]
    assert [line["kind"] for line in lines] == ["product", "product", "library"]
    assert (lines[0]["versions_behind"], lines[0]["days_behind"], lines[1]["step"]) == ("2", "60", "")


class Page(HTMLParser):
    """Every element with its attributes, and every text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


EVIL = '"><script>alert(1)</script>'


def test_the_page_escapes_whatever_teams_wrote(make: Make) -> None:
    note = Problem(path="orders", cause=EVIL, fix=EVIL)
    report = make(launched(EVIL, EVIL, product=EVIL, status=EVIL), library_uses=[used("1.0.0", EVIL)], notes=(note,))
    shown = Page(page(report))
    assert [tag for tag, _ in shown.elements].count("script") == 1  # its own
    assert EVIL in shown.texts
    assert not any(name.startswith("on") for _, attributes in shown.elements for name in attributes)


def test_the_page_loads_nothing(example: Report) -> None:
    text = page(example)
    assert re.findall(r"(?:src|href)=|url\(|@import|fetch\(", text) == []
    (policy,) = (each["content"] for _, each in Page(text).elements if each.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_the_page_tells_a_screen_reader_what_its_pictures_show(make: Make, example: Report) -> None:
    labels = [each["aria-label"] for tag, each in Page(page(example)).elements if tag == "svg"]
    assert labels[0] == "Versions of each product. store: 1 1.0.0, 1 1.1.0, 2 2.0.0"
    assert labels[1] == (
        "Provisioned products of each team. orders: 2 a major version behind, 1 newest; billing: 1 newest"
    )


def test_the_page_draws_the_trend_once_there_is_one(make: Make, example: Report) -> None:
    assert "the trend begins with the next one" in page(example)
    before = example.trend[0]
    earlier = tuple(replace(before, date=f"2026-11-{day}") for day in (20, 22, 25))
    shown = Page(page(make(launched("orders", "2.0.0"), earlier=earlier)))
    labels = [each["aria-label"] for tag, each in shown.elements if tag == "svg"]
    assert "Share that runs the newest version. From 2026-11-20 to 2026-11-26. newest: 50 % to 100 %" in labels


def test_the_page_shows_an_organisation_that_launched_nothing(make: Make) -> None:
    texts = " ".join(Page(page(make())).texts)
    assert "Nothing is launched." in texts
    assert "Nobody uses it in an app of their own." in texts


def metrics(report: Report) -> dict[tuple[str, ...], float]:
    return {
        (each["MetricName"], *(f"{of['Name']}={of['Value']}" for of in each["Dimensions"])): each["Value"]
        for each in metric_data(report)
    }


def test_metrics_count_by_product_version_and_status(example: Report) -> None:
    found = metrics(example)
    assert found["ProvisionedProducts",] == 4
    assert found["ProvisionedProducts", "Product=store", "Version=2.0.0", "Status=ERROR"] == 1
    assert found["Behind", "Team=orders"] == 2
    assert found["Behind", "Team=billing"] == 0  # an alarm on it recovers
    assert found["CurrentShare",] == 50
    assert found["LibraryUsesBehind",] == 1


def test_metrics_go_out_in_calls_that_cloudwatch_takes(make: Make) -> None:
    many = [launched(f"orders-{number}", f"{number}.0.0") for number in range(1200)]
    calls: list[dict[str, Any]] = []

    class CloudWatch:
        def put_metric_data(self, **call: Any) -> None:
            calls.append(call)

    written = put_metrics(CloudWatch(), make(*many))
    assert [len(call["MetricData"]) for call in calls] == [1000, written - 1000]
    assert {call["Namespace"] for call in calls} == {"PavedRoad/Adoption"}
