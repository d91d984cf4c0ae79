"""What a person entered to connect a place: an id of the place, or one of its secrets."""

from api.items.item import SourceTrouble
from workers.platforms.connector import Place


def given(place: Place, name: str) -> str:
    """The text that was entered under this name, the place’s own first; empty without one."""
    return _text(place.ids.get(name)) or _text(place.secrets.get(name))


def entrusted(place: Place, name: str) -> str:
    """The same, the account’s own first: where its password goes no link may say."""
    return _text(place.secrets.get(name)) or _text(place.ids.get(name))


def needed(value: str, label: str) -> str:
    """What cannot be missing; `label` is its name for people. Raises SourceTrouble."""
    if not value:
        raise SourceTrouble("permission", f"{label} is missing. Enter it.", permanent=True)
    return value


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
