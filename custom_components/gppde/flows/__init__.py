"""The forms through which a person sets GPPDE up, and what they become."""
