"""Runs and their plans as rows: made, added to, loaded again, found by name, deleted.

Every function takes a connection and does one thing inside the caller's transaction.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from core.errors import ThinktopError
from core.plan import Held, Live, Plan, Planned
from core.prices import price_from_json, price_to_json
from core.vocabulary import Cell, Condition, Control, Endpoint, Problem

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

INSERT_RUN = """
    INSERT INTO runs (name, created_at, simulated, seed, config, versions, cap_pico, cap_tokens, max_concurrency,
                      max_attempts, give_up_after_s, on_unknown, grader_id)
    VALUES (:name, :now, :simulated, :seed, :config, :versions, :cap_pico, :cap_tokens, :max_concurrency,
            :max_attempts, :give_up_after_s, :on_unknown, :grader_id)
"""

INSERT_PROBLEM = """
    INSERT INTO problems (run_id, position, key, question, answer, cluster, difficulty)
    VALUES (:run_id, (SELECT count(*) FROM problems WHERE run_id = :run_id),
            :id, :question, :answer, :cluster, :difficulty)
    ON CONFLICT (run_id, key) DO NOTHING
"""

INSERT_CONDITION = """
    INSERT INTO conditions (run_id, position, label, model, endpoint, control, budget, token_cap, prompt, system, body,
                            price)
    VALUES (:run_id, (SELECT count(*) FROM conditions WHERE run_id = :run_id),
            :label, :model, :endpoint, :control, :budget, :token_cap, :prompt, :system, :body, :price)
    ON CONFLICT DO NOTHING
"""

CONDITION_ROW = """
    SELECT id FROM conditions WHERE run_id = :run_id AND label = :label AND ifnull(budget, '') = ifnull(:budget, '')
"""

PLAN_CELLS = """
    INSERT INTO cells (run_id, problem_id, condition_id, planned, planned_first)
    SELECT :run_id, id, :condition_id, :draws, :draws FROM problems WHERE run_id = :run_id AND true
    ON CONFLICT (run_id, problem_id, condition_id) DO UPDATE
       SET planned = max(planned, excluded.planned),
           planned_first = CASE WHEN (SELECT started_at FROM runs WHERE id = :run_id) IS NULL
                                THEN max(planned, excluded.planned) ELSE planned_first END
"""

ENDPOINT_ROW = """
    INSERT INTO endpoints (run_id, name, settings) VALUES (:run_id, :name, :settings)
    ON CONFLICT DO UPDATE SET settings = excluded.settings
"""

RUN_ROW = "SELECT * FROM runs WHERE id = :run_id"

PROBLEMS_OF_RUN = """
    SELECT id, key, question, answer, cluster, difficulty FROM problems WHERE run_id = :run_id ORDER BY position
"""

CONDITIONS_OF_RUN = """
    SELECT id, label, model, endpoint, control, budget, token_cap, prompt, system, body, price
      FROM conditions WHERE run_id = :run_id ORDER BY position
"""

CELLS_OF_RUN = """
    SELECT cells.id, problem_id, condition_id, planned
      FROM cells JOIN problems ON problems.id = problem_id JOIN conditions ON conditions.id = condition_id
     WHERE cells.run_id = :run_id ORDER BY problems.position, conditions.position
"""

ENDPOINTS_OF_RUN = "SELECT settings FROM endpoints WHERE run_id = :run_id ORDER BY name"

UNCAPPED_MODELS = """
    SELECT DISTINCT model FROM conditions JOIN runs ON runs.id = run_id
     WHERE run_id = :run_id AND price IS NULL AND cap_pico IS NOT NULL ORDER BY model
"""

HELD_PREFIXES = """
    SELECT cells.id, cells.kept + cells.failed AS held,
           max(ifnull((SELECT max(draw) FROM samples WHERE cell_id = cells.id), -1),
               ifnull((SELECT max(draw) FROM failures WHERE cell_id = cells.id), -1)) + 1 AS until
      FROM cells WHERE run_id = :run_id AND cells.kept + cells.failed > 0
"""

HELD_DRAWS = """
    SELECT draw FROM samples WHERE cell_id = :cell_id AND step = 0
    UNION SELECT draw FROM failures WHERE cell_id = :cell_id AND step = 0
