"""Stamps what the library makes: which construct of which version made a resource, as a tag that AWS Config sees.

A team that imports the library launches no product, so the catalogue does not know of it; the tag tells who uses which
construct in which version. It names nothing else.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aws_cdk import TagManager
    from constructs import Construct, IConstruct

STAMP_TAG: Final = "pavedroad:construct"
"""The key of the tag."""

STAMP_CONTEXT: Final = "pavedroad:version-stamps"
"""The context key that switches stamps off for everything beneath a node, where it is ``false``."""

UNKNOWN_VERSION: Final = "unknown"
"""Stands for the version where the library was copied instead of installed, so that it has no metadata."""

_PACKAGE: Final = __name__.partition(".")[0]


@dataclass(frozen=True)
class VersionStamp:
    """Which construct of which version made a resource.

    Attributes:
        construct: The name that the library exports it by, such as ``SecureBucket``.
        version: The library's version, such as ``1.1.0``.

    Example:
        >>> VersionStamp("SecureBucket", "1.1.0").tag_value
        'SecureBucket/1.1.0'
    """

    construct: str
    version: str

    @property
    def tag_value(self) -> str:
        """The value of the tag; of characters that every service takes: DynamoDB and Keyspaces refuse ``@``.

        Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TaggingRestrictions.html
        """
        return f"{self.construct}/{self.version}"

    @classmethod
    def read(cls, tag_value: str) -> "VersionStamp | None":
        """The stamp in the value of a tag; ``None`` where somebody else wrote it.

        Example:
            >>> VersionStamp.read("SecureBucket/1.1.0")
            VersionStamp(construct='SecureBucket', version='1.1.0')
        """
        found = re.fullmatch(r"([A-Za-z_]\w*)/([\w.+\-]+)", tag_value)
        return cls(*found.groups()) if found else None


def stamp(construct: "Construct", main: "IConstruct | None" = None) -> None:
    """Stamp ``construct``, unless it is a part of another construct of the library or stamps are switched off.

    A part belongs to the outer construct, which is what its team chose. Stamps are switched off by ``false`` for the
    context key ``pavedroad:version-stamps``, in ``cdk.json`` or on any node.

    Args:
        construct: A construct of the library, at the end of its initialiser.
        main: What carries the tag: of a type that AWS Config records and that a changed tag neither replaces nor
            restarts. Left out: the child ``Resource``, or the first taggable resource where there is none.
    """
    name = _library_name(construct)
    if name is None or _is_off(construct) or any(map(_library_name, construct.node.scopes[:-1])):
        return
    tags = _tags_of(main or construct)
    if tags is not None:
        # Instances of a group would carry the tag of the version that they were launched with, until they are replaced.
        tags.set_tag(STAMP_TAG, VersionStamp(name, installed_version()).tag_value, apply_to_launched_instances=False)


@cache
def installed_version() -> str:
    """The version of the library that is installed, or ``unknown``."""
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return UNKNOWN_VERSION


def _library_name(construct: "IConstruct") -> str | None:
    """The name of the library's class that the construct is of, also where a team made a subclass of it."""
    of_the_library = (it.__name__ for it in type(construct).__mro__ if it.__module__.startswith(f"{_PACKAGE}."))
    return next(of_the_library, None)


def _is_off(construct: "Construct") -> bool:
    switch = construct.node.try_get_context(STAMP_CONTEXT)
    return switch is False or str(switch).lower() == "false"  # on the command line every value is a text


def _tags_of(construct: "IConstruct") -> "TagManager | None":
    from aws_cdk import TagManager

    node: IConstruct | None = construct
    while node is not None:
        tags = TagManager.of(node)
        if tags is not None:
            return tags
        node = node.node.default_child
    return next(filter(None, map(TagManager.of, construct.node.find_all())), None)
