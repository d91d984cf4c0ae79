"""Names rows: UUIDv7 inside, a short prefix and base32 outside (`inc_01j…`)."""

from typing import Any
from uuid import UUID

import uuid_utils.compat
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 26


def new_id() -> UUID:
    """A fresh UUIDv7: ids made later sort later."""
    return uuid_utils.compat.uuid7()


def encode(prefix: str, value: UUID) -> str:
    """The public name of a row: `prefix_` and 26 characters of Crockford base32."""
    digits, rest = [], value.int
    for _ in range(_LENGTH):
        rest, digit = divmod(rest, 32)
        digits.append(_ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(digits))}"


def decode(prefix: str, text: str) -> UUID:
    """The row behind a public name; ValueError when it is not one of that kind."""
    kind, _, digits = text.partition("_")
    if kind != prefix or len(digits) != _LENGTH or any(c not in _ALPHABET for c in digits):
        message = f"an id that starts with {prefix}_ is needed here"
        raise ValueError(message)
    number = 0
    for digit in digits:
        number = number * 32 + _ALPHABET.index(digit)
    if number >> 128:
        message = "this id is too large"
        raise ValueError(message)
    return UUID(int=number)


class Prefixed:
    """Annotates a UUID so that it travels as `prefix_…`: `Annotated[UUID, Prefixed("inc")]`."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def _read(self, value: Any) -> UUID:
        return value if isinstance(value, UUID) else decode(self.prefix, str(value))

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: encode(self.prefix, value), return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, __: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.prefix}_[0-9a-hjkmnp-tv-z]{{26}}$"}
