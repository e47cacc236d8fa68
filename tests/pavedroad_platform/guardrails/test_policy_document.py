import pytest

from pavedroad_platform.errors import PlatformError
from pavedroad_platform.guardrails.policy_document import policy_document, require_size, size_in_bytes

STATEMENT = {"Effect": "Deny", "Action": "*", "Resource": "*"}


def test_white_space_does_not_count() -> None:
    assert policy_document([STATEMENT]) == {"Version": "2012-10-17", "Statement": [STATEMENT]}
    text = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'
    assert size_in_bytes(policy_document([STATEMENT])) == len(text)


def test_a_letter_counts_as_many_bytes_as_it_has() -> None:
    assert size_in_bytes({"Sid": "é"}) > size_in_bytes({"Sid": "e"})


def test_a_document_of_the_largest_size_passes_and_one_byte_more_is_refused() -> None:
    document = policy_document([STATEMENT])
    size = size_in_bytes(document)
    require_size("small", document, size)
    with pytest.raises(PlatformError) as refused:
        require_size("large", document, size - 1)
    assert str(refused.value) == (
        f"policy large: it has {size} bytes without white space; AWS Organizations takes {size - 1} at most.\n"
        "    Move statements to a policy of their own, or shorten the lists in the configuration behind it."
    )
