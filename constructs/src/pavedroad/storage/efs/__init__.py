"""File systems on Amazon EFS."""
