"""The landing zone, one module a stack."""
