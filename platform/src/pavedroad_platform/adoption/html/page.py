"""The page: what a person shows at a review.

Source: https://developer.mozilla.org/en-US/docs/Web/HTTP/CSP
"""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as Xml

from pavedroad_platform.adoption.html.bars import bars_by_team, bars_by_version, draw_bars, draw_legend, kind_of
from pavedroad_platform.adoption.html.elements import add
from pavedroad_platform.adoption.html.lines import Line, draw_lines
from pavedroad_platform.adoption.html.table import draw_table
from pavedroad_platform.adoption.report import Report, Summary, number

_STYLE: Final = Path(__file__).with_name("page.css")
_SCRIPT: Final = Path(__file__).with_name("page.js")
_SOURCES: Final = {"config": "AWS Config", "service-catalog": "Service Catalog in each account"}


def page(report: Report) -> str:
    """The report as HTML. It loads nothing, and the browser is told to let it load nothing."""
    style, script = _STYLE.read_text(), _SCRIPT.read_text()
    root = Xml.Element("html", lang="en")
    head = add(root, "head")
    add(head, "meta", charset="utf-8")
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'"
    add(head, "meta", http_equiv="Content-Security-Policy", content=policy)
    add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    add(head, "meta", name="color-scheme", content="light dark")
    add(head, "title", f"Adoption, {report.made:%Y-%m-%d}")
    add(head, "style", style)
    body = add(root, "body")
    _header(body, report)
    main = add(body, "main")
    for section in (_figures, _products, _teams, _trend, _library, _everything):
        section(main, report)
    add(body, "script", script)
    return f"<!doctype html>\n{Xml.tostring(root, encoding='unicode', method='html')}\n"


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _header(body: Xml.Element, report: Report) -> None:
    header = add(body, "header")
    add(header, "h1", "Adoption")
    made = f"{report.made.day} {report.made:%B %Y, %H:%M %Z}"
    add(header, "p", f"Which team runs which product at which version. {made}, from {_SOURCES[report.source]}.")
    if report.notes:
        notes = add(header, "section", class_="notes")
        add(notes, "h2", "Before you read on")
        listed = add(notes, "ul")
        for note in report.notes:
            add(listed, "li", note)


def _figures(main: Xml.Element, report: Report) -> None:
    total = report.total
    figures = add(main, "dl", class_="figures")
    teams = number(len(report.by_team), "team")
    _figure(figures, str(total.running), "provisioned products", f"{teams}, {_accounts(report)}")
    _figure(figures, _percent(total), "run the newest version", f"{total.current} of {total.running}")
    _figure(figures, str(total.behind), "behind", _most_behind(report), bad=total.behind > 0)
    _figure(figures, str(total.deprecated), "on a deprecated version", "or a retired one", bad=total.deprecated > 0)
    failing = total.tainted + total.error
    _figure(figures, str(failing), "failing", f"{total.tainted} tainted, {total.error} in error", bad=failing > 0)
    uses = report.library_total
    _figure(figures, str(uses.running), "constructs in own apps", f"{uses.current} of the newest library")


def _figure(figures: Xml.Element, value: str, name: str, detail: str, *, bad: bool = False) -> None:
    group = add(figures, "div", class_="figure attention" if bad else "figure")
    add(group, "dt", name)
    add(group, "dd", value, class_="value")
    add(group, "dd", detail, class_="detail")


def _accounts(report: Report) -> str:
    return number(len({each.account_id for each in report.products}), "account")


def _percent(total: Summary) -> str:
    return "none" if total.share is None else f"{100 * total.share:.0f} %"


def _most_behind(report: Report) -> str:
    days = [each.days_behind for each in report.products if each.days_behind is not None]
    return f"the longest for {number(max(days), 'day')}" if days else "nobody waits"


def _section(main: Xml.Element, heading: str, said: str) -> Xml.Element:
    section = add(main, "section", class_="card")
    add(section, "h2", heading)
    add(section, "p", said, class_="said")
    return section


def _products(main: Xml.Element, report: Report) -> None:
    section = _section(main, "Products", "How many run each version, the oldest on the left.")
    if not report.products:
        add(section, "p", "Nothing is launched.")
        return
    draw_bars(section, bars_by_version(report.products), title="Versions of each product", named=True)
    draw_legend(section, map(kind_of, report.products))


def _teams(main: Xml.Element, report: Report) -> None:
    section = _section(main, "Teams", "What each team runs, by how far it is behind; most to do on top.")
    if not report.products:
        add(section, "p", "Nobody has launched anything.")
        return
    draw_bars(section, bars_by_team(report.products), title="Provisioned products of each team", named=False)
    draw_legend(section, map(kind_of, report.products))


def _trend(main: Xml.Element, report: Report) -> None:
    section = _section(main, "Over time", "From the reports of earlier days.")
    points = [point for point in report.trend if point.running]
    if len(points) <= 1:
        add(section, "p", "There is no earlier report yet; the trend begins with the next one.")
        return
    days = [point.date for point in points]

    def line(name: str, kind: str, of: Callable[[int], float]) -> Line:
        return Line(name, [of(index) for index in range(len(points))], kind)

    section.set("class", "card wide")
    columns = add(section, "div", class_="columns")
    left, right = add(columns, "div"), add(columns, "div")
    add(left, "h3", "Share that runs the newest version")
    share = line("newest", "current", lambda index: round(100 * points[index].current / points[index].running))
    draw_lines(left, days, [share], title="Share that runs the newest version", unit=" %", top=100)
    add(right, "h3", "Provisioned products")
    counts = [
        line("running", "ink", lambda index: points[index].running),
        line("behind", "minor", lambda index: points[index].running - points[index].current),
        line("deprecated", "major", lambda index: points[index].deprecated),
        line("failing", "failing", lambda index: points[index].failing),
    ]
    draw_lines(right, days, counts, title="Provisioned products over time")


def _library(main: Xml.Element, report: Report) -> None:
    section = _section(main, "Library", "What teams make with the construct library in apps of their own.")
    if report.source != "config":
        add(section, "p", "Only AWS Config knows; this report was made without it.")
    elif not report.library:
        add(section, "p", "Nobody uses it in an app of their own.")
    else:
        section.set("class", "card wide")
        columns = add(section, "div", class_="columns")
        left, right = add(columns, "div"), add(columns, "div")
        draw_bars(left, bars_by_version(report.library), title="Versions of each construct", named=True)
        draw_bars(right, bars_by_team(report.library), title="Constructs of each team", named=False)
        draw_legend(section, map(kind_of, report.library))


def _everything(main: Xml.Element, report: Report) -> None:
    for adoptions, heading, said, identifier in (
        (report.products, "Everything that is launched", "What fails and what is most behind on top.", "find-product"),
        (report.library, "Every use of the library", "What is most behind on top.", "find-use"),
    ):
        if adoptions:
            section = _section(main, heading, said)
            section.set("class", "card wide")
            draw_table(section, adoptions, identifier=identifier, caption=heading)
