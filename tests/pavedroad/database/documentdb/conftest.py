"""A document database in the network."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from pavedroad.database.documentdb.document_database import DocumentDatabase


@pytest.fixture
def make(stack: cdk.Stack, vpc: ec2.Vpc) -> Callable[..., DocumentDatabase]:
    """A document database 'Orders' in the network, with the given arguments in place of the defaults."""

    def database(**arguments: Any) -> DocumentDatabase:
        return DocumentDatabase(stack, "Orders", **{"vpc": vpc, **arguments})

    return database
