"""Queues and topics."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.policies import denies_plain_http
from pavedroad_platform.proving.acceptance import Launched

_NO_POLICY = '{"Statement": []}'


def queue_problems(launched: Launched, url: str, key: str | None = None) -> Iterator[str]:
    """The queue is encrypted and refuses calls without TLS.

    Args:
        launched: The launch.
        url: The queue's URL.
        key: The key that it is encrypted with. Left out: any.
    """
    queue = launched.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    yield from _key_problems(url, queue.get("KmsMasterKeyId"), key)
    if not denies_plain_http(queue.get("Policy", _NO_POLICY), "sqs:*"):
        yield f"{url} answers calls without TLS"


def topic_problems(launched: Launched, arn: str, key: str | None = None) -> Iterator[str]:
    """The topic is encrypted and takes no message without TLS.

    Args:
        launched: The launch.
        arn: The topic's ARN.
        key: The key that it is encrypted with. Left out: any.
    """
    topic = launched.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]
    yield from _key_problems(arn, topic.get("KmsMasterKeyId"), key)
    if not denies_plain_http(topic.get("Policy", _NO_POLICY), "sns:Publish"):
        yield f"{arn} takes messages without TLS"


def _key_problems(name: str, found: str | None, key: str | None) -> Iterator[str]:
    if not found or (key and found != key):
        yield f"the messages of {name} are not encrypted with the product's own key: {found}"
