"""A route is a sentence: who asks, what they send, the verb, what they get."""