"""


_LISTED = 10
"""Runs that a message names."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as the store has it: its plan, with the rows of its cells."""

    id: int
    plan: Plan
    cells: tuple[Cell, ...]
    state: str
    paused: bool
    stop: str | None
    grader_id: int | None
    worked_s: float
    simulated: bool


def create_run(connection: sqlite3.Connection, plan: Plan, *, grader: str, versions: str, now: str) -> int:
    """The row of a new run with its whole plan."""
    run_id = connection.execute(
        INSERT_RUN,
        {
            "name": plan.name,
            "now": now,
            "simulated": plan.simulated,
            "seed": plan.seed,
            "config": plan.config,
            "versions": versions,
            "grader_id": grader_row(connection, grader),
            **asdict(plan.live),
        },
    ).lastrowid
    assert run_id is not None
    add_to_run(connection, run_id, plan)
    return run_id


def add_to_run(connection: sqlite3.Connection, run_id: int, plan: Plan) -> None:
    """Add what a plan has and the run lacks: problems, conditions, cells, draws. Nothing is taken away."""
    for endpoint in plan.endpoints:
        settings = json.dumps(asdict(endpoint), sort_keys=True)
        connection.execute(ENDPOINT_ROW, {"run_id": run_id, "name": endpoint.name, "settings": settings})
    connection.executemany(INSERT_PROBLEM, [{"run_id": run_id, **asdict(problem)} for problem in plan.problems])
    for one in plan.planned:
        row = {"run_id": run_id, **_condition_values(one.condition)}
        connection.execute(INSERT_CONDITION, row)
        condition_id = connection.execute(CONDITION_ROW, row).fetchone()[0]
        connection.execute(PLAN_CELLS, {"run_id": run_id, "condition_id": condition_id, "draws": one.draws})


def load_run(connection: sqlite3.Connection, run_id: int) -> StoredRun:
    """A run with its plan, as going on with it needs."""
    key = {"run_id": run_id}
    run = _one(connection, RUN_ROW, key)
    problems = {
        row["id"]: Problem(row["key"], row["question"], row["answer"], row["cluster"], row["difficulty"])
        for row in _rows(connection, PROBLEMS_OF_RUN, key)
    }
    conditions = {row.pop("id"): _condition(row) for row in _rows(connection, CONDITIONS_OF_RUN, key)}
    cells = tuple(
        Cell(row["id"], problems[row["problem_id"]], conditions[row["condition_id"]], row["planned"])
        for row in _rows(connection, CELLS_OF_RUN, key)
    )
    draws: dict[Condition, int] = dict.fromkeys(conditions.values(), 0)
    for cell in cells:
        draws[cell.condition] = max(draws[cell.condition], cell.planned)
    plan = Plan(
        name=run["name"],
        seed=run["seed"],
        problems=tuple(problems.values()),
        planned=tuple(Planned(condition, number) for condition, number in draws.items()),
        endpoints=load_endpoints(connection, run_id),
        live=live_of(run),
        config=run["config"],
    )
    return StoredRun(
        run_id,
        plan,
        cells,
        run["state"],
        bool(run["paused"]),
        run["stop"],
        run["grader_id"],
        run["worked_s"],
        bool(run["simulated"]),
    )


def load_endpoints(connection: sqlite3.Connection, run_id: int) -> tuple[Endpoint, ...]:
    """A run's endpoints with their live settings."""
    rows = connection.execute(ENDPOINTS_OF_RUN, {"run_id": run_id})
    return tuple(endpoint_from_json(settings) for (settings,) in rows)


def endpoint_from_json(text: str) -> Endpoint:
    """An endpoint from its row's settings."""
    values: dict[str, Any] = json.loads(text)
    values["headers"] = tuple((name, value) for name, value in values["headers"])
    return Endpoint(**values)


def live_of(run: dict[str, Any]) -> Live:
    """The live settings in a run's row."""
    return Live(**{field.name: run[field.name] for field in fields(Live)})


