"""The stacks of a cloud assembly, and what of each is deployed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pavedroad_platform.errors import PlatformError, Problem


@dataclass(frozen=True, kw_only=True)
class AssemblyStack:
    """A stack that the assembly would deploy.

    Attributes:
        name: Its name.
        account: The id of its account.
        region: Its region.
        lookup_role: The ARN of the bootstrap role that may read it.
        template: Its finished template.
    """

    name: str
    account: str
    region: str
    lookup_role: str
    template: Mapping[str, Any]


def stacks_in(assembly: Path) -> list[AssemblyStack]:
    """The stacks of ``assembly``, in the order of its manifest.

    Raises:
        PlatformError: There is no assembly.
    """
    try:
        manifest = json.loads((assembly / "manifest.json").read_text())
    except OSError:
        raise PlatformError(
            Problem(file=assembly, cause="there is no synthesised app", fix="run: make synth")
        ) from None
    return [
        _stack(assembly, identity, artifact)
        for identity, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    ]


def _stack(assembly: Path, identity: str, artifact: Mapping[str, Any]) -> AssemblyStack:
    account, region = artifact["environment"].removeprefix("aws://").split("/")
    properties = artifact["properties"]
    return AssemblyStack(
        name=properties.get("stackName", identity),
        account=account,
        region=region,
        lookup_role=properties["lookupRole"]["arn"].replace("${AWS::Partition}", "aws"),
        template=json.loads((assembly / properties["templateFile"]).read_text()),
    )


def deployed_template(stack: AssemblyStack, client: Callable[..., Any]) -> Mapping[str, Any]:
    """The template that is deployed, read with the bootstrap's lookup role; one without resources where there is none.

    Args:
        stack: The stack.
        client: ``boto3.client``.

    Raises:
        PlatformError: The role cannot be taken, or may not read.
    """
    from botocore.exceptions import ClientError

    try:
        session = client("sts").assume_role(RoleArn=stack.lookup_role, RoleSessionName="plan")["Credentials"]
        cloudformation = client(
            "cloudformation",
            region_name=stack.region,
            aws_access_key_id=session["AccessKeyId"],
            aws_secret_access_key=session["SecretAccessKey"],
            aws_session_token=session["SessionToken"],
        )
        body = cloudformation.get_template(StackName=stack.name, TemplateStage="Original")["TemplateBody"]
    except ClientError as error:
        told = error.response["Error"]
        if told["Code"] == "ValidationError" and "does not exist" in told["Message"]:
            return {"Resources": {}}
        raise PlatformError(
            Problem(
                path=stack.name,
                cause=f"what is deployed cannot be read: {error}",
                fix=f"bootstrap the account {stack.account} in {stack.region}, and let the caller take its lookup role",
            )
        ) from error
    template: Mapping[str, Any] = json.loads(body) if isinstance(body, str) else body
    return template
