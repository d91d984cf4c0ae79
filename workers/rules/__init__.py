"""Judges with numbers only: what is usual for a place, what is a spike, when it is quiet again."""
