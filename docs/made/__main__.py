"""`python -m docs.made [NAME...] [--tables]`: make anew all pictures or those named, and the guide's tables."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import chdir
from pathlib import Path
from unittest.mock import patch

from docs.made.shots import SHOTS, taken
from docs.made.svg import MOST_BYTES
from docs.made.sweeps import FULL, Size, config_text, staged
from docs.made.tables import fill

IMAGES = Path(__file__).parents[1] / "images"


def take(names: list[str], images: Path, size: Size) -> None:
    """Take pictures in a home that says nothing of whose it is.

    Raises:
        ValueError: one is too large for a page.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("THINKTOP_", "NO_COLOR"))}
    ours["OPENAI_API_KEY"] = "none"  # nothing is sent: a screen asks whether there is one
    with tempfile.TemporaryDirectory() as temporary:
        home = os.path.realpath(temporary)
        folder = Path(home, "sweeps")
        folder.mkdir()
        with patch.dict(os.environ, {**ours, "HOME": home}, clear=True), chdir(folder):
            Path("scaling.toml").write_text(config_text(size), "utf-8")
            place = staged(folder, size)
            for name in names:
                drawn = taken(name, place)
                length = len(drawn.encode())
                if length > MOST_BYTES:
                    raise ValueError(f"{name} has {length:,} bytes; a page takes {MOST_BYTES:,}")
                (images / f"{name}.svg").write_text(drawn, "utf-8")
                sys.stderr.write(f"{name}.svg  {length:,} bytes\n")


def main() -> None:
    """What the command does."""
    parser = argparse.ArgumentParser(prog="python -m docs.made", description="Make pictures and tables anew.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(SHOTS)}; default: all")
    parser.add_argument("--tables", action="store_true", help="only the guide's tables, which takes a second")
    asked = parser.parse_args()
    names = asked.names
    if unknown := set(names) - set(SHOTS):
        parser.error(f"there is no picture {', '.join(sorted(unknown))}")
    fill()
    if not asked.tables:
        take(names or list(SHOTS), IMAGES, FULL)


if __name__ == "__main__":
    main()
