"""Everything that one application starts with, wired."""
