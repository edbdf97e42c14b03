"""The doors that speak."""
