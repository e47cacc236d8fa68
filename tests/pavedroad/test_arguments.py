import aws_cdk as cdk
import pytest
from constructs import Construct

from pavedroad.arguments import Arguments, InvalidArgumentsError


class Queue(Construct):
    """Something that has arguments."""


@pytest.fixture
def arguments(stack: cdk.Stack) -> Arguments:
    return Arguments(Queue(stack, "Orders"))


def refusals(arguments: Arguments) -> str:
    with pytest.raises(InvalidArgumentsError) as caught:
        arguments.check()
    return str(caught.value)


def test_good_arguments_pass(arguments: Arguments) -> None:
    arguments.between("days", 7, 7, 35)
    arguments.between("days", 35, 7, 35)
    arguments.between("days", None, 7, 35)
    arguments.one_of("engine", "postgres", ("mysql", "postgres"))
    arguments.one_of("engine", None, ("mysql", "postgres"))
    arguments.matches("name", "orders", "[a-z]+", "lower-case letters")
    arguments.matches("name", None, "[a-z]+", "lower-case letters")
    arguments.check()


def test_everything_that_is_wrong_is_told_at_once_with_the_class_and_path(arguments: Arguments) -> None:
    arguments.between("days", 6, 7, 35)
    arguments.between("hours", 36, 7, 35)
    arguments.one_of("engine", "oracle", ("postgres", "mysql"))
    arguments.matches("name", "orders1", "[a-z]+", "lower-case letters")
    arguments.refuse("size", 0, "must not be empty")
    assert refusals(arguments) == (
        "Queue 'Stack/Orders': days=6: must be from 7 to 35; hours=36: must be from 7 to 35; "
        "engine='oracle': must be one of mysql, postgres; name='orders1': must be lower-case letters; "
        "size=0: must not be empty"
    )


def test_an_error_is_a_value_error_so_that_callers_need_not_know_the_library() -> None:
    assert issubclass(InvalidArgumentsError, ValueError)


def test_what_is_known_at_deployment_only_passes(stack: cdk.Stack, arguments: Arguments) -> None:
    # An unresolved number would compare as a huge negative one; an unresolved text is '${Token[...]}'.
    arguments.between("days", cdk.CfnParameter(stack, "Days", type="Number").value_as_number, 7, 35)
    text = cdk.CfnParameter(stack, "Text").value_as_string
    arguments.one_of("engine", text, ("mysql", "postgres"))
    arguments.matches("name", text, "[a-z]+", "lower-case letters")
    arguments.check()


def test_reasons_and_account_ids(arguments: Arguments) -> None:
    arguments.reason("why", "Two weeks of counting come first.")
    arguments.reason("why", None)
    arguments.account("reader", "111111111111")
    arguments.account("reader", None)
    arguments.check()
    arguments.reason("why", "  n/a    ")
    arguments.account("reader", "production")
    told = refusals(arguments)
    assert "why='  n/a    ': must be a reason that an auditor can weigh, in a sentence" in told
    assert "reader='production': must be an account id of 12 digits" in told
