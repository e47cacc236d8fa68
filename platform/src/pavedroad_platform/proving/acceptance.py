"""Acceptance tests: whether what a version made is what its product promises, asked of AWS itself.

Each product has a module of its key in ``pavedroad_platform.catalog.acceptance`` with a function ``problems``: it gets
a launch and tells what is wrong with it, each as a sentence.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pavedroad_platform.launching.client import Clients

_MODULES = "pavedroad_platform.catalog.acceptance"


@dataclass(frozen=True, kw_only=True)
class Launched:
    """What a version made.

    Attributes:
        outputs: What the launch hands out, by the output's name.
        clients: The clients of the account that it stands in.
    """

    outputs: Mapping[str, str]
    clients: Clients

    def client(self, service: str) -> Any:
        """A boto3 client of the account and region, to ask AWS with."""
        return self.clients.service(service)


AcceptanceTest = Callable[[Launched], Iterator[str]]
"""What is wrong with a launch, each as a sentence; nothing where it is as promised."""


def acceptance_test(key: str) -> AcceptanceTest | None:
    """The acceptance test of a product; ``None`` where it has none."""
    name = f"{_MODULES}.{key.replace('-', '_')}"
    if find_spec(name) is None:
        return None
    test: AcceptanceTest = import_module(name).problems
    return test
