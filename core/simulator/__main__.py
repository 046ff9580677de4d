"""A simulator as a process: `python -P -m core.simulator`.

Reads one line of JSON settings from standard input (an empty line: the defaults), prints one line of JSON with its
address once it listens, and ends when its standard input closes. What cannot start says so in one line on stderr.
"""

from __future__ import annotations

import asyncio
import sys

from core.errors import ThinktopError
from core.simulator.process import serve_while_input_is_open
from core.simulator.settings import SimulatorSettings

_INTERRUPTED = 130


def main() -> int:
    """The exit code of a whole life."""
    try:
        settings = SimulatorSettings.from_json(sys.stdin.buffer.readline().strip() or b"{}")
        asyncio.run(serve_while_input_is_open(settings))
    except ThinktopError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
