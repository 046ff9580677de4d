"""All commands of the command line: what each is called, where it lives, what it is for, and an example.

The page of `thinktop --help` is made of this alone, so that it imports nothing.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """A command, by where its function is to be imported from when it is run."""

    name: str
    path: str
    line: str
    """What it does, for the list of commands."""
    takes: str
    """Its arguments, for the line that says how it is called."""
    example: str


ALONE = "monitor"
"""The command that `thinktop` alone is."""

START, STEER, READ, KEEP = "Start a run", "Steer it", "Read it", "Look after things"

COMMANDS: dict[str, tuple[Command, ...]] = {
    START: (
        Command("demo", "tui.commands.demo:demo", "A whole sweep on the built-in simulator: no key, no network",
                "", "thinktop demo --quick"),
        Command("estimate", "tui.commands.estimate:estimate", "What a sweep would cost, before a cent is spent",
                "[CONFIG]", "thinktop estimate aime.toml --set run.cap_usd=20"),
        Command("run", "tui.commands.run:run", "Start the sweep of a config, or go on with it",
                "[CONFIG]", "thinktop run aime.toml --headless --set run.draws=4"),
    ),
    STEER: (
        Command("pause", "tui.commands.pause:pause", "Send nothing more until resume",
                "[RUN]", "thinktop pause aime-2024 --wait"),
        Command("resume", "tui.commands.resume:resume", "Go on, with a new sampler if none lives",
                "[RUN]", "thinktop resume aime-2024"),
        Command("stop", "tui.commands.stop:stop", "End the sampler, after what is in flight or now",
                "[RUN]", "thinktop stop aime-2024 --now"),
        Command("set", "tui.commands.set:set_live", "Change the cap, concurrency, rates, timeouts",
                "RUN KEY=VALUE...", "thinktop set aime-2024 cap_usd=20 max_concurrency=16"),
        Command("extend", "tui.commands.extend:extend", "Add draws, budgets or problems to a run",
                "RUN", "thinktop extend aime-2024 --draws +100 --budget 2048 --dry-run"),
        Command("retry", "tui.commands.retry:retry", "Ask the draws again that failed for good",
                "RUN", "thinktop retry aime-2024"),
        Command("settle", "tui.commands.settle:settle", "Say what a request in doubt has cost",
                "RUN ATTEMPT --usd X", "thinktop settle aime-2024 1742 --usd 0.39"),
    ),
    READ: (
        Command("monitor", "tui.commands.monitor:monitor", "Watch and steer in the terminal; `thinktop` alone does it",
                "[RUN]", "thinktop monitor aime-2024 --read-only"),
        Command("status", "tui.commands.status:status", "Where a run stands, or all of them",
                "[RUN]", "thinktop status --all"),
        Command("show", "tui.commands.show:show", "Problems, a problem's answers, one draw's text",
                "RUN [PROBLEM [DRAW]]", "thinktop show aime-2024 2024-I-7 3"),
        Command("log", "tui.commands.log:log", "Events: retries, waits, outages, doubts, failures",
                "[RUN]", "thinktop log aime-2024"),
        Command("curve", "tui.commands.curve:curve", "The numbers behind the figures",
                "RUN...", "thinktop curve aime-2024 --json"),
        Command("plot", "tui.commands.plot:plot", "A figure in the terminal",
                "RUN...", "thinktop plot aime-2024 --x cost"),
        Command("export", "tui.commands.export:export", "Samples or a report as a file",
                "RUN... FILE", "thinktop export aime-2024 samples.csv"),
        Command("import", "tui.commands.import_:import_", "Other people's results become runs",
                "FILE...", "thinktop import gpt-5.2_low.eval samples.csv --map budget=limit"),
        Command("regrade", "tui.commands.regrade:regrade", "Read and judge all samples again",
                "RUN", "thinktop regrade aime-2024 --grading kind=math --dry-run"),
    ),
    KEEP: (
        Command("rm", "tui.commands.rm:rm", "Delete a run",
                "RUN", "thinktop rm demo-1"),
        Command("doctor", "tui.commands.doctor:doctor", "Check config, store, key, endpoint and terminal",
                "[CONFIG]", "thinktop doctor aime.toml"),
        Command("serve", "tui.commands.serve:serve", "The monitor in a browser (extra: web)",
                "", "thinktop serve --port 8000"),
        Command("simulate", "tui.commands.simulate:simulate", "Serve the built-in simulator for other programs",
                "", "thinktop simulate --fault 429=0.05 --speed 100"),
    ),
}  # fmt: skip

OPTIONS = (
    ("--store PATH", "The store of a bare `thinktop`; default: $THINKTOP_STORE or runs.db"),
    ("--version", "The version, and nothing else"),
    ("--help, -h", "This page; `thinktop COMMAND --help` explains one command"),
)


def names() -> list[str]:
    """The names of all commands."""
    return [command.name for group in COMMANDS.values() for command in group]


def page() -> str:
    """What `thinktop --help` prints."""
    lines = [
        "thinktop runs, watches and reads sweeps of test-time compute: a model, asked to think",
        "for a budget of tokens, again and again, on problems with known answers.",
        "",
        "Usage: thinktop COMMAND [ARGUMENTS]      thinktop alone opens the monitor",
    ]
    for title, group in COMMANDS.items():
        lines += ["", title, *(f"  {command.name:<11}{command.line}" for command in group)]
    lines += ["", "Options", *(f"  {name:<15}{line}" for name, line in OPTIONS)]
    lines += ["", "Start with: thinktop demo", ""]
    return "\n".join(lines)
