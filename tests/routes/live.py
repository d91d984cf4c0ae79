"""The application behind a real web server, for what a test client cannot do: to stream."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import uvicorn

PATIENCE = 10.0


@contextlib.asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The address of the application on a free port of this machine."""
    config = uvicorn.Config(app, port=0, lifespan="off", log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(PATIENCE):
        while not server.started:
            await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await running


async def events(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """What arrives, one by one; the first is the comment with which a stream begins."""
    found: dict[str, Any] = {}
    async for line in answer.aiter_lines():
        if not line:
            yield found
            found = {}
        else:
            name, _, value = line.partition(":")
            found[name or "comment"] = value.strip()


async def some(answer: httpx.Response, count: int) -> list[dict[str, Any]]:
    """The next few, without comments; TimeoutError when they do not come."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE):
        async for event in events(answer):
            if "data" in event:
                data = json.loads(event["data"])
                assert (event["id"], event["event"]) == (str(data["seq"]), data["type"])
                found.append(data)
            if len(found) == count:
                break
    return found
