"""How soon an attack wakes somebody, how often nothing does, and how the known rivals fare."""
