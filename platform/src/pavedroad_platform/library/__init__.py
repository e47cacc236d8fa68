"""What the platform does with the library: its examples are run and judged like everything that is deployed."""
