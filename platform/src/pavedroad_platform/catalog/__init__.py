"""Products, their releases and how they are published to Service Catalog."""
