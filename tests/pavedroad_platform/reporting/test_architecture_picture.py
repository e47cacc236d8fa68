import itertools
import re
from xml.etree import ElementTree as Xml

import pytest

from pavedroad_platform.reporting.architecture import AccountCard, Architecture, Relation, StackCard
from pavedroad_platform.reporting.architecture_picture import draw

NAMESPACE = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def architecture(organization):
    """Every relation, between accounts of one column, of several, and of units within units."""

    def cards(*keys):
        stack = StackCard(name="stack", resources=9, services=[(f"Service{n}", n) for n in range(7)])
        return [AccountCard(account=organization.accounts[key], stacks=[stack]) for key in keys]

    units = {
        (): cards("management"),
        ("Security",): cards("gateway", "log-archive", "audit"),
        ("Infrastructure",): cards("shared-services"),
        ("Catalog Test",): cards("catalog-test"),
        ("Workloads", "Development"): cards("orders-development"),
        ("Workloads", "Production"): cards("orders-production"),
    }
    links = [
        (giver, getter, relation)
        for (giver, getter), relation in itertools.product(itertools.combinations(organization.accounts, 2), Relation)
    ]
    return Architecture(units=units, links=links)


@pytest.fixture
def picture(architecture):
    return Xml.fromstring(draw(architecture))


def rectangles(picture, stroke):
    found = [each for each in picture.iter(f"{NAMESPACE}rect") if each.get("stroke") == stroke]
    return [tuple(float(each.get(name)) for name in ("x", "y", "width", "height")) for each in found]


def lines(picture):
    """Each line as x1, y1, x2, y2."""
    for path in picture.iter(f"{NAMESPACE}path"):
        if match := re.fullmatch(r"M ([\d.]+) ([\d.]+) ([HV]) ([\d.]+)", path.get("d")):
            x, y, to = float(match[1]), float(match[2]), float(match[4])
            yield (x, y, to, y) if match[3] == "H" else (x, y, x, to)


def test_no_line_crosses_an_account(picture) -> None:
    accounts = rectangles(picture, "#93a3b1")
    assert len(accounts) == 8
    for x1, y1, x2, y2 in lines(picture):
        for x, y, width, height in accounts:
            outside = max(x1, x2) <= x or min(x1, x2) >= x + width or max(y1, y2) <= y or min(y1, y2) >= y + height
            assert outside, (x1, y1, x2, y2)


def test_no_line_runs_upon_another_of_a_different_relation(picture) -> None:
    columns = {}
    for path in picture.iter(f"{NAMESPACE}path"):
        if match := re.fullmatch(r"M ([\d.]+) [\d.]+ V [\d.]+", path.get("d")):
            columns.setdefault(match[1], set()).add(path.get("stroke"))
    assert columns
    assert {x: colours for x, colours in columns.items() if len(colours) > 1} == {}


def test_no_line_crosses_a_text(picture) -> None:
    for text in picture.iter(f"{NAMESPACE}text"):
        x, y, size = (float(text.get(name)) for name in ("x", "y", "font-size"))
        if text.get("text-anchor") == "end":
            continue  # numbers, inside of accounts
        for x1, y1, x2, y2 in lines(picture):
            beside = max(x1, x2) < x or min(x1, x2) > x + size * len(text.text)
            assert beside or max(y1, y2) < y - size or min(y1, y2) > y, text.text


def test_units_hold_their_accounts_and_the_units_in_them(picture) -> None:
    boxes = rectangles(picture, "#c6d0d9")
    names = [text.text for text in picture.iter(f"{NAMESPACE}text")]
    titles = ["Root", "Security", "Infrastructure", "Catalog Test", "Workloads", "Development", "Production"]
    assert [name for name in names if name in titles] == titles
    unit = dict(zip(titles, boxes, strict=True))

    def inside(inner, outer):
        return (
            inner[0] >= outer[0]
            and inner[1] >= outer[1]
            and inner[0] + inner[2] <= outer[0] + outer[2]
            and inner[1] + inner[3] <= outer[1] + outer[3]
        )

    assert all(inside(box, unit["Root"]) for box in boxes)
    assert inside(unit["Development"], unit["Workloads"])
    assert inside(unit["Production"], unit["Workloads"])
    assert not inside(unit["Security"], unit["Workloads"])
    holders = [sum(inside(account, box) for box in boxes) for account in rectangles(picture, "#93a3b1")]
    assert holders == [1, 2, 2, 2, 2, 2, 3, 3]  # as deep as they are


def test_services_beyond_the_first_are_counted(picture) -> None:
    names = [text.text for text in picture.iter(f"{NAMESPACE}text")]
    assert names.count("3 more services") == 8
    assert names.count("15") == 8  # 4 + 5 + 6


def test_a_relation_that_there_is_not_has_no_lane(architecture) -> None:
    without = Architecture(
        units=architecture.units, links=[link for link in architecture.links if link[2] != Relation.LOGS]
    )
    assert str(Relation.LOGS) in draw(architecture)
    assert str(Relation.LOGS) not in draw(without)
