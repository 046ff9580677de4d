"""Tables of samples: a line of JSON, a row of CSV, or an object of a list for each draw, with anybody's column names.

One file is one run: each label (its model, unless a column says otherwise) and budget is a condition. Rows of several
runs of the same condition are draws of it, all of them; only our own exports keep runs apart, which they name.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.interchange.importing.columns import columns_of, score_columns
from core.interchange.importing.conditions import Tables, condition_of, numbered
from core.interchange.importing.facts import LONGEST_ANSWER, LONGEST_TEXT, Facts, parsed, refuse
from core.interchange.importing.foreign import SAID, ForeignFailure, ForeignRun, ForeignSample
from core.interchange.importing.tokens import usage_of
from core.interchange.importing.verdicts import is_clean, is_right, said
from core.interchange.sample_rows import FIELDS
from core.vocabulary import Budget, Condition, Control, Grade, Problem, Usage, Verdict

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.interchange.importing.sources import Source

_CUT = frozenset({"length", "max_tokens", "model_length", "max_output_tokens"})
_COMMANDING = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_HEAD = 2**20
_UNNAMED = "model"
"""What the model of a table is called that names none."""
_LONGEST_MESSAGE = 500


@dataclass(slots=True)
class _Found:
    """The rows of one run, as they come."""

    tables: Tables = field(default_factory=Tables)
    samples: list[tuple[tuple[int, int], ForeignSample]] = field(default_factory=list)
    failures: list[tuple[tuple[int, int], ForeignFailure]] = field(default_factory=list)
    rows: int = 0
    seen: set[tuple[int, int, str, int]] = field(default_factory=set)
    """(problem, condition, run, draw) of each row, for what stands there twice."""
    runs: dict[str, int] = field(default_factory=dict)
    texts: int = 0
    answers: int = 0
    """Answers that a source gives, and how many of those are texts."""
    simulated: bool = False


def read_table(source: Source, rows: Iterable[tuple[str, Any]], mapping: Mapping[str, str]) -> tuple[ForeignRun, ...]:
    """The runs of a table: one, or as many as one of our own exports names.

    Args:
        source: The file.
        rows: Where each stands, and what it is.
        mapping: What a person says of its columns.

    Raises:
        UsageError: a value is not what it must be.
    """
    listed = _listed(source, rows)
    names = list(dict.fromkeys(name for facts in listed for name in facts.values))
    ours = set(FIELDS) <= set(names) and not mapping
    columns = columns_of(names, mapping, source.name)
    scores = score_columns(columns, names)
    found: dict[str, _Found] = {}
    for facts in listed:
        run = str(facts.values.get("run") or "") if ours else ""
        _take(_Row(facts, columns, scores, ours=ours), found.setdefault(run, _Found()))
    told = {ours_: theirs for ours_, theirs in columns.items() if ours_ != theirs}
    return tuple(_run(source, name, rows_, columns, told) for name, rows_ in found.items())


def json_lines(source: Source) -> Iterator[tuple[str, Any]]:
    """The rows of a file with an object a line."""
    for number, line in source.lines():
        where = f"{source.name}: line {number}"
        yield where, parsed(line, where)


def json_rows(source: Source, document: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """The rows of a list of objects."""
    for number, row in enumerate(document, start=1):
        yield f"{source.name}: row {number}", row


def csv_rows(source: Source) -> Iterator[tuple[str, Any]]:
    """The rows of comma-separated values below a line of names; commas, semicolons or tabs.

    Raises:
        UsageError: it is none, or no UTF-8.
    """
    before = csv.field_size_limit(LONGEST_TEXT)
    try:
        with source.path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline(_LONGEST_HEAD)
            if len(head) >= _LONGEST_HEAD:
                refuse(source.name, f"has a first line of over {_LONGEST_HEAD:,} characters, where names should be")
            separator = max(",;\t", key=head.count)
            reader = csv.reader(_after(head, file), delimiter=separator, strict=True)
            names = [name.strip() for name in next(reader, [])]
            if len(set(names)) < len(names):
                refuse(source.name, "has two columns of the same name")
            ours = set(FIELDS) <= set(names)
            for number, row in enumerate(reader, start=2):
                if not row:
                    continue
                where = f"{source.name}: row {number}"
                if len(row) != len(names):
                    refuse(where, f"has {len(row)} cells below {len(names)} names")
                cells = map(_as_written, row) if ours else row
                yield where, {name: cell if cell != "" else None for name, cell in zip(names, cells, strict=True)}
    except UnicodeDecodeError:
        refuse(source.name, "is not UTF-8 text")
    except csv.Error as error:
        refuse(source.name, f"is no table of values: {error}")
    finally:
        csv.field_size_limit(before)


def _after(head: str, file: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a file, its first one given; of one without an end, no more at once than a field may have."""
    yield head
    while line := file.readline(LONGEST_TEXT + 2):
        yield line


