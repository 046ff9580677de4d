"""How a report, and what it was made with, is cited: entries for a bibliography."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING

from core.interchange.tex_text import tex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.interchange.run_facts import RunFacts

_NOT_IN_A_KEY = re.compile(r"[^A-Za-z0-9]+")


def bibliography(runs: Sequence[RunFacts]) -> str:
    """BibTeX entries of thinktop and of each run, in ASCII but for letters of names."""
    return "\n\n".join([_thinktop(), *map(_run, runs)])


def _thinktop() -> str:
    release = version("thinktop")
    return _entry(
        "misc",
        "thinktop",
        {
            "title": "{thinktop}: test-time compute sweeps of language models",
            "author": "{The thinktop developers}",
            "howpublished": "Computer program",
            "note": f"Version {tex(release)}",
        },
    )


def _run(run: RunFacts) -> str:
    models = ", ".join(dict.fromkeys(one.condition.model for one in run.stored.plan.planned))
    started = run.run.started_at or run.run.created_at
    kind = "Simulated test-time compute sweep" if run.run.simulated else "Test-time compute sweep"
    source = run.config.get("problems", {}).get("source")
    of = f" of {tex(models)}" if models else ""
    release = run.versions.get("thinktop", version("thinktop"))
    held = f"{run.status.sums.kept:,} samples" if run.status.sums.planned else "published results"
    made = "imported into" if run.origin is not None else "made with"
    on = f" on {tex(str(source))}" if source and run.origin is None else ""
    return _entry(
        "misc",
        f"thinktop-{_NOT_IN_A_KEY.sub('-', run.run.name).strip('-').lower() or run.run.id}",
        {
            "title": f"{{{tex(run.run.name)}}}: {kind}{of}{on}",
            "year": started[:4],
            "note": f"{held}, {made} thinktop {tex(release)}",
        },
    )


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    width = max(map(len, fields))
    lines = [f"  {name:<{width}} = {{{value}}}" for name, value in fields.items()]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}"
