"""A function that takes no secret as a variable, however late it is given."""

import jsii
from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.security.environment import check_environment

_INSTEAD = "give its ARN, as in DATABASE_SECRET_ARN; the function reads it after secret.grant_read(service)"


class GuardedFunction(lambda_.Function):
    """The L2 function, with a look at each variable that is added to it.

    Subclasses the L2 because its variables cannot be read back from the finished resource.
    """

    @jsii.member(jsii_name="addEnvironment")
    def add_environment(self, key: str, value: str, *, remove_in_edge: bool | None = None) -> lambda_.Function:
        """Add a variable that is no secret."""
        arguments = Arguments(self)
        check_variables(arguments, self, {key: value})
        arguments.check()
        return super().add_environment(key, value, remove_in_edge=remove_in_edge)


def check_variables(arguments: Arguments, scope: Construct, environment: dict[str, str]) -> None:
    """Refuse secrets among the variables, those included that CloudFormation would write in at deployment."""
    for name in environment:
        arguments.matches("environment", name, "[A-Za-z][A-Za-z0-9_]+", "a letter, then letters, digits or underscores")
    resolve = Stack.of(scope).resolve
    check_environment(arguments, {name: str(resolve(value)) for name, value in environment.items()}, instead=_INSTEAD)
