"""Every door of the application, read from the application itself, and who may knock at it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi.routing import iter_route_contexts

from api.app import app
from api.routes.asking import Access


@dataclass(frozen=True)
class Door:
    """One method at one path."""

    name: str
    method: str
    path: str
    queries: frozenset[str]
    access: tuple[Access, ...]

    @property
    def kind(self) -> str:
        return self.access[0].kind

    @property
    def scope(self) -> str:
        return self.access[0].scope

    @property
    def is_safe(self) -> bool:
        return self.method == "GET"

    @property
    def names(self) -> set[str]:
        """The ids in the path."""
        words = self.path.split("/")
        return {word[1:-1].split(":")[0] for word in words if word.startswith("{")}

    def at(self, ids: dict[str, str]) -> str:
        """The path with these ids; KeyError for an id that no test knows of yet."""
        return self.path.replace(":path", "").format_map(ids)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@cache
def doors() -> tuple[Door, ...]:
    """All of them, those that the OpenAPI document leaves out as well."""
    contexts: Iterable[Any] = iter_route_contexts(app.routes)
    return tuple(
        Door(context.name, method, context.path, _queries(context.dependant), _access(context))
        for context in contexts
        for method in sorted(context.methods)
    )


def guarded() -> list[Door]:
    """The doors that ask for a scope."""
    return [door for door in doors() if door.kind == "scope"]


def _queries(dependant: Any) -> frozenset[str]:
    inner = (_queries(one) for one in dependant.dependencies)
    return frozenset(field.alias for field in dependant.query_params).union(*inner)


def _access(context: Any) -> tuple[Access, ...]:
    return tuple(_found(context.dependant))


def _found(dependant: Any) -> Iterator[Access]:
    for one in dependant.dependencies:
        access = getattr(one.call, "access", None)
        if access is not None:
            yield access
        yield from _found(one)
