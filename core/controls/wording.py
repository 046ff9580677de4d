r"""The words of a question: built-in prompts, and what is filled into them.

Owns the two placeholders, `{budget}` and `{problem}`. A prompt may hold any other braces (`\boxed{}`, `\frac{a}{b}`),
so nothing here uses `str.format`. Knows nothing of request fields.
"""

from __future__ import annotations

from core.errors import UsageError
from core.vocabulary import Budget, Control

BUDGET = "{budget}"
PROBLEM = "{problem}"

_ENDINGS = {
    "integer": r"Give the final answer on the last line: a single integer inside \boxed{}, and nothing else.",
    "math": r"Give the final answer on the last line, as a mathematical expression inside \boxed{}, and nothing else.",
    "choice": r"Give the final answer on the last line: the letter of one choice inside \boxed{}, and nothing else.",
    "exact": r"Give the final answer on the last line, as short as it can be, inside \boxed{}, and nothing else.",
}

_SPENDING = (
    "Reason step by step before you answer. Spend about {budget} tokens on this reasoning. If you have an answer "
    "before that, go on: check every step and try a second way until the tokens are used."
)
_FREELY = "Reason step by step before you answer."


def default_prompt(control: Control, grading_kind: str) -> str:
    """The built-in prompt template, with `{problem}` in it, and `{budget}` where the control is `prompt`.

    Kinds with a reader of their own (`regex`, `judge`) ask for a short final answer, as `exact` does.
    """
    instructions = _SPENDING if control is Control.PROMPT else _FREELY
    ending = _ENDINGS.get(grading_kind, _ENDINGS["exact"])
    return f"{instructions}\n\n{PROBLEM}\n\n{ending}"


def fill(template: str, problem: str) -> str:
    """The user message: the template with the problem's text in place of `{problem}`.

    One pass: placeholders inside the problem's own text stay as they are.
    """
    return template.replace(PROBLEM, problem)


def words(control: Control, budget: Budget, prompt: str, system: str | None) -> tuple[str, str | None]:
    """Prompt and system message with the budget filled in and `{problem}` left.

    Raises:
        UsageError: `{problem}` is missing, or `{budget}` is missing where the words carry it, or stands where
            there is no budget to put in its place.
    """
    if PROBLEM not in prompt:
        raise UsageError("the prompt has no {problem} in it, so the question would never be asked: add {problem}")
    if system is not None and PROBLEM in system:
        raise UsageError("{problem} stands in the system message, where it is not filled in: move it to the prompt")
    named = BUDGET in prompt or (system is not None and BUDGET in system)
    if control is Control.PROMPT and not named:
        raise UsageError(
            "control = 'prompt' asks for the budget in words, but the prompt has no {budget}: add {budget}"
        )
    if budget is None:
        if named:
            raise UsageError("the prompt names {budget}, but control = 'none' has no budget: take {budget} out")
        return prompt, system
    filled = str(budget)
    return prompt.replace(BUDGET, filled), None if system is None else system.replace(BUDGET, filled)
