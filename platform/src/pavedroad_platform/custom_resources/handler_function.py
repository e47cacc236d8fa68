"""The function behind a custom resource."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from pavedroad.observability.log_groups import encrypted_log_group
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.roles import ManagedPolicyRole

LONGEST: Final = Duration.minutes(15)
"""The longest that a function may work; a custom resource that waits as long fails no sooner than its function."""

_ANSWER: Final = Path(__file__).with_name("answer.py")
_IMPORT_OF_ANSWER: Final = "from pavedroad_platform.custom_resources.answer import answer\n"


class HandlerFunction(Construct):
    """A function of one Python file, deployed inline: nothing is packaged, and the template shows what runs.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        handler: The file with the function ``handler``; it imports the standard library, boto3 and ``answer`` only.
        description: What the function does.
        encryption_key: Encrypts the function's log.
        statements: What the function may do.

    Attributes:
        function: The function.
        role: Its role; whatever calls the function must depend on it, so that the permissions stand until the end.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        handler: Path,
        description: str,
        encryption_key: kms.IKey,
        statements: Sequence[iam.PolicyStatement],
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = encrypted_log_group(self, "LogGroup", encryption_key=encryption_key)
        self.role = ManagedPolicyRole(
            self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description=description
        )
        log_group.grant_write(self.role)
        for statement in statements:
            self.role.add_to_principal_policy(statement)
        self.function = lambda_.Function(
            self,
            "Resource",
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_inline(inline_code(handler)),
            memory_size=256,
            timeout=LONGEST,
            role=self.role,
            log_group=log_group,
        )
        self._acknowledge()

    def _acknowledge(self) -> None:
        for findings, reason in (
            (
                ("NIST.800.53.R5-LambdaConcurrency", "checkov::CKV_AWS_115"),
                "It runs when the stack changes only; reserved concurrency would be taken from the other functions.",
            ),
            (
                ("NIST.800.53.R5-LambdaDLQ", "checkov::CKV_AWS_116"),
                "CloudFormation waits for its answer and fails the deployment without one; nothing is lost unseen.",
            ),
            (
                ("NIST.800.53.R5-LambdaInsideVPC", "checkov::CKV_AWS_117"),
                "It calls public endpoints of AWS in the deployment of a stack and reaches nothing in a network.",
            ),
        ):
            for finding in findings:
                acknowledge(self.function, finding, reason)


def inline_code(handler: Path) -> str:
    """The text of ``handler`` with the text of ``answer`` in the place of its import."""
    return handler.read_text().replace(_IMPORT_OF_ANSWER, _ANSWER.read_text())
