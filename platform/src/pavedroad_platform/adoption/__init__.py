"""Which team runs which product at which version, who is behind, and what they are told."""
