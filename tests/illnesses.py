"""What a service that is ill does to a request: for every stand-in of the tests."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Protocol

from aiohttp import web


class Service(Protocol):
    """Anything that ends some day; what hangs waits for that."""

    closing: asyncio.Event


Fault = Callable[[Service, web.Request], Awaitable[web.StreamResponse]]


def reply(status: int, headers: Mapping[str, str] | None = None, text: str = "") -> Fault:
    """Answer with this status and these headers, Retry-After for one."""

    async def fault(_: Service, __: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers=headers, text=text)

    return fault


def redirect(to: str, status: int = 307) -> Fault:
    """Send the sender elsewhere; one that goes there can be led anywhere."""
    return reply(status, {"Location": to})


async def hang(service: Service, _: web.Request) -> web.StreamResponse:
    """Take the request and say nothing until the end."""
    await service.closing.wait()
    return web.Response(status=503)


async def reset(_: Service, request: web.Request) -> web.StreamResponse:
    """Break the connection so that the sender sees a TCP reset."""
    transport = request.transport
    if transport is not None:
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=503)


async def drip(service: Service, request: web.Request) -> web.StreamResponse:
    """Begin a good answer at once, then one octet every twentieth of a second, without end."""
    answer = web.StreamResponse(status=201)
    await answer.prepare(request)
    while not service.closing.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(service.closing.wait(), 0.05)
        await answer.write(b" ")
    return answer
