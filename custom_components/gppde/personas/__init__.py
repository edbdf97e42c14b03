"""Who speaks, and what belongs to a persona: its stock, and the clip to speak like."""
