r"""The math kind: formulas compared by math-verify (extra `math`). Heavy: it must run in a process with a deadline.

Its own time limits are switched off: they need signals and the main thread, and they report a timeout as "not equal",
which would be a wrong answer. What it raises becomes no answer with a note, for the same reason.

Which mark is the answer is decided as for integers; math-verify never gets to fish in the prose around it.
"""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.grading.decision import decide
from core.grading.marks import PLACEHOLDER, Form, Mark
from core.grading.notation import plain
from core.grading.quantity import Reading, excerpt
from core.vocabulary import Grade, Verdict

if TYPE_CHECKING:
    from core.grading.spec import GradingSpec

_LONGEST = 1000
_FORMULA = re.compile(
    r"\s*[*_`]*\s*(?:\$\$?(?P<dollars>[^$]+)\$|\\\((?P<round>.+?)\\\)|\\\[(?P<square>.+?)\\\])", re.DOTALL
)
_PLAIN_FORMULA = re.compile(r"[-+(\[{]?\s*(?:\d|\\[a-z{]|[a-z]\s*[-+*/^=(\d]|[a-zA-Z]\b(?!\s+[a-z]{2}))")
_CLAUSE = re.compile(r",\s+[A-Za-z]{2}|\s+[A-Za-z]{3,}|[.;!?](?=\s|\*|$)")
_WORDS = re.compile(r"[A-Za-z][A-Za-z ]{2,}")
_EDGES = " \t\r\n*_`.,;:"


class MathGrader:
    """Reads the last marked formula of a text and asks math-verify whether it equals the truth.

    A right answer is spelled as the truth is, so that all right answers of a vote agree; a wrong one as sympy has it.
    """

    heavy = True

    def __init__(self, spec: GradingSpec) -> None:
        if importlib.util.find_spec("math_verify") is None:
            raise UsageError("grading.kind 'math' needs math-verify, which is not installed: install thinktop[math]")
        self.identity = spec.identity

    def grade(self, text: str, truth: str) -> Grade:
        """Right, wrong, or no answer with the reason (also where the truth itself cannot be read)."""
        said = decide(text, _formula)
        if said.value is None:
            return Grade(None, Verdict.NO_ANSWER, said.note)
        known = self.canonical(truth)
        if known is not None and plain(said.value) == plain(known):
            return Grade(known, Verdict.RIGHT)
        return _compared(said.value, known or "")

    def canonical(self, truth: str) -> str | None:
        """The truth without what stands around its formula, or None where nothing is left of it."""
        return _unwrapped(truth) or None

    def refusal(self, truth: str) -> str | None:
        """Why a truth cannot be graded, or None; looks at its length only."""
        if self.canonical(truth) is None:
            return "the answer is empty"
        return f"the answer is longer than {_LONGEST} characters" if len(truth) > _LONGEST else None


def _compared(answer: str, truth: str) -> Grade:
    import math_verify  # noqa: PLC0415 - half a second, and only the workers need it

    try:
        known, said = _parsed(math_verify, truth), _parsed(math_verify, answer)
        if not known:
            return Grade(None, Verdict.NO_ANSWER, f"the known answer cannot be read: {excerpt(truth)}")
        if not said:
            return Grade(None, Verdict.NO_ANSWER, f"cannot read: {excerpt(answer)}")
        if math_verify.verify(known, said, timeout_seconds=None, raise_on_error=True):
            return Grade(truth, Verdict.RIGHT)
        return Grade(_spelled(said[0], answer), Verdict.WRONG)
    except Exception as error:  # noqa: BLE001 - sympy raises anything; what fails to compare is not a wrong answer
        return Grade(None, Verdict.NO_ANSWER, f"cannot compare {excerpt(answer)}: {type(error).__name__}")


def _parsed(math_verify: Any, formula: str) -> list[Any]:
    boxed = rf"\boxed{{\text{{{formula}}}}}" if _WORDS.fullmatch(formula) else rf"\boxed{{{formula}}}"
    found: list[Any] = math_verify.parse(boxed, parsing_timeout=None, fallback_mode="no_fallback", raise_on_error=True)
    return found


def _spelled(expression: Any, answer: str) -> str:
    try:
        return str(expression)[:_LONGEST]
    except ValueError:  # a number with more digits than Python prints
        return answer


def _formula(mark: Mark) -> Reading | None:
    content = mark.content
    match mark.form:
        case Form.DELIBERATE:
            content = _unwrapped(content)
        case Form.STATED | Form.ANNOUNCED:
            content = _leading(content)
        case Form.BOLD | Form.LAST_LINE | Form.WHOLE:
            content = _unwrapped(content)
            if _CLAUSE.search(content) or not _PLAIN_FORMULA.match(content):
                return None
    if not content or (len(content) > 1 and PLACEHOLDER.fullmatch(content)):
        return None
    if len(content) > _LONGEST or not mark.complete:
        return Reading(None, f"longer than {_LONGEST} characters")
    return Reading(content)


def _leading(content: str) -> str:
    """The formula that a stated answer begins with, or nothing where it begins with words."""
    match = _FORMULA.match(content)
    if match is not None:
        return _unwrapped(match[match.lastgroup or 0])
    content = content.strip(_EDGES)
    if not _PLAIN_FORMULA.match(content):
        return ""
    end = _CLAUSE.search(content)
    return _unwrapped(content if end is None else content[: end.start()])


def _unwrapped(formula: str) -> str:
    formula = formula.strip(_EDGES)
    match = _FORMULA.fullmatch(formula) or _FORMULA.fullmatch(formula + "$")
    return (match[match.lastgroup or 0] if match is not None else formula).strip(_EDGES)
