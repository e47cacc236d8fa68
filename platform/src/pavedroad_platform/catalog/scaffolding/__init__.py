"""A new product from a construct: its module, its test and its place in the configuration."""
