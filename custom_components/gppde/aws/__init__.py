"""One instance's life on EC2. Knows nothing of Home Assistant."""
