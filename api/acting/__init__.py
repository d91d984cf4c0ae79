"""The yes and the deed: what follows from a decision, over all that belongs to it."""
