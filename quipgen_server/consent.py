"""What everybody is told where the sample of a voice is taken."""

CONSENT = (
    "A cloned voice needs its owner's consent. Only give a clip of your own voice, or of someone "
    "who has agreed that this door speaks like them."
)
