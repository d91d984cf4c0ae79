"""What people do, and the ledger that it is written in."""
