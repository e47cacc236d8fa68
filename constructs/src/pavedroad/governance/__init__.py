"""Who owns what, and who pays: mandatory tags."""
