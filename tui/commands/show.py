"""`thinktop show`: a run's problems, one problem's answers, one draw's text. Each page has a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from core.errors import ThinktopError, UsageError
from core.store import samples
from core.store.opening import reading
from core.store.progress import problems, progress
from core.store.provenance import attempts_of_draw
from core.store.runs import find_run
from core.visible import visible_line
from tui.cli.options import JsonOption, NewestRun, StoreOption, place_of
from tui.console import print_json, stdout
from tui.pages import amounts
from tui.pages.draw_page import DrawPage, print_draw
from tui.pages.problem_list import problem_lines, problem_table
from tui.pages.problem_page import conditions_of, print_problem
from tui.pages.tables import mark

if TYPE_CHECKING:
    import sqlite3

    from core.store.progress import ConditionRow, ProblemRow, Progress

ProblemArgument = Annotated[str | None, Parameter(help="A problem's id, or a unique start of one.")]
DrawArgument = Annotated[int | None, Parameter(help="The number of one of its draws, from 0.")]
LabelOption = Annotated[str | None, Parameter(name="--label", help="Only this label (a configured model).")]
BudgetOption = Annotated[str | None, Parameter(name="--budget", help="Only this budget: tokens, or an effort level.")]


def show(
    run: NewestRun = None,
    problem: ProblemArgument = None,
    draw: DrawArgument = None,
    /,
    *,
    label: LabelOption = None,
    budget: BudgetOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    """The problems of a run; with PROBLEM what was answered to it; with DRAW one answer's whole text.

    One draw where several budgets have it: thinktop show aime-2024 2024-I-7 3 --budget 2048
    """
    place = place_of(store)
    with reading(place) as db:
        run_id = find_run(db, run)
        found = progress(db, run_id)
        meant = [row for row in found.conditions if _is_meant(row, label, budget)]
        if not found.conditions:
            raise ThinktopError(f"run {found.run.name} ({run_id}) has points without samples only: see thinktop curve")
        if not meant:
            there = ", ".join(f"{row.label} {amounts.budget(row.budget)}" for row in found.conditions)
            raise UsageError(f"this run has no such --label or --budget; it has: {there}")
        if problem is None:
            return _problems(db, found, json=json, narrowed=label is not None or budget is not None)
        chosen = _problem(db, run_id, problem)
        if draw is not None:
            page = _draw(db, found, chosen, meant, draw)
            if json:
                print_json({"run": run_id, "simulated": found.run.simulated, **page.to_json()})
            else:
                mark(stdout(), simulated=found.run.simulated)
                print_draw(stdout(), page)
            return 0
        keys = {(row.label, row.budget) for row in meant}
        rows = [row for row in samples.samples(db, run_id, chosen.key) if (row.label, row.budget) in keys]
    asked = conditions_of(rows)
    if json:
        print_json(
            {
                "run": run_id,
                "simulated": found.run.simulated,
                "problem": chosen.key,
                "cluster": chosen.cluster,
                "question": chosen.question,
                "truth": chosen.answer,
                "conditions": [one.to_json() for one in asked],
            }
        )
    else:
        mark(stdout(), simulated=found.run.simulated)
        print_problem(stdout(), chosen, asked, all_draws=budget is not None)
    return 0


def _problems(db: sqlite3.Connection, found: Progress, *, json: bool, narrowed: bool) -> int:
    if narrowed:
        raise UsageError("show: --label and --budget choose among a problem's draws; name a PROBLEM with them")
    lines = problem_lines(db, found)
    if json:
        print_json(
            {
                "run": found.run.id,
                "name": found.run.name,
                "simulated": found.run.simulated,
                "problems": [line.to_json() for line in lines],
            }
        )
        return 0
    out = stdout()
    mark(out, simulated=found.run.simulated)
    out.print(problem_table(lines, width=out.width))
    return 0


def _is_meant(row: ConditionRow, label: str | None, budget: str | None) -> bool:
    return (label is None or row.label == label) and (budget is None or amounts.budget(row.budget) == budget)


def _problem(db: sqlite3.Connection, run_id: int, which: str) -> ProblemRow:
    """The problem that is meant.

    Raises:
        ThinktopError: there is none, or more than one.
    """
    rows = problems(db, run_id)
    found = [row for row in rows if row.key == which] or [row for row in rows if row.key.startswith(which)]
    if len(found) == 1:
        return found[0]
    some = ", ".join(visible_line(row.key, 40) for row in (found or rows)[:8])
    more = f" and {len(found or rows) - 8} more" if len(found or rows) > 8 else ""  # noqa: PLR2004 - as many as above
    problem = "no problem is called" if not found else "more than one problem is meant by"
    raise ThinktopError(f"{problem} {which!r}; there are: {some}{more}")


def _draw(
    db: sqlite3.Connection, found: Progress, problem: ProblemRow, meant: list[ConditionRow], draw: int
) -> DrawPage:
    """All that is known of one draw.

    Raises:
        UsageError: several conditions have a draw of this number.
        ThinktopError: none has.
    """
    run_id = found.run.id
    planned = {
        (cell.label, cell.budget): cell.planned for cell in samples.cells(db, run_id) if cell.problem == problem.key
    }
    having = [row for row in meant if 0 <= draw < planned.get((row.label, row.budget), 0)]
    if not having:
        most = max((planned.get((row.label, row.budget), 0) for row in meant), default=0)
        raise ThinktopError(f"there is no draw {draw}; they are numbered from 0 to {most - 1}")
    if len(having) > 1:
        labels = dict.fromkeys(row.label for row in having)
        budgets = dict.fromkeys(amounts.budget(row.budget) for row in having)
        choose = [f"--label {' or '.join(labels)}"] if len(labels) > 1 else []
        choose += [f"--budget {' or '.join(budgets)}"] if len(budgets) > 1 else []
        raise UsageError(f"draw {draw} is there under {len(having)} conditions; choose one with {' and '.join(choose)}")
    condition = having[0]
    key = (condition.label, condition.budget, draw)
    sample = next(
        (row for row in samples.samples(db, run_id, problem.key) if (row.label, row.budget, row.draw) == key), None
    )
    text, reasoning = (None, None) if sample is None else samples.text(db, sample.id)
    lost = [row for row in samples.failures(db, run_id) if (row.label, row.budget, row.draw) == key]
    return DrawPage(
        problem=problem,
        label=condition.label,
        budget=condition.budget,
        draw=draw,
        priced=condition.priced,
        imported=found.run.imported,
        sample=sample,
        text=text,
        reasoning=reasoning,
        failure=next((row.reason for row in lost if row.problem == problem.key), None),
        attempts=tuple(attempts_of_draw(db, run_id, problem.key, *key)),
    )
