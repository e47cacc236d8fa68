"""What MiniStack leaves out of functions: their key, dead letters, what listing URLs is called, and ``cfnresponse``."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_actions
from ministack.services.cloudformation import provisioners

from pavedroad_platform.sandbox.emulator.in_process_client import call


def complete_function(name: str, properties: Mapping[str, Any], _before: Mapping[str, Any]) -> None:
    """Encrypt a function's environment with its key, and keep what failed."""
    call(
        "lambda",
        "UpdateFunctionConfiguration",
        FunctionName=name,
        KMSKeyArn=properties.get("KmsKeyArn", ""),
        DeadLetterConfig=dict(properties.get("DeadLetterConfig", {})),
    )


_PYTHON_RESPONSE = """\
import json
import urllib.request

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = {
        "Status": responseStatus,
        "Reason": reason or f"See the details in CloudWatch Log Stream: {context.log_stream_name}",
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }
    request = urllib.request.Request(event["ResponseURL"], data=json.dumps(body).encode(), method="PUT")
    request.add_header("content-type", "")
    urllib.request.urlopen(request)
"""


def install() -> None:
    """Give inline Python functions the module ``cfnresponse``, which AWS adds, and let IAM see what is listed."""
    original, action = provisioners._zip_inline, iam_actions._lambda_action

    def zip_inline(source: str | None, handler: str, runtime: str = "python3.12") -> bytes | None:
        archive: bytes | None = original(source, handler, runtime)
        if archive is None or not runtime.startswith("python"):
            return archive
        content = io.BytesIO(archive)
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr("cfnresponse.py", _PYTHON_RESPONSE)
        return content.getvalue()

    def lambda_action(method: str, path: str) -> str | None:
        if method == "GET" and path.endswith("/urls"):
            return "ListFunctionUrlConfigs"
        named: str | None = action(method, path)
        return named

    provisioners._zip_inline = zip_inline
    iam_actions._lambda_action = lambda_action
