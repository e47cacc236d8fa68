import pytest

from pavedroad_platform.catalog.comparison.resources import replacing_parameters, resource_changes

TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "one", "DisplayName": "One"}}
TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "orders", "BillingMode": "PAY_PER_REQUEST"}}
KEPT = {**TOPIC, "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def template(resource, **sections):
    return {"Resources": {"Thing": resource} if resource else {}, **sections}


def told(before, after) -> list[tuple[str, str]]:
    return [(change.step.name.lower(), change.what) for change in resource_changes(before, after)]


def with_properties(resource, **properties):
    return {**resource, "Properties": {**resource["Properties"], **properties}}


@pytest.mark.parametrize(
    ("before", "after", "step", "what"),
    [
        (None, TOPIC, "minor", "AWS::SNS::Topic Thing is new"),
        (TOPIC, None, "minor", "AWS::SNS::Topic Thing is gone"),
        (KEPT, None, "major", "AWS::SNS::Topic Thing is gone from the template"),
        (TABLE, None, "major", "AWS::DynamoDB::Table Thing is gone, with what it holds"),
        (TOPIC, TABLE, "major", "AWS::SNS::Topic Thing is of another type: AWS::DynamoDB::Table"),
        (
            TOPIC,
            with_properties(TOPIC, TopicName="two"),
            "major",
            "AWS::SNS::Topic Thing is replaced: TopicName changed",
        ),
        (
            TOPIC,
            with_properties(TOPIC, DisplayName="Two"),
            "patch",
            "AWS::SNS::Topic Thing is updated: DisplayName changed",
        ),
        (TOPIC, with_properties(TOPIC, Tags=[{"Key": "a", "Value": "b"}]), "patch", None),
        (TOPIC, {**TOPIC, "DependsOn": ["Other"]}, "patch", "AWS::SNS::Topic Thing has another DependsOn"),
        (KEPT, {**KEPT, "DeletionPolicy": "Delete"}, "major", None),
        (KEPT, {**TOPIC, "DeletionPolicy": "Retain"}, "major", None),
        (TABLE, {**TABLE, "DeletionPolicy": "Retain"}, "minor", None),
        (
            KEPT,
            {**KEPT, "DeletionPolicy": "Snapshot"},
            "patch",
            "AWS::SNS::Topic Thing has the DeletionPolicy Snapshot, and had Retain",
        ),
    ],
)
def test_each_change_of_a_resource_raises_its_part_of_the_version(before, after, step, what) -> None:
    [(found_step, found_what)] = told(template(before), template(after))
    assert found_step == step
    assert what in (None, found_what)


def test_another_logical_id_of_what_holds_data_is_a_major_version() -> None:
    found = told({"Resources": {"Old": TABLE}}, {"Resources": {"New": TABLE}})
    assert found == [
        ("major", "AWS::DynamoDB::Table Old is gone, with what it holds"),
        ("minor", "AWS::DynamoDB::Table New is new"),
    ]


def test_a_part_of_a_property_can_replace_and_is_then_named() -> None:
    def endpoint(preference, ip_type):
        options = {"PrivateDnsPreference": preference, "DnsRecordIpType": ip_type}
        return template({"Type": "AWS::EC2::VPCEndpoint", "Properties": {"DnsOptions": options}})

    assert told(endpoint("a", "ipv4"), endpoint("b", "ipv4")) == [
        ("major", "AWS::EC2::VPCEndpoint Thing is replaced: DnsOptions.PrivateDnsPreference changed")
    ]
    assert told(endpoint("a", "ipv4"), endpoint("a", "ipv6")) == [
        ("patch", "AWS::EC2::VPCEndpoint Thing is updated: DnsOptions changed")
    ]


def test_what_may_be_replaced_is_a_major_version_where_it_holds_data() -> None:
    def database(engine):
        return template({"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": engine}})

    def rule(bus):
        return template({"Type": "AWS::Events::Rule", "Properties": {"EventBusName": bus}})

    assert told(database("postgres"), database("mysql")) == [
        ("major", "AWS::RDS::DBInstance Thing may be replaced: Engine changed")
    ]
    assert told(rule("a"), rule("b")) == [("minor", "AWS::Events::Rule Thing may be replaced: EventBusName changed")]


