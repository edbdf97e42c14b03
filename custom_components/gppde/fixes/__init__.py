"""The repairs that mend something together with a person."""
