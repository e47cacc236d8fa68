from rich.console import Console

from pavedroad_platform.organization import Organization
from pavedroad_platform.sandbox.deployment import DeployedStack, Stack
from pavedroad_platform.sandbox.emulator_process import Emulator
from pavedroad_platform.sandbox.launch import Launch
from pavedroad_platform.sandbox.report import print_report
from pavedroad_platform.sandbox.run import Sandbox


def test_each_figure_stands_in_its_column_and_the_last_row_adds_them_up(organization: Organization) -> None:
    def stack(account: str, name: str, native: int, seconds: float | None) -> DeployedStack:
        place = Stack(name=name, account=account, region="eu-west-1")
        return DeployedStack(stack=place, native=native, schema_checked=1, seconds=seconds)

    launch = Launch(product="bucket", version="1.0.0", name="mine", refused="not authorized", outputs={"Name": "x"})
    stacks = [
        stack("222222222222", "pavedroad-gateway", 10, 1.25),
        stack("333333333333", "pavedroad-logging", 20, None),
    ]
    sandbox = Sandbox(emulator=Emulator(port=4566, pid=1, started=0), stacks=stacks, launch=launch)
    console = Console(width=140, record=True)
    print_report(console, organization, sandbox, seconds=9.0)
    text = console.export_text()
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in text.splitlines() if "│" in line]
    assert rows == [
        ["gateway", "222222222222", "pavedroad-gateway", "11", "10", "1", "1.2 s"],
        ["log-archive", "333333333333", "pavedroad-logging", "21", "20", "1", "unchanged"],
        ["all", "", "2 stacks", "32", "30", "2", "9.0 s"],
    ]
    assert "bucket 1.0.0 is launched as mine" in text
    assert "AWS_ENDPOINT_URL=http://127.0.0.1:4566" in text