def test_a_new_revision_of_a_task_is_no_replacement() -> None:
    def task(memory):
        return template({"Type": "AWS::ECS::TaskDefinition", "Properties": {"Memory": memory}})

    assert told(task("512"), task("1024")) == [("patch", "AWS::ECS::TaskDefinition Thing is updated: Memory changed")]
    assert replacing_parameters({**task({"Ref": "Memory"}), "Parameters": {"Memory": {}}}) == set()


def test_of_a_type_that_the_registry_does_not_know_the_worst_is_assumed() -> None:
    def custom(value):
        return template({"Type": "Custom::Thing", "Properties": {"Value": value}})

    assert told(custom("a"), custom("b")) == [("major", "Custom::Thing Thing is replaced: Value changed")]


def test_a_condition_changes_what_it_decides_whatever_its_name() -> None:
    def topic(name, wanted, of="TopicName"):
        conditions = {name: {"Fn::Equals": [{"Ref": "Named"}, wanted]}}
        properties = {of: {"Fn::If": [name, "orders", {"Ref": "AWS::NoValue"}]}}
        return template({"Type": "AWS::SNS::Topic", "Properties": properties}, Conditions=conditions)

    assert told(topic("IsNamed", "yes"), topic("HasName", "yes")) == []
    assert told(topic("IsNamed", "yes"), topic("IsNamed", "no")) == [
        ("major", "AWS::SNS::Topic Thing is replaced: TopicName changed")
    ]
    assert told(topic("IsNamed", "yes", "DisplayName"), topic("IsNamed", "no", "DisplayName")) == [
        ("patch", "AWS::SNS::Topic Thing is updated: DisplayName changed")
    ]


def test_a_mapping_changes_what_it_decides() -> None:
    def topic(name):
        properties = {"TopicName": {"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "Topic"]}}
        return template(
            {"Type": "AWS::SNS::Topic", "Properties": properties}, Mappings={"Names": {"eu-west-1": {"Topic": name}}}
        )

    assert told(topic("a"), topic("b")) == [("major", "AWS::SNS::Topic Thing is replaced: TopicName changed")]


@pytest.mark.parametrize(
    ("resource", "before", "after", "step", "what"),
    [
        (TABLE, None, "yes", "major", "AWS::DynamoDB::Table Thing is made under another condition"),
        (TABLE, "yes", "no", "major", "AWS::DynamoDB::Table Thing is made under another condition"),
        (TABLE, "yes", None, "minor", "AWS::DynamoDB::Table Thing is always made"),
        (TOPIC, "yes", "no", "minor", "AWS::SNS::Topic Thing is made under another condition"),
    ],
)
def test_when_a_resource_is_made_is_part_of_the_promise(resource, before, after, step, what) -> None:
    def made(wanted):
        if wanted is None:
            return template(resource)
        conditions = {"Wanted": {"Fn::Equals": [{"Ref": "Wants"}, wanted]}}
        return template({**resource, "Condition": "Wanted"}, Conditions=conditions)

    assert told(made(before), made(after)) == [(step, what)]


def test_a_team_is_told_what_becomes_of_its_data() -> None:
    [change] = resource_changes(template(KEPT), template(with_properties(KEPT, TopicName="two")))
    assert change.advice == (
        "Copy what it holds to the new one before the old one is given up; do not upgrade before you can."
        " The old one stays in the account."
    )
    [change] = resource_changes(template(TOPIC), template(with_properties(TOPIC, TopicName="two")))
    assert change.advice == "Whatever refers to it from outside has to be told of the new one."


def test_the_parameters_that_replace_something_are_found_wherever_they_are_used() -> None:
    names = {"Direct", "Joined", "Substituted", "Deciding", "Making", "Harmless"}
    properties = {
        "TableName": {
            "Fn::If": [
                "Named",
                {"Fn::Join": ["-", [{"Ref": "Direct"}, {"Ref": "Joined"}]]},
                {"Fn::Sub": "x-${Substituted}"},
            ]
        },
        "BillingMode": {"Ref": "Harmless"},
    }
    conditions = {
        "Inner": {"Fn::Equals": [{"Ref": "Deciding"}, "yes"]},
        "Named": {"Fn::And": [{"Condition": "Inner"}, {"Condition": "Inner"}]},
        "Made": {"Fn::Equals": [{"Ref": "Making"}, "yes"]},
    }
    table = {"Type": "AWS::DynamoDB::Table", "Condition": "Made", "Properties": properties}
    found = replacing_parameters(template(table, Conditions=conditions, Parameters={name: {} for name in names}))
    assert found == names - {"Harmless"}
