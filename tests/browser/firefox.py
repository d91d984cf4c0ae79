"""Stock Firefox without a screen, driven over WebDriver BiDi."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import signal
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, Self

import aiohttp

from workers.children import dies_with_parent

PREFERENCES: dict[str, str | int | bool] = {
    "dom.push.testing.allowInsecureServerURL": True,
    "dom.push.connection.enabled": True,
    "dom.push.retryBaseInterval": 200,
    "permissions.default.desktop-notification": 1,
    "alerts.useSystemBackend": False,
    "network.proxy.type": 0,
    "remote.active-protocols": 1,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
}
LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
START_LIMIT = 60  # seconds
ANSWER_LIMIT = 30  # seconds
CLOSE_LIMIT = 10  # seconds
PATIENT = aiohttp.ClientWSTimeout(ws_close=2)

# Firefox without a screen draws no action buttons, so this takes the place of the desktop:
# it says every notification was shown, keeps it, and can report a tap on it.
DESKTOP = """(() => {
  const {nsIAlertsService, nsIComponentRegistrar, nsIFactory} = Ci;
  globalThis.nightDesktop = new Map();
  const desktop = {
    QueryInterface: ChromeUtils.generateQI([nsIAlertsService]),
    showAlert(alert, listener) {
      nightDesktop.set(alert.name, {alert, listener});
      Services.tm.dispatchToMainThread(() => listener?.observe(null, "alertshow", alert.cookie));
    },
    closeAlert(name) { nightDesktop.delete(name); },
    teardown() {}, pbmTeardown() {},
  };
  const factory = {
    QueryInterface: ChromeUtils.generateQI([nsIFactory]),
    createInstance: (iid) => desktop.QueryInterface(iid),
  };
  Components.manager.QueryInterface(nsIComponentRegistrar).registerFactory(
    Services.uuid.generateUUID(), "", "@mozilla.org/alerts-service;1", factory);
})()"""
ON_SCREEN = """[...nightDesktop.values()].map(({alert}) => (
  {title: alert.title, body: alert.text, actions: alert.actions.map((one) => one.action)}))"""
TAP = """(({title, action}) => {
  const shown = [...nightDesktop.values()].find(({alert}) => alert.title === title);
  const button = shown.alert.actions.find((one) => one.action === action) ?? null;
  if (action && !button) throw new Error(`no button ${action}`);
  shown.listener.observe(button, "alertclickcallback", shown.alert.cookie);
})"""


class Firefox:
    """`async with Firefox(profile_dir, push_service_ws_url) as firefox`: one window, one page.

    `profile_dir` is made if missing and holds everything Firefox writes. Leaving kills every
    process that was started.
    """

    def __init__(self, profile_dir: Path, push_service_ws_url: str) -> None:
        self.profile = profile_dir
        self._push = push_service_ws_url
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def __aenter__(self) -> Self:
        self._write_preferences()
        async with AsyncExitStack() as stack:
            self._address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            self._process = await self._start()
            self._errors = asyncio.create_task(self._read_errors())
            stack.push_async_callback(self._kill)
            address = await asyncio.wait_for(self._address, START_LIMIT)
            client = await stack.enter_async_context(aiohttp.ClientSession())
            self._line = await client.ws_connect(
                f"{address}/session", timeout=PATIENT, max_msg_size=0
            )
            self._listener = asyncio.create_task(self._listen())
            stack.push_async_callback(self._close)
            await self._begin()
            self._leaving = stack.pop_all()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._leaving.aclose()

    async def open(self, url: str) -> None:
        """Go to `url` and return when it has loaded."""
        page = {"context": self._page, "url": url, "wait": "complete"}
        await self.ask("browsingContext.navigate", page)

    async def evaluate(self, expression: str, *, await_promise: bool = True) -> Any:
        """The value of a JavaScript expression in the page; RuntimeError if it throws."""
        return await self._evaluate(self._page, expression, await_promise=await_promise)

    async def click(self, selector: str) -> None:
        await self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    async def notifications(self) -> list[dict[str, Any]]:
        """What is on the desktop now, oldest first: title, body, actions."""
        return list(await self._evaluate(self._chrome, ON_SCREEN))

    async def tap_notification(self, title: str, action: str = "") -> None:
        """Tap the notification with this title, or its button `action`."""
        which = json.dumps({"title": title, "action": action})
        await self._evaluate(self._chrome, f"{TAP}({which})")

    async def ask(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """One WebDriver BiDi command; RuntimeError if Firefox refuses it."""
        number = next(self._numbers)
        self._asked[number] = asyncio.get_running_loop().create_future()
        await self._line.send_json({"id": number, "method": method, "params": params or {}})
        answer = await asyncio.wait_for(self._asked[number], ANSWER_LIMIT)
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        return dict(answer["result"])

    async def _evaluate(self, context: str, expression: str, *, await_promise: bool = True) -> Any:
        waiting = "await " if await_promise else ""
        params = {
            "expression": f"(async () => JSON.stringify({waiting}({expression})))()",
            "target": {"context": context},
            "awaitPromise": True,
            "userActivation": True,
        }
        answer = await self.ask("script.evaluate", params)
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"].get("value", "null"))

    def _write_preferences(self) -> None:
        self.profile.mkdir(parents=True, exist_ok=True)
        wanted = PREFERENCES | {"dom.push.serverURL": self._push}
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in wanted.items()]
        (self.profile / "user.js").write_text("\n".join(lines))

    async def _start(self) -> asyncio.subprocess.Process:
        command = ["firefox-esr", "--headless", "--no-remote", "--profile", str(self.profile)]
        command += ["--remote-debugging-port", "0", "--remote-allow-system-access"]
        return await asyncio.create_subprocess_exec(
            *command,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ | {"HOME": str(self.profile), "MOZ_CRASHREPORTER_DISABLE": "1"},
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )

    async def _begin(self) -> None:
        await self.ask("session.new", {"capabilities": {}})
        self._page = await self._first_context({})
        self._chrome = await self._first_context({"moz:scope": "chrome"})
        await self._evaluate(self._chrome, DESKTOP)

    async def _first_context(self, scope: dict[str, str]) -> str:
        tree = await self.ask("browsingContext.getTree", scope)
        return str(tree["contexts"][0]["context"])

    async def _read_errors(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            if found := LISTENING.search(line):
                self._address.set_result(found[1].decode())
        if not self._address.done():
            self._address.set_exception(RuntimeError("Firefox ended before it listened"))

    async def _listen(self) -> None:
        async for frame in self._line:
            answer = frame.json()
            asked = self._asked.pop(answer.get("id", 0), None)
            if asked is not None and not asked.done():
                asked.set_result(answer)

    async def _close(self) -> None:
        with suppress(aiohttp.ClientError, RuntimeError, TimeoutError):
            await self.ask("browser.close")
            await asyncio.wait_for(self._process.wait(), CLOSE_LIMIT)
        await self._line.close()
        self._listener.cancel()
        await asyncio.wait([self._listener])

    async def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        await self._errors
