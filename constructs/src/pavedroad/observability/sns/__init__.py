"""Topics that tell people."""
