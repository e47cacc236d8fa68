import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pavedroad_platform.launching.client import Clients
from pavedroad_platform.organization import Organization
from pavedroad_platform.promotion.announcement import Announcer
from pavedroad_platform.promotion.upgrades import Upgrade
from pavedroad_platform.versions import Step

ACCOUNT, REGION = "200000000101", "eu-west-1"


def upgrade(name: str, team: str = "orders") -> Upgrade:
    return Upgrade(
        team=team,
        account="666666666666",
        region=REGION,
        id=f"pp-{name}",
        name=name,
        product="files",
        current="1.0.0",
        target="2.0.0",
        step=Step.MAJOR,
        days=180,
        breaks=("parameter Days is gone. Choose a lifecycle instead.",),
        deprecated=True,
    )


@pytest.fixture(scope="module")
def catalogue(emulator: Any) -> Clients:
    """The catalogue's account with topic and table as the stack makes them, and a queue that stands for a mailbox."""
    made = emulator.deploy(
        {
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "pavedroad-announcements"}},
            "Table": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "TableName": "pavedroad-announcements",
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
                },
            },
        },
        outputs={"Topic": {"Ref": "Topic"}},
        account=ACCOUNT,
    )
    admits = emulator.allowing("sqs:SendMessage", Principal={"Service": "sns.amazonaws.com"})
    queue = emulator.client("sqs", ACCOUNT).create_queue(
        QueueName="mailbox-of-orders", Attributes={"Policy": json.dumps(admits)}
    )["QueueUrl"]
    emulator.client("sns", ACCOUNT).subscribe(
        TopicArn=made["Topic"],
        Protocol="sqs",
        Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue.rpartition('/')[2]}",
        Attributes={"FilterPolicy": json.dumps({"team": ["orders"]})},
    )
    return Clients(service=lambda name: emulator.client(name, ACCOUNT), account=ACCOUNT, region=REGION)


@pytest.fixture
def announcer(catalogue: Clients, organization: Organization) -> Announcer:
    return Announcer(clients=catalogue, names=organization.names)


@pytest.fixture
def mailbox(catalogue: Clients) -> Iterator[Any]:
    """What the team was sent; empty before each test."""
    sqs = catalogue.service("sqs")
    queue = sqs.get_queue_url(QueueName="mailbox-of-orders")["QueueUrl"]

    def messages() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while got := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(message["Body"]) for message in got]
            for message in got:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return found

    messages()
    yield messages
    messages()


def test_a_team_is_told_what_it_needs_to_know(announcer: Announcer, mailbox: Any) -> None:
    told = announcer.tell(upgrade("invoices"))
    assert told.state == "told now"
    assert told.deadline == datetime.now(UTC).date() + timedelta(days=180)
    (message,) = mailbox()
    assert message["Subject"] == "Upgrade invoices: files 1.0.0 to 2.0.0"
    assert message["Message"] == (
        "invoices runs files 1.0.0 in account 666666666666, eu-west-1."
        " It is deprecated: it is not launched any more.\n"
        "The newest version is 2.0.0, a major upgrade.\n"
        "\n"
        "What breaks:\n"
        "  - parameter Days is gone. Choose a lifecycle instead.\n"
        "\n"
        f"Upgrade it until {told.deadline.isoformat()}. The command shows its plan first:\n"
        "  pavedroad upgrade invoices --version 2.0.0 --region eu-west-1\n"
    )


def test_nobody_is_told_twice_and_the_deadline_stays(announcer: Announcer, mailbox: Any) -> None:
    first = announcer.tell(upgrade("receipts"))
    again = announcer.tell(upgrade("receipts"))
    assert (again.state, again.deadline) == ("told earlier", first.deadline)
    assert announcer.look(upgrade("receipts")).state == "told earlier"
    assert len(mailbox()) == 1


def test_of_many_runs_at_once_one_tells(announcer: Announcer, mailbox: Any) -> None:
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(announcer.tell, [upgrade("at-once")] * 6))
    assert [each.state for each in told].count("told now") == 1
    assert len(mailbox()) == 1


def test_a_team_reads_what_is_its_own_alone(announcer: Announcer, mailbox: Any) -> None:
    assert announcer.tell(upgrade("billing", team="payments")).state == "told now"
    assert mailbox() == []


def test_a_message_that_cannot_be_sent_is_sent_by_the_next_run(
    announcer: Announcer, mailbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as once:
        once.setattr(Announcer, "_publish", refused)
        with pytest.raises(ConnectionError):
            announcer.tell(upgrade("unsent"))
    assert announcer.look(upgrade("unsent")).state == "to tell"
    assert announcer.tell(upgrade("unsent")).state == "told now"
    assert len(mailbox()) == 1


def test_what_a_run_began_before_it_died_is_told_by_a_later_one(announcer: Announcer, mailbox: Any) -> None:
    began = upgrade("died")
    now = datetime.now(UTC)
    for age, state in ((timedelta(minutes=1), "being told"), (timedelta(hours=1), "told now")):
        item = announcer._item(began, now - age, date.today())
        announcer._table("put_item", Item=item)
        assert announcer.tell(began).state == state
    assert len(mailbox()) == 1


def test_a_subject_fits_what_sns_takes() -> None:
    assert re.fullmatch(r"[ -~]{1,99}", upgrade("x" * 128).subject)