def _as_written(cell: str) -> str:
    """A cell of our own exports without the apostrophe that keeps spreadsheets from obeying it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_COMMANDING) else cell


def _listed(source: Source, rows: Iterable[tuple[str, Any]]) -> list[Facts]:
    listed = [Facts.of(row, where) for where, row in rows]
    if not listed:
        refuse(source.name, "has no rows")
    return listed


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, by our names for its columns."""

    facts: Facts
    columns: Mapping[str, str]
    scores: Sequence[str]
    ours: bool

    def name(self, ours: str) -> str | None:
        return self.facts.name(self.columns[ours]) if ours in self.columns else None

    def text(self, ours: str, longest: int) -> str | None:
        return self.facts.text(self.columns[ours], longest) if ours in self.columns else None

    def raw(self, ours: str) -> Any:
        return self.facts.values.get(self.columns[ours]) if ours in self.columns else None

    @property
    def problem(self) -> Problem:
        question = self.text("question", LONGEST_TEXT) or ""
        name = self.name("problem") or " ".join(question.split())[:200]
        if not name:
            refuse(self.facts.where, "does not say which problem was answered")
        return Problem(name, question, self.text("truth", LONGEST_ANSWER) or "", self.name("cluster"))

    @property
    def condition(self) -> Condition:
        model = self.name("model") or self.name("label") or _UNNAMED
        control = self.name("control")
        known = Control(control) if control in set(Control) else None
        return condition_of(self.name("label") or model, model, self._budget, known)

    @property
    def _budget(self) -> Budget:
        value = self.raw("budget")
        if value is None or value == "":
            return None
        if isinstance(value, str) and not value.strip().isdecimal():
            return self.name("budget")
        return self.facts.tokens(self.columns["budget"])

    @property
    def given(self) -> str | None:
        """The answer that the source gives, which may be a whole text."""
        return self.text("answer", LONGEST_TEXT)

    @property
    def draw(self) -> int | None:
        return self.facts.whole(self.columns["draw"]) if "draw" in self.columns else None

    @property
    def failed(self) -> str | None:
        """Why it brought no sample; None where it did."""
        value = self.raw("error")
        if not value or value in ("false", "False", "none", "None", "null", "0"):
            return None
        if isinstance(value, dict):
            value = value.get("message") or value.get("type") or "error"
        return "error" if value in (True, 1, "true", "True", "1") else str(value)[:_LONGEST_MESSAGE]

    def usage(self, model: str) -> Usage | None:
        names = {
            what: self.columns[f"{what}_tokens"]
            for what in ("prompt", "completion", "reasoning", "cached", "total")
            if f"{what}_tokens" in self.columns
        }
        if self.ours and self.facts.flag("estimated") and not self.facts.tokens("completion_tokens"):
            return None
        return usage_of(self.facts, "" if self.ours else model, names)

    def sample(self, problem: int, condition: int, truth: str, model: str, *, answers: bool) -> ForeignSample:
        facts, columns = self.facts, self.columns
        seconds = facts.seconds(columns["seconds"]) if "seconds" in columns else None
        text = facts.prose(columns["text"]) if "text" in columns else None
        grades = self._grades(truth, answers=answers)
        if text is None and self.given is not None and not (grades and is_clean(self.given)):
            text = self.given  # what has to be read
        return ForeignSample(
            problem=problem,
            condition=condition,
            draw=0,
            text=text,
            reasoning=facts.prose(columns["reasoning"]) if "reasoning" in columns else None,
            grades=grades,
            usage=self.usage(model),
            estimated=bool(facts.flag(columns["estimated"])) if "estimated" in columns else False,
            billed_pico=facts.pico(columns["cost"]) if "cost" in columns else None,
            seconds=seconds or None,
            kept_at=facts.moment(columns["kept_at"]) if "kept_at" in columns else None,
            finish_reason=self._finish,
            model=self.name("reported_model"),
            fingerprint=self.name("fingerprint"),
            scores=self._scores,
        )

    @property
    def _finish(self) -> str | None:
        reason = self.name("finish_reason")
        cut = self.facts.flag(self.columns["truncated"]) if "truncated" in self.columns else None
        return "length" if cut or reason in _CUT else reason

    @property
    def _scores(self) -> tuple[tuple[str, float], ...]:
        found = ((name, self.facts.real(name, least=-1e308)) for name in self.scores)
        return tuple((name, value) for name, value in found if value is not None)

    def _grades(self, truth: str, *, answers: bool) -> tuple[tuple[str, Grade], ...]:
        answer = self.given
        if self.ours:
            return self._as_exported(answer)
        value = self.raw("graded")
        if value is None or value == "":
            return ()
        right = is_right(value)
        if right is None:
            self.facts.wrong(self.columns["graded"], "right or wrong, such as true, 1 or C; if it is a score: "
                             f"--map score={self.columns['graded']}")  # fmt: skip
        return ((SAID, said(answer, truth, right=right, given=answers)),)

    def _as_exported(self, answer: str | None) -> tuple[tuple[str, Grade], ...]:
        """What stands in a row of ours: verdicts are kept as they are, whatever was cut."""
        verdict = self.facts.name("verdict")
        if verdict is None:
            return ()
        if verdict not in set(Verdict) or (verdict == Verdict.NO_ANSWER) != (answer is None):
            self.facts.wrong("verdict", "right, wrong or no answer, and fit the answer")
        return ((SAID, Grade(answer, Verdict(verdict), self.text("note", LONGEST_ANSWER) or "")),)


