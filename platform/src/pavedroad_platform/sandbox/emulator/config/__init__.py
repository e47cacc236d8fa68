"""AWS Config: what an aggregator answers about the resources that the emulator has."""
