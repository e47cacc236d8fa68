"""Rows of a dashboard that parameters of its template decide: whether they are shown, and which alarms."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import CfnCondition, Fn, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct


@dataclass(frozen=True, kw_only=True)
class ListedAlarms:
    """The states of alarms that a parameter lists, as a component of a row.

    Attributes:
        arns: The alarms' ARNs, as a list that is known at launch only.
    """

    arns: Sequence[str]

    def dashboard_text(self) -> str:
        """The widget as the dashboard's body has it; the CDK writes no list that it does not know."""
        between = '","'
        alarms = f'"{Fn.join(between, list(self.arns))}"'
        return f'{{"type":"alarm","width":24,"height":3,"properties":{{"title":"Alarms","alarms":[{alarms}]}}}}'


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """What is shown of a row, and where the template decides, when.

    Attributes:
        texts: Its widgets, as the dashboard's body has them.
        condition: ``None``: always.
    """

    texts: Sequence[str]
    condition: CfnCondition | None = None


def texts_of(scope: Construct, widgets: Sequence[cloudwatch.IWidget]) -> list[str]:
    """Widgets as a dashboard's body has them, without places: CloudWatch puts each in the next free one."""
    return [Stack.of(scope).to_json_string(part) for widget in widgets for part in widget.to_json()]


def body_of(rows: Sequence[ShownRow], *, start: str) -> str:
    """The body of a dashboard; its first row is shown always, so that a comma stands before each other one.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    first, *others = rows
    shown = [",".join(first.texts)]
    for row in others:
        text = "".join(f",{each}" for each in row.texts)
        shown.append(Fn.condition_if(row.condition.logical_id, text, "").to_string() if row.condition else text)
    return f'{{"start":"{start}","widgets":[{"".join(shown)}]}}'