def held_draws(connection: sqlite3.Connection, run_id: int) -> dict[int, Held]:
    """By cell row: the draws that are recorded or have failed for good; reads single ones only where there are gaps."""
    held: dict[int, Held] = {}
    for row in _rows(connection, HELD_PREFIXES, {"run_id": run_id}):
        if row["held"] == row["until"]:
            held[row["id"]] = Held(row["until"])
        else:
            numbers = connection.execute(HELD_DRAWS, {"cell_id": row["id"]})
            held[row["id"]] = Held(0, frozenset(number for (number,) in numbers))
    return held


def uncapped_models(connection: sqlite3.Connection, run_id: int) -> list[str]:
    """The models of a run with a cap in dollars that it cannot hold for: their price is not known."""
    rows = connection.execute(UNCAPPED_MODELS, {"run_id": run_id})
    return [model for (model,) in rows]


def grader_row(connection: sqlite3.Connection, identity: str) -> int:
    """The row of a grader, made if it is new."""
    connection.execute("INSERT INTO graders (identity) VALUES (?) ON CONFLICT DO NOTHING", (identity,))
    return int(connection.execute("SELECT id FROM graders WHERE identity = ?", (identity,)).fetchone()[0])


def run_named(connection: sqlite3.Connection, name: str) -> int | None:
    """The row of the run with exactly this name."""
    row = connection.execute("SELECT id FROM runs WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def find_run(connection: sqlite3.Connection, which: str | None) -> int:
    """The row of the run that a person means: an id, a name, or a unique start of either; the newest for None.

    Raises:
        ThinktopError: there is none, or more than one.
    """
    runs = [(int(number), str(name)) for number, name in connection.execute("SELECT id, name FROM runs ORDER BY id")]
    if not runs:
        raise ThinktopError("no runs in this store yet; `thinktop demo` makes one")
    if which is None:
        return runs[-1][0]
    exact = [number for number, name in runs if which in (str(number), name)]
    found = exact or [number for number, name in runs if name.startswith(which) or str(number).startswith(which)]
    if len(found) == 1:
        return found[0]
    listed = [one for one in runs if one[0] in found] or runs
    names = ", ".join(f"{name} ({number})" for number, name in listed[-_LISTED:])
    more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    problem = "no run is called" if not found else "more than one run is meant by"
    raise ThinktopError(f"{problem} {which!r}; there are: {names}{more}")


def next_name(connection: sqlite3.Connection, stem: str) -> str:
    """The first of `stem-1`, `stem-2` ... that no run has."""
    taken = {name for (name,) in connection.execute("SELECT name FROM runs")}
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def delete_run(connection: sqlite3.Connection, run_id: int) -> None:
    """Take a run and all that belongs to it out of the store."""
    key = {"run_id": run_id}
    samples = "SELECT samples.id FROM samples JOIN cells ON cells.id = cell_id WHERE run_id = :run_id"
    cells = "SELECT id FROM cells WHERE run_id = :run_id"
    for statement in (
        f"DELETE FROM grades WHERE sample_id IN ({samples})",
        f"DELETE FROM texts WHERE sample_id IN ({samples})",
        f"DELETE FROM samples WHERE cell_id IN ({cells})",
        f"DELETE FROM failures WHERE cell_id IN ({cells})",
        "DELETE FROM attempts WHERE run_id = :run_id",
        "DELETE FROM cells WHERE run_id = :run_id",
        "DELETE FROM runs WHERE id = :run_id",
    ):
        connection.execute(statement, key)


def _condition_values(condition: Condition) -> dict[str, object]:
    values = {field.name: getattr(condition, field.name) for field in fields(Condition)}
    return values | {"price": None if condition.price is None else price_to_json(condition.price)}


def _condition(row: dict[str, Any]) -> Condition:
    price = None if row["price"] is None else price_from_json(row["price"])
    return Condition(**(row | {"control": Control(row["control"]), "price": price}))


def _rows(connection: sqlite3.Connection, query: str, key: Mapping[str, object]) -> Sequence[dict[str, Any]]:
    cursor = connection.execute(query, key)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _one(connection: sqlite3.Connection, query: str, key: Mapping[str, object]) -> dict[str, Any]:
    rows = _rows(connection, query, key)
    if not rows:
        raise ThinktopError(f"run {key['run_id']} is no longer in the store")
    return rows[0]
