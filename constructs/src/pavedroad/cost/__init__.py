"""What an application costs, and who hears when it costs more."""
