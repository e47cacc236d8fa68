"""Document databases on Amazon DocumentDB."""
