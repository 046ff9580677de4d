"""`python -m bench [SUBJECT ...] [--json] [--rounds N] [--folder DIR]`: measure, and say what missed its target.

`python -m bench soak --help` is a thing of its own: a run that is watched for an hour. So is `python -m bench
calibration --help`: sweeps of known truth, and how often what is said of them is right.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from bench.calibration import calibration
from bench.figures import Figure, table
from bench.machine import facts
from bench.memory import memory
from bench.monitor import monitor
from bench.reads import reads
from bench.science import science
from bench.soak import soak
from bench.startup import startup
from bench.throughput import latency, throughput

WIDTH_OF_A_FILE = 200
SUBJECTS = {
    "throughput": throughput,
    "latency": latency,
    "memory": memory,
    "reads": reads,
    "science": science,
    "startup": startup,
    "monitor": monitor,
}


def main() -> int:
    """0: a missed target is shown, not failed, since another machine or a busy one is no fault of the code."""
    if sys.argv[1:2] == ["soak"]:
        return soak(sys.argv[2:])
    if sys.argv[1:2] == ["calibration"]:
        return calibration(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"of {', '.join(SUBJECTS)}; default: all")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    parser.add_argument("--rounds", type=int, default=3, help="of each comparison; medians are shown (default 3)")
    parser.add_argument("--folder", type=Path, default=None, help="where stores are built: on the disk of interest")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.subjects if name not in SUBJECTS]
    if unknown or arguments.rounds < 1:
        parser.error(f"no such subject: {', '.join(unknown)}" if unknown else "--rounds must be at least 1")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix="bench-") as folder:
        machine = facts(Path(folder))
        console = Console(stderr=True)
        for name in arguments.subjects or SUBJECTS:
            with console.status(f"measuring {name}"):
                figures += SUBJECTS[name](Path(folder), arguments.rounds)
    if arguments.json:
        document = {"machine": machine, "figures": [figure.as_json() for figure in figures]}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        out = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
        out.print(" · ".join(f"{name} {value}" for name, value in machine.items()), highlight=False)
        out.print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
