"""What a team made with the construct library in an app of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class LibraryUse:
    """A construct of the library somewhere in the organisation, as the stamp on its main resource tells.

    Attributes:
        account: The id of the account that it is in.
        region: The region that it is in.
        construct: The construct, such as ``SecureBucket``.
        version: The library's version that made it, such as ``1.1.0``.
        resource_type: The type of the resource that carries the stamp, such as ``AWS::S3::Bucket``.
        resource: The resource's name, or its id where it has none.
    """

    account: str
    region: str
    construct: str
    version: str
    resource_type: str
    resource: str
