"""What an instance runs at its first start: the CloudWatch agent, then the fleet's own commands."""

import json
import re
from collections.abc import Sequence
from typing import Any

from aws_cdk import Aws, CfnElement
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs

from pavedroad.arguments import Arguments
from pavedroad.compute.ec2.instance_role import METRICS_NAMESPACE

FLEET_DIMENSION = "Fleet"
_LOG_FILES = ("/var/log/cloud-init-output.log", "/var/log/audit/audit.log", "/var/log/amazon/ssm/amazon-ssm-agent.log")
_AGENT = "/opt/aws/amazon-cloudwatch-agent"
_CONFIGURATION = f"{_AGENT}/etc/fleet.json"
_SECRETS = re.compile(
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|aws_secret_access_key"
    r"|resolve:(secretsmanager|ssm-secure)",
    re.IGNORECASE,
)


def check_startup(arguments: Arguments, commands: Sequence[str], log_files: Sequence[str]) -> None:
    """Refuse secrets, which everybody who may describe a launch template reads, and paths that are none."""
    for number, command in enumerate(commands):
        if _SECRETS.search(command):
            arguments.refuse(
                "user_data",
                f"line {number + 1}",
                "must hold no secrets: whoever may describe the launch template reads them. Let the instance read the "
                "secret with its role, for example by secret.grant_read(fleet)",
            )
    for path in log_files:
        arguments.matches("log_files", path, r"/\S+", "the absolute path of a log file")


def startup(
    *, fleet: str, log_group: logs.ILogGroup, log_files: Sequence[str], commands: Sequence[str]
) -> ec2.UserData:
    """User data for Amazon Linux 2023; it stops at the first command that fails, and the deployment with it."""
    user_data = ec2.UserData.for_linux()
    configuration = json.dumps(_agent(fleet, log_group.log_group_name, [*_LOG_FILES, *log_files]))
    user_data.add_commands(
        "set -euo pipefail",
        f"test -x {_AGENT}/bin/amazon-cloudwatch-agent-ctl || dnf install -y amazon-cloudwatch-agent",
        f"cat > {_CONFIGURATION} <<'CONFIGURATION'\n{configuration}\nCONFIGURATION",
        f"{_AGENT}/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:{_CONFIGURATION}",
        *commands,
    )
    return user_data


def signal_on_exit(user_data: ec2.UserData, group: CfnElement) -> None:
    """Tell CloudFormation how the user data ended."""
    # Not the CDK's own command: it has the name that the stack has at synthesis, and a product gets another.
    user_data.add_on_exit_commands(
        f"/opt/aws/bin/cfn-signal --stack {Aws.STACK_NAME} --resource {group.logical_id} --region {Aws.REGION} "
        "-e $exitCode"
    )


def _agent(fleet: str, log_group_name: str, log_files: Sequence[str]) -> dict[str, Any]:
    # Dimensions that are set here need no right to describe instances, unlike the name of the Auto Scaling group.
    dimensions = {FLEET_DIMENSION: fleet}
    return {
        "agent": {"run_as_user": "root"},
        "logs": {
            "logs_collected": {
                "files": {
                    "collect_list": [
                        {
                            "file_path": path,
                            "log_group_name": log_group_name,
                            "log_stream_name": f"{{instance_id}}{path}",
                        }
                        for path in log_files
                    ]
                }
            }
        },
        "metrics": {
            "namespace": METRICS_NAMESPACE,
            "aggregation_dimensions": [[FLEET_DIMENSION]],
            "metrics_collected": {
                "mem": {"measurement": ["mem_used_percent"], "append_dimensions": dimensions},
                "disk": {
                    "measurement": ["disk_used_percent"],
                    "resources": ["*"],
                    "ignore_file_system_types": ["devtmpfs", "overlay", "squashfs", "tmpfs"],
                    "append_dimensions": dimensions,
                },
            },
        },
    }
