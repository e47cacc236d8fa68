import re

import pytest

from pavedroad_platform.catalog.product import Output, Parameter

FIELD = {"name": "Size", "label": "Size", "group": "Size", "help": "How large it is."}


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ({"name": "size", "default": "a"}, "parameter 'size' is no logical id: write it like 'RetentionDays'"),
        ({}, "parameter Size has neither a default nor an example"),
        (
            {"default": "c", "allowed_values": ("a", "b"), "constraint": "a or b"},
            "parameter Size: 'c' is not among its allowed values",
        ),
        (
            {"example": "B", "pattern": "[a-z]", "constraint": "small"},
            "parameter Size: 'B' does not match its pattern [a-z]",
        ),
        ({"default": "a", "pattern": "[a-z]"}, "parameter Size refuses values but has no constraint text"),
        ({"type": "Number", "default": 5, "minimum": 6, "maximum": 9}, "parameter Size: '5' is not from 6 to 9"),
        ({"type": "Number", "default": 5, "maximum": 0}, "parameter Size: '5' is not from None to 0"),
        ({"default": "abcd", "maximum": 3}, "parameter Size: 'abcd' is not from None to 3"),
    ],
)
def test_a_parameter_that_contradicts_itself_is_refused(topic_product, attributes, problem) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        topic_product(parameters=(Parameter(**{**FIELD, **attributes}),))


def test_everything_that_is_wrong_is_told_at_once(topic_product) -> None:
    with pytest.raises(ValueError, match="product Topic") as error:
        topic_product(key="Topic", version="1.0", outputs=(Output(name="DisplayName", purpose="Twice."),))
    assert str(error.value) == (
        "product Topic: key 'Topic' is not lower-case words with hyphens between them; "
        "version '1.0' is not a semantic version like '1.0.0'; DisplayName is used twice"
    )


def test_a_form_without_a_default_is_launched_with_the_example() -> None:
    assert Parameter(**FIELD, example="small").launch_value == "small"
    assert Parameter(**FIELD, example="small", default="large").launch_value == "large"


def test_a_product_has_a_page(topic_product) -> None:
    assert topic_product().documentation == "docs/products/topic.md"
