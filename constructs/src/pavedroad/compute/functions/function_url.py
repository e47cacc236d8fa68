"""A function's own HTTPS address."""

from dataclasses import dataclass

from aws_cdk import aws_lambda as lambda_


@dataclass(frozen=True, kw_only=True)
class IamFunctionUrl:
    """An HTTPS address of the alias; callers sign requests with IAM credentials, and ``grant_invoke_url`` lets them in.

    Attributes:
        cors: What browsers of other origins may do. Left out: nothing.
        invoke_mode: ``BUFFERED``, or ``RESPONSE_STREAM`` for answers that begin before they are complete. Left out:
            ``BUFFERED``.
    """

    cors: lambda_.FunctionUrlCorsOptions | None = None
    invoke_mode: lambda_.InvokeMode = lambda_.InvokeMode.BUFFERED

    def add_to(self, alias: lambda_.Alias) -> lambda_.FunctionUrl:
        """Make the address."""
        return alias.add_function_url(
            auth_type=lambda_.FunctionUrlAuthType.AWS_IAM, cors=self.cors, invoke_mode=self.invoke_mode
        )
