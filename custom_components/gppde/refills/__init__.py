"""How stocks are filled up again, one at a time, over failures and restarts."""
