"""`thinktop serve`: its own page, and nobody else's."""

from __future__ import annotations

import shlex
import socket
import sys

import pytest
from aiohttp.test_utils import TestClient, TestServer

from tui.commands.serve import _command, _server


@pytest.fixture
async def page(tmp_path):
    """A client of the server on loopback; what a tab would run leaves a file behind instead."""
    script = f"import pathlib; pathlib.Path({str(tmp_path / 'started')!r}).touch()"
    server = _server("localhost", 8000, shlex.join([sys.executable, "-c", script]))
    async with TestClient(TestServer(await server._make_app())) as client:
        yield client


def own(client):
    return f"http://{client.host}:{client.port}"


async def test_it_answers_its_own_page(page):
    for headers in ({}, {"Origin": own(page)}, {"Host": "localhost:8000"}, {"Host": "[::1]:8000"}):
        async with page.get("/", headers=headers) as answer:
            assert answer.status == 200, headers
            assert "thinktop" in await answer.text()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "http://evil.example", "Host": "evil.example"},
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example:8000"},
        {"Host": "10.0.0.7:8000"},
        {"Host": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js"])
async def test_no_other_site_that_a_browser_has_open_can_reach_it(page, tmp_path, headers, path):
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    async with page.get(path, headers=headers | (upgrade if path == "/ws" else {})) as answer:
        assert answer.status == 403

    assert not (tmp_path / "started").exists()


def test_a_tab_runs_the_monitor_of_this_store(tmp_path):
    place = tmp_path / "a folder; rm -rf" / "runs.db"

    words = shlex.split(_command(place, read_only=True))

    assert words == [sys.executable, "-P", "-m", "tui", "monitor", "--store", str(place), "--read-only"]
    assert "--read-only" not in _command(place, read_only=False)


@pytest.mark.parametrize("port", [0, -1, 65536, 99999])
def test_a_port_that_is_none_is_refused(thinktop, real, port):
    said = thinktop("serve", "--port", port, store=real)

    assert said.code == 2
    assert said.err == f"thinktop: serve --port: must be from 1 to 65535 (got {port})\n"


def test_a_port_that_is_taken_is_said(thinktop, real):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = thinktop("serve", "--port", port, "--host", "127.0.0.1", store=real)

    assert said.code == 1
    assert f"cannot listen on 127.0.0.1:{port}: " in said.err
    assert said.err.rstrip().endswith("choose another with --port")


class Idle:
    def serve(self):
        """End at once."""


@pytest.mark.parametrize(
    ("words", "warned"),
    [([], False), (["--host", "0.0.0.0"], True), (["--host", "0.0.0.0", "--read-only"], False)],
)
def test_whoever_lets_others_in_is_warned(thinktop, real, monkeypatch, words, warned):
    monkeypatch.setattr("tui.commands.serve._server", lambda *_: Idle())

    said = thinktop("serve", *words, store=real)

    assert said.code == 0
    assert ("spend money; --read-only prevents it" in said.err) is warned
    assert "the monitor is at http://" in said.err


def test_without_the_extra_it_says_how_to_get_it(thinktop, real, monkeypatch):
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)

    said = thinktop("serve", store=real)

    assert said.code == 1
    assert "thinktop[web]" in said.err
