"""What cannot be weakened: read again from the finished resource, so that no mixin or escape hatch undoes it."""

from collections.abc import Callable

import jsii
from constructs import Construct, IValidation


def hold(construct: Construct, promise: str, is_kept: Callable[[], bool]) -> None:
    """Fail the synthesis with ``promise`` unless ``is_kept()`` when the app is validated.

    Args:
        construct: Where the failure is reported.
        promise: What the construct promises and what must have happened, as a sentence.
        is_kept: Reads the L1 resource; called once, after everything else had its chance to change it.

    Example:
        >>> hold(
        ...     self,
        ...     "SecureTopic is encrypted at rest; its KmsMasterKeyId was removed",
        ...     lambda: bool(topic.kms_master_key_id),
        ... )
    """
    construct.node.add_validation(_Invariant(promise, is_kept))


@jsii.implements(IValidation)
class _Invariant:
    def __init__(self, promise: str, is_kept: Callable[[], bool]) -> None:
        self._promise = promise
        self._is_kept = is_kept

    def validate(self) -> list[str]:
        return [] if self._is_kept() else [self._promise]
