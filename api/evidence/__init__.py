"""Evidence: the reviews of a burst as they were before anything was done, saved, hashed, packed."""

from api.evidence.bundle import Bundle, bundle, pack
from api.evidence.forgetting import forget_names, forget_words
from api.evidence.saving import of_burst, save

__all__ = ["Bundle", "bundle", "forget_names", "forget_words", "of_burst", "pack", "save"]
