"""How a proved version reaches its users and ends: states of versions, and who is told to upgrade."""
