def test_access_from_outside_the_organisation_is_found_in_every_account(resources) -> None:
    (analyzer,) = resources("pavedroad-security", "AWS::AccessAnalyzer::Analyzer").values()
    assert analyzer["Properties"]["Type"] == "ORGANIZATION"
    assert analyzer["Properties"]["AnalyzerName"] == "pavedroad-external-access"
