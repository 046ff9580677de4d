from __future__ import annotations

from types import SimpleNamespace

from tui.widgets.run_detail import by_budget


def line_of(*conditions: tuple[str, str | int], share: float = 0.5):
    """As much of a run as accuracies by budget look at."""
    rows = [SimpleNamespace(label=label, budget=budget) for label, budget in conditions]
    progress = SimpleNamespace(conditions=rows)
    return SimpleNamespace(listed=SimpleNamespace(progress=progress, accuracies=[share] * len(rows)))


def test_levels_of_several_models_stand_from_the_least_thinking_to_the_most_and_do_not_touch():
    line = line_of(("a", "low"), ("a", "high"), ("b", "minimal"), ("b", "low"))

    head, *_ = by_budget(line, 8)

    assert head.plain.split() == ["accuracy", "minim…", "low", "high"]


def test_more_models_than_there_is_room_for_are_counted():
    lines = by_budget(line_of(*((f"model {number}", 16) for number in range(9))), 5)

    assert len(lines) == 5
    assert lines[-1].plain == "and 6 more"
