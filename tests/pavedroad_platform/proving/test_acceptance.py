from pavedroad_platform.proving.acceptance import acceptance_test


def test_a_product_without_one_is_proved_by_its_launch_alone() -> None:
    assert acceptance_test("files") is None
