"""Pipelines that bring an application to its users."""
