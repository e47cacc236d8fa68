"""Wide-column tables on Amazon Keyspaces."""
