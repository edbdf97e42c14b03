"""A week of a household within half an hour; `scripts/soak` lives it."""
