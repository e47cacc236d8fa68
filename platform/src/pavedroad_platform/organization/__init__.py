"""The configuration in platform/organization/*.yaml: models, loading, validation."""
