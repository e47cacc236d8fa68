"""Services that run an application's code."""
