"""What a home has at AWS: settings, instances, and what must be in place for them."""
