"""What was asked and what was written in a sample of Inspect's, whose messages are texts or lists of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from core.interchange.importing.facts import LONGEST_TEXT, Facts
from core.store.draws import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

_ATTACHED = "attachment://"
"""Long texts are kept apart, under their hash."""


class Written(NamedTuple):
    """What a model wrote; None where the log does not have it, or it is empty."""

    text: str | None
    reasoning: str | None
    stopped: str | None
    model: str | None


def asked_of(facts: Facts) -> str:
    """The question of a sample: its input, or what the user says in it, with the choices below."""
    value = facts.values.get("input")
    attached = facts.within("attachments").values
    if isinstance(value, list):
        messages = [Facts.of(one, f"{facts.where}: input") for one in value]
        parts = [_content(one, attached)[0] for one in messages if one.values.get("role", "user") == "user"]
        question = "\n\n".join(part for part in parts if part)
    else:
        question = _resolved(facts.text("input", LONGEST_TEXT) or "", attached)
    choices = facts.values.get("choices")
    if isinstance(choices, list) and choices:
        lettered = (f"{chr(ord('A') + number)}) {choice}" for number, choice in enumerate(choices[:26]))
        question = "\n".join([question, *lettered])
    return whole(question).replace("\0", "\ufffd")


def written_by(facts: Facts) -> Written:
    """What the model wrote last, which is what was scored."""
    output = facts.within("output")
    choices = output.items("choices")
    if not choices:
        completion = output.prose("completion")
        return Written(completion or None, None, None, output.name("model"))
    choice = Facts.of(choices[0], output.where)
    message = choice.within("message")
    text, reasoning = _content(message, facts.within("attachments").values)
    return Written(text or None, reasoning or None, choice.name("stop_reason"), output.name("model"))


def _content(message: Facts, attached: Mapping[str, Any]) -> tuple[str, str]:
    """(text, reasoning) of a message."""
    content = message.values.get("content")
    if not isinstance(content, list):
        return _resolved(message.prose("content") or "", attached), ""
    texts, thoughts = [], []
    for part in content:
        one = Facts.of(part, f"{message.where}: content")
        if one.values.get("type") == "reasoning":
            if one.values.get("redacted") is not True:
                thoughts.append(_resolved(one.prose("reasoning") or "", attached))
            elif summary := one.prose("summary"):
                thoughts.append(_resolved(summary, attached))
        elif one.values.get("type") == "text":
            texts.append(_resolved(one.prose("text") or "", attached))
    return "\n".join(texts), "\n".join(thoughts)


def _resolved(text: str, attached: Mapping[str, Any]) -> str:
    if not text.startswith(_ATTACHED):
        return text
    found = attached.get(text.removeprefix(_ATTACHED))
    return found[:LONGEST_TEXT] if isinstance(found, str) else text
