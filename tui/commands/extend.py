"""`thinktop extend`: more draws, budgets or problems for a run. What it does stands in `extending`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from tui.cli.options import NamedRun, StoreOption, YesOption, place_of

_Some = list[str] | None


def extend(
    run: NamedRun,
    /,
    *,
    draws: Annotated[str | None, Parameter(metavar="N", help="+N for N more in each cell, or N in all.")] = None,
    budget: Annotated[_Some, Parameter(negative="", metavar="B", help="Only at this budget; repeatable.")] = None,
    label: Annotated[_Some, Parameter(negative="", metavar="L", help="Only for this label; repeatable.")] = None,
    budgets: Annotated[str | None, Parameter(metavar="B,B", help="New budgets to ask for.")] = None,
    problems: Annotated[str | None, Parameter(metavar="FILE", help="More problems, read as the config says.")] = None,
    dry_run: Annotated[bool, Parameter(negative="", help="Show the estimate, change nothing.")] = False,
    yes: YesOption = False,
    store: StoreOption = None,
) -> None:
    """Add draws, budgets or problems to a run, after showing what they would cost. Nothing is ever taken away.

    Draws that are added once results were seen are flagged: headline accuracy keeps the first plan's, votes use all.
    """
    from tui.steering.extending import extend_run  # noqa: PLC0415 - `--help` does without
    from tui.steering.growth import Wanted  # noqa: PLC0415 - `--help` does without

    wanted = Wanted(draws, tuple(budget or ()), _listed(budgets), tuple(label or ()), problems)
    extend_run(place_of(store), run, wanted, dry_run=dry_run, yes=yes)


def _listed(text: str | None) -> tuple[str, ...]:
    """The parts of `4096,8192`."""
    return () if text is None else tuple(part.strip() for part in text.split(",") if part.strip())
