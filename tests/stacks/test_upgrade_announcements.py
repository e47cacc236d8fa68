import json

STACK = "pavedroad-catalog"


def test_each_team_is_told_of_what_is_its_own(resources, organization) -> None:
    subscriptions = {
        made["Properties"]["Endpoint"]: made["Properties"]["FilterPolicy"]
        for made in resources(STACK, "AWS::SNS::Subscription").values()
        if "FilterPolicy" in made["Properties"]
    }
    assert subscriptions == {team.email: {"team": [team.key]} for team in organization.teams.values()}


def test_what_is_told_and_who_was_told_is_encrypted_with_one_key(resources) -> None:
    (topic,) = resources(STACK, "AWS::SNS::Topic", TopicName="pavedroad-announcements").values()
    tables = resources(STACK, "AWS::DynamoDB::GlobalTable", TableName="pavedroad-announcements")
    (table,) = tables.values()
    key = topic["Properties"]["KmsMasterKeyId"]["Fn::GetAtt"][0]
    assert key in json.dumps(table["Properties"]["Replicas"])
    (alias,) = resources(STACK, "AWS::KMS::Alias", AliasName="alias/pavedroad/announcements").values()
    assert alias["Properties"]["TargetKeyId"]["Fn::GetAtt"][0] == key


def test_nothing_is_told_from_the_test_account(resources) -> None:
    assert resources("pavedroad-catalog-test", "AWS::SNS::Topic") == {}


def test_logical_ids_are_a_contract(resources) -> None:
    assert set(resources(STACK, "AWS::DynamoDB::GlobalTable")) == {"UpgradeAnnouncementsTable20C10A83"}
