"""Log groups and alarms as every construct makes them."""
