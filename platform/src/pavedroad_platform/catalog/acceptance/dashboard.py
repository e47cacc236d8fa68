"""The page stands, shows something, and is of this region."""

import json
from collections.abc import Iterator

from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of dashboard."""
    name = launched.outputs["DashboardName"]
    page = json.loads(launched.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"])
    shown = [widget for widget in page["widgets"] if widget["type"] != "text"]
    if not shown:
        yield "the page shows nothing but headings"
    region = launched.clients.region
    for widget in shown:
        elsewhere = widget["properties"].get("region", region)
        if elsewhere != region:
            yield f"{widget['properties'].get('title')!r} is of {elsewhere}"
