"""The promises of Nightdesk, kept or broken."""
