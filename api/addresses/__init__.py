"""The one guarded way out: every address that a person can type is fetched through here."""

from api.addresses.client import Fetched, checked, fetch, guarded_client, resolve
from api.addresses.rules import (
    AddressRefused,
    AnswerTooLarge,
    AnswerTooSlow,
    Unreachable,
    check_address,
    is_public,
    push_host_allowed,
)

__all__ = [
    "AddressRefused",
    "AnswerTooLarge",
    "AnswerTooSlow",
    "Fetched",
    "Unreachable",
    "check_address",
    "checked",
    "fetch",
    "guarded_client",
    "is_public",
    "push_host_allowed",
    "resolve",
]
