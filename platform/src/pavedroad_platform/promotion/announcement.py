"""Tells each owner once: a record that only one run can make stands before each message."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from pavedroad_platform.launching.client import Clients
from pavedroad_platform.organization.names import Names
from pavedroad_platform.promotion.upgrades import Upgrade

_LEASE: Final = timedelta(minutes=15)
"""After so long, a run that began to tell somebody and never ended counts as dead."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of an announcement.

    Attributes:
        upgrade: What it is about.
        deadline: Until when; it stays the same however often it is asked for.
        state: ``told now``, ``told earlier``, ``being told`` by another run, or ``to tell``.
    """

    upgrade: Upgrade
    deadline: date
    state: str

    def as_json(self) -> dict[str, Any]:
        """What machines are told."""
        upgrade = self.upgrade
        return {
            "team": upgrade.team,
            "account": upgrade.account,
            "region": upgrade.region,
            "name": upgrade.name,
            "product": upgrade.product,
            "current": upgrade.current,
            "target": upgrade.target,
            "breaks": list(upgrade.breaks),
            "deadline": self.deadline.isoformat(),
            "command": upgrade.command,
            "state": self.state,
        }


@dataclass(frozen=True, kw_only=True)
class Announcer:
    """Who tells.

    Attributes:
        clients: The clients of the catalogue's account.
        names: The organisation's names.
    """

    clients: Clients
    names: Names

    def tell(self, upgrade: Upgrade) -> Told:
        """Tell the owner, where nobody did.

        The record is written on condition that there is none: of two runs at once, one tells. It says that somebody
        was told only afterwards; where a run dies between the two, a later one tells.
        """
        now = datetime.now(UTC)
        deadline = now.date() + timedelta(days=upgrade.days)
        try:
            self._table("put_item", Item=self._item(upgrade, now, deadline), **self._free(now))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return self.look(upgrade)
        try:
            self._publish(upgrade, deadline)
        except BaseException:
            self._table("delete_item", Key={"Id": {"S": upgrade.key}})
            raise
        self._table(
            "update_item",
            Key={"Id": {"S": upgrade.key}},
            UpdateExpression="SET Told = :told",
            ExpressionAttributeValues={":told": {"BOOL": True}},
        )
        return Told(upgrade=upgrade, deadline=deadline, state="told now")

    def look(self, upgrade: Upgrade) -> Told:
        """Whether the owner was told; tells nobody."""
        item = self._table("get_item", Key={"Id": {"S": upgrade.key}}, ConsistentRead=True).get("Item")
        if item is None:
            deadline = datetime.now(UTC).date() + timedelta(days=upgrade.days)
            return Told(upgrade=upgrade, deadline=deadline, state="to tell")
        state = "told earlier" if item["Told"]["BOOL"] else "being told"
        return Told(upgrade=upgrade, deadline=date.fromisoformat(item["Deadline"]["S"]), state=state)

    def _table(self, operation: str, **arguments: Any) -> dict[str, Any]:
        client = self.clients.service("dynamodb")
        answer: dict[str, Any] = getattr(client, operation)(TableName=self.names.announcements, **arguments)
        return answer

    def _item(self, upgrade: Upgrade, now: datetime, deadline: date) -> dict[str, Any]:
        return {
            "Id": {"S": upgrade.key},
            "Team": {"S": upgrade.team},
            "Name": {"S": upgrade.name},
            "Product": {"S": upgrade.product},
            "Began": {"N": str(int(now.timestamp()))},
            "Deadline": {"S": deadline.isoformat()},
            "Told": {"BOOL": False},
        }

    def _free(self, now: datetime) -> dict[str, Any]:
        return {
            "ConditionExpression": "attribute_not_exists(Id) OR (Told = :no AND Began < :dead)",
            "ExpressionAttributeValues": {
                ":no": {"BOOL": False},
                ":dead": {"N": str(int((now - _LEASE).timestamp()))},
            },
        }

    def _publish(self, upgrade: Upgrade, deadline: date) -> None:
        attributes = {"team": upgrade.team, "product": upgrade.product, "step": upgrade.step.name.lower()}
        self.clients.service("sns").publish(
            TopicArn=f"arn:aws:sns:{self.clients.region}:{self.clients.account}:{self.names.announcements}",
            Subject=upgrade.subject,
            Message=upgrade.message(deadline),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        )
