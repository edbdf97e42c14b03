"""What breaks first: 1,000 doors that open within a second, 100 clients of a server, 100,000 quips."""
