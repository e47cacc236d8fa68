"""Which product IAM lets somebody ask for."""

from typing import Any

import pytest

SPOKE = "200000000013"


@pytest.fixture(scope="module")
def limited(emulator: Any, catalogue: Any) -> Any:
    """A client that IAM allows one product; no portfolio shows it."""
    trust = emulator.trusting({"AWS": f"arn:aws:iam::{SPOKE}:root"})
    product = f"arn:aws:catalog:eu-west-1:{SPOKE}:product/{catalogue.product}"
    allowed = emulator.allowing("servicecatalog:DescribeProduct", resource=product)
    role = emulator.role("limited", trust, allowed, account=SPOKE)
    return emulator.client("servicecatalog", credentials=emulator.assume(role, by=SPOKE))


@pytest.mark.parametrize("member", ["Id", "Name"])
def test_a_product_that_iam_allows_is_looked_for(catalogue: Any, limited: Any, member: str) -> None:
    wanted = {"Id": catalogue.product, "Name": "Bucket"}[member]
    with pytest.raises(limited.exceptions.ResourceNotFoundException):
        limited.describe_product(**{member: wanted})


def test_another_product_is_refused(limited: Any) -> None:
    with pytest.raises(
        limited.exceptions.ClientError, match="not authorized to perform: servicecatalog:DescribeProduct"
    ):
        limited.describe_product(Id="prod-another")
