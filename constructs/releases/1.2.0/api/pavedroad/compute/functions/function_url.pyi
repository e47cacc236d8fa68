from dataclasses import dataclass
from aws_cdk import aws_lambda as lambda_

@dataclass(frozen=True, kw_only=True)
class IamFunctionUrl:
    cors: lambda_.FunctionUrlCorsOptions | None = None
    invoke_mode: lambda_.InvokeMode = lambda_.InvokeMode.BUFFERED

    def add_to(self, alias: lambda_.Alias) -> lambda_.FunctionUrl:
        ...
