"""The words of a statement: templates, checks, differences and the calm that it waits for."""
