"""Another way to a vendor: the operator's own gateway, or a server to rehearse against."""

from collections.abc import Mapping

import httpx


class Instead(httpx.AsyncBaseTransport):
    """Sends what is meant for a host to the origin that stands for it, and all else as it is."""

    def __init__(self, onward: httpx.AsyncBaseTransport, origins: Mapping[str, str]) -> None:
        self._onward = onward
        self._origins = {host: httpx.URL(origin) for host, origin in origins.items()}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        origin = self._origins.get(request.url.host)
        if origin is not None:
            request = _led_to(request, origin)
        return await self._onward.handle_async_request(request)

    async def aclose(self) -> None:
        await self._onward.aclose()


def _led_to(request: httpx.Request, origin: httpx.URL) -> httpx.Request:
    where = {"scheme": origin.scheme, "host": origin.host, "port": origin.port}
    url = request.url.copy_with(**where)
    headers = request.headers.copy()
    headers["host"] = origin.netloc.decode()
    headers["x-forwarded-host"] = request.url.host
    return httpx.Request(
        request.method, url, headers=headers, stream=request.stream, extensions=request.extensions
    )


def hosts_of(origins: Mapping[str, str]) -> frozenset[str]:
    """The "host:port" entries that the origins need."""
    urls = [httpx.URL(origin) for origin in origins.values()]
    return frozenset(
        f"{url.host}:{url.port or (443 if url.scheme == 'https' else 80)}" for url in urls
    )
