import aws_cdk as cdk
from constructs import Construct

from pavedroad.naming import stack_identifier, unique_name

LAST_PART_OF_THE_ID = {
    "Fn::Select": [4, {"Fn::Split": ["-", {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}]}]
}


def name(stack: cdk.Stack, construct_id: str, longest: int = 40) -> object:
    return stack.resolve(unique_name(Construct(stack, construct_id), longest=longest, otherwise="check"))


def test_is_the_path_and_a_part_of_the_stacks_id(stack: cdk.Stack) -> None:
    assert name(stack, "My Check") == {"Fn::Join": ["", ["my-check-", LAST_PART_OF_THE_ID]]}


def test_keeps_the_end_of_a_long_path(stack: cdk.Stack) -> None:
    assert name(stack, "FirstSecond", longest=6) == {"Fn::Join": ["", ["second-", LAST_PART_OF_THE_ID]]}


def test_has_a_word_where_the_path_leaves_none(stack: cdk.Stack) -> None:
    assert name(stack, "123") == {"Fn::Join": ["", ["check-", LAST_PART_OF_THE_ID]]}


def test_the_end_of_the_stacks_id_is_known_at_deployment(stack: cdk.Stack) -> None:
    assert stack.resolve(stack_identifier(stack)) == {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
