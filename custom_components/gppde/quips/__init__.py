"""The files of a persona's quips, and the index over them. Knows nothing of Home Assistant."""
