"""Which templates are checked when some are named."""

from pathlib import Path

import pytest

from pavedroad_platform.checks.templates import chosen_templates
from pavedroad_platform.errors import PlatformError


def test_products_and_examples_need_no_synthesised_app(tmp_path: Path) -> None:
    names = ["product-secure-bucket", "library-Tracing"]
    assert [template.name for template in chosen_templates(tmp_path / "none", names)] == names


def test_names_that_there_are_not_are_refused_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(PlatformError) as failure:
        chosen_templates(tmp_path, ["product-buckets", "library-Buckets"])
    causes = [problem.cause for problem in failure.value.problems]
    assert causes == ["There is no template 'product-buckets'.", "There is no template 'library-Buckets'."]
    assert "product-secure-bucket" in failure.value.problems[0].fix
