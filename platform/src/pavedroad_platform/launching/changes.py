"""A change of one resource, and whether it loses what the resource holds."""

from dataclasses import dataclass

from pavedroad_platform.registry_data import stateful_types


@dataclass(frozen=True, kw_only=True)
class Change:
    """What an update does to a resource.

    Attributes:
        action: ``ADD``, ``MODIFY`` or ``REMOVE``.
        resource: Its logical id.
        type: Its type.
        replacement: Whether a modified one is made anew: ``TRUE``, ``FALSE`` or ``CONDITIONAL``.
        causes: What changes in it.
    """

    action: str
    resource: str
    type: str
    replacement: str = "FALSE"
    causes: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """The change in a word or two."""
        if self.action == "MODIFY":
            return {"TRUE": "replaced", "CONDITIONAL": "perhaps replaced"}.get(self.replacement, "changed")
        return {"ADD": "created", "REMOVE": "deleted"}.get(self.action, self.action.lower())

    @property
    def loses_data(self) -> bool:
        """Whether a resource that holds data is replaced or deleted, or may be."""
        return self.type in stateful_types() and self.what in {"replaced", "perhaps replaced", "deleted"}
