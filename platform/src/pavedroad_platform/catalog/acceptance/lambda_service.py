"""The function is encrypted and traced, what failed and its log are kept, and nobody calls it without a signature."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.encryption import log_problems
from pavedroad_platform.catalog.promises.messages import queue_problems
from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of lambda-service."""
    outputs, lambda_ = launched.outputs, launched.client("lambda")
    function = lambda_.get_function_configuration(FunctionName=outputs["AliasArn"])
    if not function.get("KMSKeyArn"):
        yield "its environment is not encrypted with a key of its own"
    if function.get("TracingConfig", {}).get("Mode") != "Active":
        yield "its calls are not traced"
    if not function.get("DeadLetterConfig", {}).get("TargetArn"):
        yield "what failed is lost"
    if function.get("LoggingConfig", {}).get("LogGroup") != outputs["LogGroupName"]:
        yield f"it does not write to {outputs['LogGroupName']}"
    yield from log_problems(launched, outputs["LogGroupName"])
    yield from queue_problems(launched, outputs["DeadLetterQueueUrl"])
    addresses = lambda_.list_function_url_configs(FunctionName=outputs["FunctionName"])["FunctionUrlConfigs"]
    for address in addresses:
        if address["AuthType"] != "AWS_IAM":
            yield f"{address['FunctionUrl']} is called without a signature"
