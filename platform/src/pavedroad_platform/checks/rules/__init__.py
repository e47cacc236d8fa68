"""Rules of our own, where no pack has one; each is proved necessary by a weakening that nothing else notices."""
