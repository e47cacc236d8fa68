"""AWS Service Catalog: what the platform's catalogue uses of it, as a service with an API like any other."""
