"""The dashboard card, and what it is told."""
