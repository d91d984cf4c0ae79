"""A page for practice: a real HTTP server where it stands until it is taken down."""

from aiohttp import web

PATH = "/page"


class PracticePage:
    """GET tells whether it is shown to everybody, PUT changes that; both speak {"shown": …}.

    Like a real one on a bad night it may be `closed` and allow nothing, or `stubborn`: it says yes
    and stays as it is.
    """

    def __init__(self) -> None:
        self.shown = True
        self.closed = False
        self.stubborn = False

    def add_routes(self, app: web.Application) -> None:
        """Serve it beside whatever else the application serves."""
        app.router.add_get(PATH, self._tell)
        app.router.add_put(PATH, self._take)

    async def _tell(self, _: web.Request) -> web.Response:
        return web.json_response({"shown": self.shown})

    async def _take(self, request: web.Request) -> web.Response:
        wish = await request.json()
        if not isinstance(wish.get("shown"), bool):
            raise web.HTTPBadRequest(text="shown is true or false")
        if self.closed:
            raise web.HTTPForbidden
        if not self.stubborn:
            self.shown = wish["shown"]
        return web.Response(status=204)
