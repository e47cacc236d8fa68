import json

import pytest


@pytest.fixture
def resources(templates):
    return templates["queue-and-topic"]["Resources"]


def of_type(resources, kind):
    return {name: resource["Properties"] for name, resource in resources.items() if resource["Type"] == kind}


def test_what_is_published_reaches_the_queue_or_its_dead_letters(resources) -> None:
    (subscription,) = (
        each for each in of_type(resources, "AWS::SNS::Subscription").values() if each["Protocol"] == "sqs"
    )
    assert subscription["Endpoint"] == {"Fn::GetAtt": ["Queue956AD878", "Arn"]}
    assert subscription["TopicArn"] == {"Ref": "TopicB198EEC5"}
    assert subscription["RedrivePolicy"] == {"deadLetterTargetArn": {"Fn::GetAtt": ["QueueDeadLetters9B423CAD", "Arn"]}}
    assert subscription["RawMessageDelivery"] == {"Ref": "RawMessageDelivery"}


def test_the_form_decides_how_messages_are_worked_off(resources) -> None:
    queue = resources["Queue956AD878"]["Properties"]
    assert queue["VisibilityTimeout"] == {"Ref": "VisibilityTimeoutSeconds"}
    assert queue["MessageRetentionPeriod"] == {"Ref": "RetentionSeconds"}
    assert queue["RedrivePolicy"]["maxReceiveCount"] == {"Ref": "MaxReceives"}


def test_order_is_kept_by_topic_and_both_queues_or_by_none(templates, resources) -> None:
    only_where_ordered = {"Fn::If": ["KeepsOrder", True, {"Ref": "AWS::NoValue"}]}
    queues = of_type(resources, "AWS::SQS::Queue").values()
    assert [queue["FifoQueue"] for queue in queues] == [only_where_ordered] * 2
    assert resources["TopicB198EEC5"]["Properties"]["FifoTopic"] == only_where_ordered
    assert templates["queue-and-topic"]["Conditions"]["KeepsOrder"] == {"Fn::Equals": [{"Ref": "Order"}, "FIFO"]}


def test_alarms_go_off_on_age_dead_letters_and_failed_deliveries(resources) -> None:
    thresholds = {
        alarm["MetricName"]: alarm["Threshold"] for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
    }
    assert thresholds == {
        "ApproximateAgeOfOldestMessage": {"Ref": "OldestMessageSeconds"},
        "ApproximateNumberOfMessagesVisible": 0,
        "NumberOfNotificationsFailed": 0,
        "NumberOfNotificationsFailedToRedriveToDlq": 0,
    }


def test_all_is_encrypted_with_one_key_and_reached_through_tls_only(resources) -> None:
    (key,) = of_type(resources, "AWS::KMS::Key")
    encrypted = {**of_type(resources, "AWS::SQS::Queue"), **of_type(resources, "AWS::SNS::Topic")}
    assert len(encrypted) == 4
    for properties in encrypted.values():
        assert properties["KmsMasterKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
    policies = {**of_type(resources, "AWS::SQS::QueuePolicy"), **of_type(resources, "AWS::SNS::TopicPolicy")}
    assert len(policies) == len(encrypted)
    assert all('"aws:SecureTransport": "false"' in json.dumps(policy) for policy in policies.values())


def test_the_queues_keep_their_logical_ids(resources) -> None:
    assert set(of_type(resources, "AWS::SQS::Queue")) == {"Queue956AD878", "QueueDeadLetters9B423CAD"}
