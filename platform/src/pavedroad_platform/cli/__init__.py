"""The command pavedroad."""
