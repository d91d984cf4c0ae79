"""The operator's own apps at the vendors, which people sign in to, as the settings have them."""

from collections.abc import Mapping

from pydantic import SecretStr

from api.platforms import Entry
from api.settings import settings


def app(family: str) -> Mapping[str, str]:
    """Id, secret and what else the app of a family has; empty where none is set up."""
    known: dict[str, dict[str, str | SecretStr | None]] = {
        "google": {"id": settings.google_client_id, "secret": settings.google_client_secret},
        "meta": {
            "id": settings.meta_app_id,
            "secret": settings.meta_app_secret,
            "version": settings.meta_version,
        },
        "tiktok": {"id": settings.tiktok_app_id, "secret": settings.tiktok_app_secret},
    }
    return {name: plain(value) for name, value in known.get(family, {}).items() if value}


def plain(value: str | SecretStr | None) -> str:
    """The text of a setting; empty where it is not set."""
    return value.get_secret_value() if isinstance(value, SecretStr) else value or ""


def set_up(entry: Entry) -> bool:
    """Whether a client can be connected here: signing in needs an app, all else needs none."""
    return entry.way != "account" or {"id", "secret"} <= app(entry.family).keys()
