"""The checks on the synthesised templates."""
