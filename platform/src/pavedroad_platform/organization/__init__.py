"""The organisation's configuration: models, loading, names."""

from pavedroad_platform.organization.loading import load_organization as load_organization
from pavedroad_platform.organization.models import Organization as Organization
