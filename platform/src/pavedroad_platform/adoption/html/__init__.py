"""The report as one page that needs nothing else: no server, no other file, no script from elsewhere."""
