"""The few things besides painting that may be said to a terminal: modes, queries, the bell, the clipboard.

Each is a whole write of Textual's driver or app. A screen update always ends by placing the cursor, so nothing that
stands in a cell can be taken for one of these.
"""

from __future__ import annotations

import re

SYNC_BEGINS = "\x1b[?2026h"
SYNC_ENDS = "\x1b[?2026l"
SCREEN_ENTERED = "\x1b[?1049h"
SCREEN_LEFT = "\x1b[?1049l"
CURSOR_SHOWN = "\x1b[?25h"
CURSOR_HIDDEN = "\x1b[?25l"

_ALLOWED = re.compile(
    r"\x1b\[\?(?:7|25|1000|1002|1004|1006|1049|2004)[hl]"  # wrap, cursor, mouse, focus, alternate screen, paste
    r"|\x1b\[\?2026\$p"  # do you know synchronised output?
    r"|\x1b\[>[0-9]{1,2}u|\x1b\[<u"  # kitty's keyboard, on and off
    r"|\x07"  # the bell
    r"|\x1b\]52;c;[A-Za-z0-9+/]*={0,2}\x07"  # copy
)


def is_command(data: str) -> bool:
    """Whether a write is one of the sequences that reach the terminal as they are."""
    return _ALLOWED.fullmatch(data) is not None
