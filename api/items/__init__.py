"""What every source is turned into, and the one place that checks it: the words of both doors."""

from api.items.checks import check_all, check_item
from api.items.item import Item, Problem, Read, SourceTrouble

__all__ = ["Item", "Problem", "Read", "SourceTrouble", "check_all", "check_item"]
