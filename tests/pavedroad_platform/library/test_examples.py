import aws_cdk as cdk
import pytest

import pavedroad
from pavedroad_platform.library.examples import example_stack, run_example, source_of


@pytest.mark.parametrize("name", pavedroad.__all__)
def test_the_example_of_each_construct_synthesises_without_functions_of_its_own(name: str) -> None:
    stack, template = example_stack(name)
    types = {resource["Type"] for resource in template["Resources"].values()}
    assert not [it for it in types if it.startswith("Custom::")], "products must not need functions"
    metadata = [entry for node in stack.node.find_all() for entry in node.node.metadata]
    assert [entry.data for entry in metadata if entry.type == "aws:cdk:error"] == []


def test_an_example_that_is_wrong_is_noticed(stack: cdk.Stack) -> None:
    class WithoutExample:
        """Has none."""

    with pytest.raises(ValueError, match="WithoutExample has no example"):
        source_of(WithoutExample)
    with pytest.raises(LookupError, match="the example uses 'nonsense', which nothing provides: import it"):
        run_example("nonsense(stack)", stack, "pavedroad.storage.s3.secure_bucket")
    with pytest.raises(TypeError, match="unexpected keyword argument 'encrypted'"):
        run_example("SecureBucket(stack, 'Bucket', encrypted=True)", stack, "pavedroad.storage.s3.secure_bucket")


def test_an_example_that_makes_something_else_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pavedroad.SecureBucket, "__doc__", ">>> sns.Topic(stack, 'Topic')")
    with pytest.raises(ValueError, match="the example of SecureBucket does not make one"):
        example_stack("SecureBucket")
