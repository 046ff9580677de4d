"""`thinktop serve`: the monitor in a browser, on this machine only unless told otherwise."""

from __future__ import annotations

import os
import shlex
import socket
import sys
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from cyclopts import Parameter

from core.errors import ThinktopError, UsageError
from tui.cli.options import StoreOption, place_of
from tui.console import stderr

if TYPE_CHECKING:
    from aiohttp import web

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PORTS = range(1, 65536)


def serve(
    *,
    port: Annotated[int, Parameter(help="The port to listen on.")] = 8000,
    host: Annotated[
        str, Parameter(help="The address to listen on; others than this machine's are warned of.")
    ] = "localhost",
    read_only: Annotated[bool, Parameter(negative="", help="Watch only: nothing can be changed.")] = False,
    store: StoreOption = None,
) -> int:
    """Serve the monitor to a browser; each tab is a monitor of its own.

    There is no password: whoever reaches the port can steer runs, and so spend money. It listens to this machine only;
    over a network, forward the port through ssh, or give --read-only.
    """
    if port not in _PORTS:
        raise UsageError(f"serve --port: must be from 1 to 65535 (got {port})")
    try:
        server = _server(host, port, _command(place_of(store).path, read_only=read_only))
    except ModuleNotFoundError as error:
        raise ThinktopError("serve needs the extra `web`: install it with `pip install 'thinktop[web]'`") from error
    console = stderr()
    if host not in _LOOPBACK and not read_only:
        console.print(
            f"warning: whoever reaches {host}:{port} can steer runs and spend money; --read-only prevents it",
            soft_wrap=True,
        )
    console.print(f"the monitor is at http://{host}:{port}; Ctrl-C ends it", soft_wrap=True)
    try:
        server.serve()
    except OSError as error:
        raise ThinktopError(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from error
    return 0


def _command(store: os.PathLike[str], *, read_only: bool) -> str:
    """What each tab runs."""
    words = [sys.executable, "-P", "-m", "tui", "monitor", "--store", os.fspath(store)]
    return shlex.join([*words, *(["--read-only"] if read_only else [])])


def _is_ours(asked: str, host: str) -> bool:
    """Whether a page was asked for by an address of ours: any other name may be another site's that leads here."""
    if host in _LOOPBACK:
        return asked in _LOOPBACK
    with suppress(ValueError):
        ip_address(asked)
        return True
    return asked in (host, socket.gethostname(), *_LOOPBACK)


def _server(host: str, port: int, command: str) -> Any:
    """A server that answers pages of its own address only: no other site that a browser has open may steer runs."""
    from aiohttp import web  # noqa: PLC0415 - for this command only
    from textual_serve.server import Server  # noqa: PLC0415 - as above

    @web.middleware
    async def own_pages_only(request: web.Request, handler: Any) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="this monitor answers its own page only")
        if not _is_ours(urlsplit(f"//{request.host}").hostname or "", host):
            raise web.HTTPForbidden(text="this monitor answers to its own address only")
        response: web.StreamResponse = await handler(request)
        return response

    class OwnPages(Server):
        """The package's server behind that check, without its log on the terminal."""

        async def _make_app(self) -> web.Application:
            app: web.Application = await super()._make_app()
            app.middlewares.append(own_pages_only)
            return app

        def initialize_logging(self) -> None:
            """Nothing: the package's own log would print the values of variables."""

        async def on_startup(self, app: web.Application) -> None:
            """Nothing: what is to be said has been said."""

    return OwnPages(command, host=host, port=port, title="thinktop")
