from pavedroad_platform.catalog.changelog import changelog

FIRST = {
    "Description": "Topic 1.0.0: A topic: for messages.",
    "Parameters": {"Name": {"Type": "String"}, "Key": {"Type": "String", "Default": "a", "AllowedPattern": "[a-z]*"}},
    "Outputs": {"Arn": {"Value": {"Ref": "Topic"}}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Orders"}}},
}
SECOND = {
    **FIRST,
    "Description": "Topic 2.0.0: A topic: for messages.",
    "Parameters": {**FIRST["Parameters"], "Key": {"Type": "String", "Default": "a", "AllowedPattern": "[a-c]*"}},
    "Outputs": {**FIRST["Outputs"], "Name": {"Value": "x"}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Other"}}},
}


def test_the_first_release_says_what_it_takes_and_gives() -> None:
    assert changelog("Topic", {"1.0.0": FIRST}) == (
        "# Topic: releases\n\n"
        "What changed, and what to do when you upgrade, the newest release first."
        " Written by 'pavedroad catalog freeze' from the\nfrozen templates; not edited.\n\n"
        "## 1.0.0\n\n"
        "The first release. A topic: for messages.\n\n"
        "- To fill in: `Name`; every other field has a default.\n"
        "- Handed out: `Arn`.\n"
    )


def test_the_newest_release_comes_first_with_what_a_team_has_to_do() -> None:
    told = changelog("Topic", {"1.0.0": FIRST, "2.0.0": SECOND})
    assert told[told.index("## 2.0.0") : told.index("## 1.0.0")] == (
        "## 2.0.0\n\n"
        "### Major: read this before you upgrade\n\n"
        "- Parameter Key must match another pattern: \\[a-c]\\*, and not \\[a-z]\\*."
        " Check that your value of Key still matches when you upgrade.\n\n"
        "### Minor: more than before\n\n"
        "- Output Name is new.\n\n"
        "### Patch: nothing to do\n\n"
        "- AWS::SNS::Topic Topic is updated: DisplayName changed.\n\n"
    )


def test_a_release_without_changes_says_so() -> None:
    told = changelog(
        "Topic", {"1.0.0": FIRST, "1.0.1": {**FIRST, "Description": "Topic 1.0.1: A topic: for messages."}}
    )
    assert "## 1.0.1\n\nAs 1.0.0: nothing that a team notices changed.\n\n## 1.0.0" in told


def test_older_entries_stay_when_a_release_comes() -> None:
    before = changelog("Topic", {"1.0.0": FIRST})
    assert changelog("Topic", {"1.0.0": FIRST, "2.0.0": SECOND}).endswith(before[before.index("## 1.0.0") :])
