"""A product that runs in some account of the organisation."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class ProvisionedProduct:
    """What a team launched, wherever its account is.

    Attributes:
        account: The id of the account that it runs in.
        region: The region that it runs in.
        id: Service Catalog's id of it, ``pp-`` and so on.
        name: The name that the team gave it.
        product: The product's name, which is its key in the configuration.
        version: The name of the version that it runs, such as ``1.0.0``.
        status: ``AVAILABLE``, ``UNDER_CHANGE``, ``TAINTED`` (its last change failed; it runs as before) or ``ERROR``
            (it does not run).
        launched: When it was launched.
    """

    account: str
    region: str
    id: str
    name: str
    product: str
    version: str
    status: str
    launched: datetime
