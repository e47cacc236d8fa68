import pytest

from pavedroad_platform.proving.acceptance import acceptance_test


@pytest.mark.parametrize("key", ["database", "delivery-pipeline", "fargate-service", "network", "secure-bucket"])
def test_a_product_has_its_acceptance_test(key: str) -> None:
    assert acceptance_test(key) is not None


def test_a_product_without_one_is_proved_by_its_launch_alone() -> None:
    assert acceptance_test("files") is None
