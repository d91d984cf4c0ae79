"""Who may become what: one file a machine, its table of MOVES on top, one short function a verb."""