def _take(row: _Row, found: _Found) -> None:
    where = row.facts.where
    problem, condition = row.problem, row.condition
    places = found.tables.problem(problem, where), found.tables.condition(condition, where)
    run = "" if row.ours else row.name("run") or ""
    number = row.draw
    order = found.runs.setdefault(run, len(found.runs)), found.rows if number is None else number
    found.rows += 1
    if number is not None:
        if (*places, run, number) in found.seen:
            refuse(where, f"is the second row of draw {number} of problem {problem.id} under {condition}")
        found.seen.add((*places, run, number))
    reason = row.failed
    if reason is not None:
        found.failures.append((order, ForeignFailure(*places, 0, reason)))
        return
    sample = row.sample(*places, problem.answer, condition.model, answers="answer" in row.columns)
    if row.given:
        found.answers += 1
        found.texts += not is_clean(row.given)
    found.samples.append((order, sample))
    found.simulated |= row.ours and bool(row.facts.flag("simulated"))


def _run(source: Source, name: str, found: _Found, columns: Mapping[str, str], told: dict[str, str]) -> ForeignRun:
    samples, failures, cells = numbered(found.samples, found.failures)
    graded = any(sample.grades for sample in samples)
    notes = []
    if graded and "answer" not in columns:
        notes.append("it gives no answers: wrong samples are taken to agree, so what votes earn is a lower bound")
    if samples and all(sample.usage is None for sample in samples):
        notes.append("it does not say how many tokens were generated")
    return ForeignRun(
        name=name or source.stem,
        format="samples",
        files=(source.file,),
        problems=tuple(found.tables.problems.values()),
        conditions=tuple(found.tables.conditions.values()),
        cells=cells,
        samples=samples,
        failures=failures,
        texts=found.texts * 2 > found.answers,
        simulated=found.simulated,
        mapping=told,
        notes=tuple(notes),
    )
