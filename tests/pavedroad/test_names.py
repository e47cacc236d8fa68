import aws_cdk as cdk

from pavedroad.names import stack_identifier


def test_the_end_of_the_stacks_id_is_known_at_deployment(stack: cdk.Stack) -> None:
    assert stack.resolve(stack_identifier(stack)) == {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
