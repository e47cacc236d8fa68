import pytest

from pavedroad_platform.versions import Change, Step, is_version, lowest_version, unkept, version_number

PATCH, MINOR, MAJOR = (Change(step=step, what=step.name) for step in Step)


@pytest.mark.parametrize("text", ["1.0", "1.0.0-beta", "v1.0.0", "01.0.0", "", 1.0])
def test_what_is_no_version_of_three_numbers_is_none(text) -> None:
    assert not is_version(text)


def test_versions_compare_as_numbers() -> None:
    assert is_version("1.10.0")
    assert version_number("1.10.0") > version_number("1.9.12")


@pytest.mark.parametrize(
    ("changes", "lowest"),
    [([], "1.2.3"), ([PATCH], "1.2.4"), ([PATCH, MINOR], "1.3.0"), ([MINOR, MAJOR, PATCH], "2.0.0")],
)
def test_the_gravest_change_decides_the_lowest_version(changes, lowest) -> None:
    assert lowest_version("1.2.3", changes) == lowest
    assert unkept(lowest, "1.2.3", changes) == []
    assert unkept("7.0.0", "1.2.3", changes) == []


def test_a_version_that_is_too_low_keeps_none_of_the_gravest_changes() -> None:
    assert unkept("1.9.0", "1.2.3", [MINOR, MAJOR, PATCH]) == [MAJOR]
    assert unkept("1.2.9", "1.2.3", [MINOR, PATCH]) == [MINOR]
    assert unkept("1.2.3", "1.2.3", [PATCH]) == [PATCH]
