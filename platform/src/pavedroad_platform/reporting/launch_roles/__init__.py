"""What launch roles may do: ours, and those of the reference architectures that AWS publishes."""
