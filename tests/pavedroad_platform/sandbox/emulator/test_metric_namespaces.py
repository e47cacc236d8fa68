"""Who may write metrics to one namespace writes to no other."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "200000000065"


def test_metrics_go_to_the_namespace_of_the_condition_alone(emulator: Any) -> None:
    condition = {"StringEquals": {"cloudwatch:namespace": "Reports"}}
    allowed = emulator.allowing("cloudwatch:PutMetricData", Condition=condition)
    trust = emulator.trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    role = emulator.role("writes-metrics", trust, allowed, account=ACCOUNT)
    cloudwatch = emulator.client("cloudwatch", credentials=emulator.assume(role, by=ACCOUNT))
    values = [{"MetricName": "Made", "Value": 1}]
    cloudwatch.put_metric_data(Namespace="Reports", MetricData=values)
    with pytest.raises(ClientError, match="not authorized"):
        cloudwatch.put_metric_data(Namespace="Others", MetricData=values)
