"""Builds the application: lifespan, routers, the one error handler, the built web app."""

import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse

from api import database, logs, queue
from api.errors import Broken, Invalid, NotThatWay, NotThere, Refusal, TooLarge, TooSlow
from api.lifecycle import setup
from api.pages import stylesheet
from api.routes import (
    accounts,
    actions,
    api_keys,
    approvals,
    calendars,
    calls,
    client_page,
    clients,
    connections,
    contacts,
    coverage,
    devices,
    events,
    evidence,
    health,
    hooks,
    inbound,
    incidents,
    links,
    notifications,
    now,
    oncall,
    owner_answers,
    owner_phones,
    owner_verify,
    owner_wishes,
    plans,
    platforms,
    reachable,
    report_page,
    reports,
    reviews,
    schedules,
    session,
    sources,
    statements,
    telephony,
)
from api.routes.asking import anyone
from api.routes.once import Replay
from api.routes.security import HEADERS, BodyTooLarge, BodyTooSlow, Security
from api.routes.versions import NotModified

_HOME = Path(__file__).parent.parent
_DIST = _HOME / "web" / "dist"
_PROBLEMS = _HOME / "docs" / "problems.md"
_ANY_PATH = "/{path:path}"
_NOT_SCREENS = ("v1/", "public/", "in/", "p/", "calendars/", "connect/", "hooks/")


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    logs.begin()
    await setup.prepare()
    _end_streams_when_told_to_stop()
    yield
    await queue.bell().close()
    await database.close()


def _end_streams_when_told_to_stop() -> None:
    """The server waits for open answers before it ends the lifespan, and streams never end."""
    if threading.current_thread() is not threading.main_thread():
        return
    for sign in (signal.SIGTERM, signal.SIGINT):
        server = signal.getsignal(sign)

        def told(number: int, frame: Any, server: Any = server) -> None:
            events.end_streams()
            if callable(server):
                server(number, frame)

        signal.signal(sign, told)


def _operation_id(route: APIRoute) -> str:
    """`list_incidents` → `listIncidents`: unique, verb first, the name of the function."""
    first, *rest = route.name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def problem(refusal: Refusal, request: Request) -> Response:
    """RFC 9457 with our code, a hint for a tired person, and the id of the request."""
    if refusal.status == 304:
        return Response(status_code=304, headers=refusal.facts)
    body: dict[str, Any] = {
        "type": f"/docs/problems#{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "hint": refusal.advice,
        "request_id": getattr(request.state, "request_id", ""),
        **refusal.facts,
    }
    after = refusal.facts.get("retry_after")
    headers = {} if after is None else {"Retry-After": str(after)}
    return JSONResponse(body, refusal.status, headers, media_type="application/problem+json")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101  registered for refusals alone
    return problem(error, request)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    places = [
        {
            "pointer": "/" + "/".join(str(part) for part in one["loc"][1:]),
            "detail": one["msg"].removeprefix("Value error, "),
        }
        for one in error.errors()
    ]
    detail = places[0]["detail"] if places else ""
    return problem(Invalid(detail, errors=places), request)


async def _replay(_: Request, error: Exception) -> Response:
    assert isinstance(error, Replay)  # noqa: S101
    return Response(
        error.body,
        error.status,
        {"Idempotency-Replayed": "true"},
        media_type="application/json",
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == 404 or _is_nowhere(request, error.status_code):
        return problem(NotThere(), request)
    if error.status_code == 405:
        response = problem(NotThatWay(), request)
        response.headers.update(error.headers or {})
        return response
    return problem(Invalid("The body cannot be read."), request)


def _is_nowhere(request: Request, status: int) -> bool:
    """The web app's own door meets every path; to other methods nothing is there."""
    return status == 405 and request.scope["route"].path == _ANY_PATH


async def _broken(request: Request, _: Exception) -> Response:
    """Answered outside of all else, so it brings the headers itself."""
    response = problem(Broken(), request)
    response.headers.update({**HEADERS, "X-Request-Id": request.state.request_id})
    return response


async def _too_slow(request: Request, _: Exception) -> Response:
    return problem(TooSlow(), request)


async def _too_large(request: Request, _: Exception) -> Response:
    return problem(TooLarge(), request)


def create_app() -> FastAPI:
    """The whole application; one per process."""
    app = FastAPI(
        title="Nightdesk", version="0.1.0", lifespan=_lifespan,
        docs_url=None, redoc_url=None, openapi_url=None,
        generate_unique_id_function=_operation_id,
        exception_handlers={
            Refusal: _refused, NotModified: _refused, RequestValidationError: _invalid,
            Replay: _replay, HTTPException: _http, BodyTooLarge: _too_large,
            BodyTooSlow: _too_slow, Exception: _broken,
        },
    )  # fmt: skip
    for part in (
        session, now, clients, contacts, links, sources, reviews, incidents, oncall, devices,
        notifications, reachable, plans, telephony, events, api_keys, inbound, client_page, health,
        schedules, calendars, coverage, platforms, accounts, connections, hooks,
        actions, approvals, calls, evidence, reports, report_page, statements,
        owner_answers, owner_verify, owner_wishes, owner_phones,
    ):  # fmt: skip
        app.include_router(part.router)
    _serve_files(app)
    app.add_middleware(Security)
    return app


def _serve_files(app: FastAPI) -> None:
    @app.get("/v1/openapi.json", include_in_schema=False, dependencies=[anyone])
    async def get_openapi() -> dict[str, Any]:
        return app.openapi()

    @app.get("/docs/problems", include_in_schema=False, dependencies=[anyone])
    async def get_problems() -> Response:
        return FileResponse(_PROBLEMS, media_type="text/plain; charset=utf-8")

    @app.get("/nightdesk.css", include_in_schema=False, dependencies=[anyone])
    async def get_stylesheet() -> Response:
        return Response(stylesheet(), media_type="text/css", headers={"Cache-Control": "no-cache"})

    @app.get(_ANY_PATH, include_in_schema=False, dependencies=[anyone])
    async def get_web_app(path: str) -> Response:
        return _file(path)


def _file(path: str) -> Response:
    """A built file, or the app's shell for every address that is a screen of it."""
    if f"{path}/".startswith(_NOT_SCREENS):
        raise NotThere
    file = (_DIST / path).resolve()
    if path and file.is_relative_to(_DIST) and file.is_file():
        forever = path.startswith("assets/")
        kept = "public, max-age=31536000, immutable" if forever else "no-cache"
        return FileResponse(file, headers={"Cache-Control": kept})
    if Path(path).suffix or not (_DIST / "index.html").exists():
        raise NotThere
    return FileResponse(_DIST / "index.html", headers={"Cache-Control": "no-cache"})


app = create_app()
