from pathlib import Path

import pytest

from pavedroad_platform.organization import Organization, load_organization

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def organization() -> Organization:
    return load_organization(ROOT / "platform" / "organization")
