"""A whole house on one machine: Home Assistant, player, quipgen server, browser: all real."""
