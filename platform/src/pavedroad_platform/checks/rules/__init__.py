"""Rules of our own, where no pack has one: for each there is a weakening that the packs and linters do not notice."""
