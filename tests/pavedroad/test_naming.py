import aws_cdk as cdk
from constructs import Construct

from pavedroad.naming import unique_name


def test_a_name_is_of_the_path_in_the_stack_and_unique_to_the_stack(stack: cdk.Stack) -> None:
    joined = stack.resolve(unique_name(Construct(stack, "Orders_Shop"), longest=20, otherwise="cluster"))
    path, unique = joined["Fn::Join"][1]
    assert path == "orders-shop-"
    assert "AWS::StackId" in str(unique)


def test_a_long_path_loses_its_beginning_and_a_path_without_letters_is_replaced(stack: cdk.Stack) -> None:
    def path(construct_id: str) -> str:
        text: str = stack.resolve(unique_name(Construct(stack, construct_id), longest=5, otherwise="cluster"))[
            "Fn::Join"
        ][1][0]
        return text

    assert path("WarehouseOrders") == "rders-"
    assert path("42") == "cluster-"
