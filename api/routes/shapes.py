"""What every sent and answered body shares."""

from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator


class Out(BaseModel):
    """Everything that is answered: unknown fields never, attributes of rows welcome."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")


# NUL has no room in PostgreSQL; signs that turn the direction would turn the lines around a name.
_UNREADABLE = dict.fromkeys([0, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class In(BaseModel):
    """Everything that is sent: unknown fields are ignored, strings are trimmed and never huge."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, str_max_length=20_000)

    @field_validator("*", mode="before")
    @classmethod
    def _readable(cls, value: Any) -> Any:
        return value.translate(_UNREADABLE) if isinstance(value, str) else value
