"""How a quip gets from memory to a player."""
