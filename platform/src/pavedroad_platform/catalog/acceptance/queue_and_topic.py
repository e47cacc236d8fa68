"""Topic and queues are encrypted with their key and refuse calls without TLS; the queue hears of the topic."""

import json
from collections.abc import Iterator

from pavedroad_platform.catalog.promises.encryption import key_problems
from pavedroad_platform.catalog.promises.messages import queue_problems, topic_problems
from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of queue-and-topic."""
    outputs, sqs = launched.outputs, launched.client("sqs")
    key, topic = outputs["EncryptionKeyArn"], outputs["TopicArn"]
    yield from key_problems(launched, key)
    yield from topic_problems(launched, topic, key)
    for name in ("QueueUrl", "DeadLetterQueueUrl"):
        yield from queue_problems(launched, outputs[name], key)
    pages = launched.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    if outputs["QueueArn"] not in {each["Endpoint"] for page in pages for each in page["Subscriptions"]}:
        yield "the queue does not hear of the topic"
    dead = sqs.get_queue_attributes(QueueUrl=outputs["DeadLetterQueueUrl"], AttributeNames=["QueueArn"])["Attributes"]
    queue = sqs.get_queue_attributes(QueueUrl=outputs["QueueUrl"], AttributeNames=["RedrivePolicy"])
    redrive = json.loads(queue.get("Attributes", {}).get("RedrivePolicy", "{}"))
    if redrive.get("deadLetterTargetArn") != dead["QueueArn"]:
        yield "what cannot be worked off is not kept in the dead-letter queue"
