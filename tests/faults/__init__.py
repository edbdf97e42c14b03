"""The fault matrix: a real Home Assistant, an AWS on loopback, and one fault at one moment each."""
