"""The types that wait for other stacks: the event loop must not wait, so they run on a thread of their own."""

from ministack.services.cloudformation import stacks

_WAITING_TYPES = frozenset({"AWS::CloudFormation::StackSet", "AWS::ServiceCatalog::CloudFormationProvisionedProduct"})


def install() -> None:
    """Add the types to MiniStack's, which has them in a function instead of a table."""
    known = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda type_name: type_name in _WAITING_TYPES or known(type_name)
