"""Ctrl-C ends Nightdesk quickly while a phone listens to the live stream, and says nothing odd."""

import subprocess
import sys
import threading

import httpx

from tests.browser.people import Manager
from tests.faults.instance import Instance
from workers.children import Child
from workers.drill_instance import own_environment, wait_until_ready


def test_an_open_stream_does_not_hold_the_stop_back(tmp_path):
    environment = own_environment(tmp_path)
    with (tmp_path / "errors").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "nightdesk", "up"], env=environment, stderr=errors,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        child = Child("instance", [], environment)
        child._process = process
        assert wait_until_ready(environment["NIGHTDESK_PORT"], child)
        mia = Manager.signs_up(Instance(child, environment))
        heard = threading.Event()
        listener = threading.Thread(target=_listen, args=(mia.web, heard))
        listener.start()
        assert heard.wait(10)
        process.terminate()
        process.wait(15)
        listener.join(10)
        mia.web.close()
    said = (tmp_path / "errors").read_text()
    assert "graceful shutdown exceeded" not in said
    assert "Traceback" not in said


def _listen(web: httpx.Client, heard: threading.Event) -> None:
    with web.stream("GET", "/v1/events/stream", timeout=20) as answer:
        for _ in answer.iter_lines():
            heard.set()
