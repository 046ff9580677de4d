from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import UsageError
from tui.steering.drafting import config_files, demo_draft, edited_draft, file_draft, free_name, save

KEY = "sk-abcdefghijklmnopqrstuvwx"


def test_the_configs_of_a_folder_are_told_from_other_files(sweep_folder):
    (sweep_folder / "another.toml").write_text((sweep_folder / "config.toml").read_text())
    (sweep_folder / "pyproject.toml").write_text('[project]\nname = "x"\n')
    (sweep_folder / "broken.toml").write_text("[[models]]\nname = \n")

    found = config_files(sweep_folder)

    assert [one.path.name for one in found] == ["config.toml", "another.toml", "broken.toml"]
    assert found[0].words == "sweep · o1-mini · builtin:competition"
    assert "broken.toml:2: is not valid TOML" in found[2].words


def test_a_file_with_a_key_in_it_is_listed_and_not_opened(sweep_folder):
    path = sweep_folder / "config.toml"
    path.write_text(f"{path.read_text()}\n# {KEY}\n")

    assert [(one.readable, KEY in one.words) for one in config_files(sweep_folder)] == [(False, False)]
    with pytest.raises(UsageError, match=r"config.toml:22: looks like a key"):
        file_draft(path)


def test_what_an_editor_gives_back_is_not_taken_with_a_key(sweep_folder):
    draft = file_draft(sweep_folder / "config.toml")

    assert edited_draft(draft, "[run]\nname = broken").text == "[run]\nname = broken"
    with pytest.raises(UsageError, match="looks like a key"):
        edited_draft(draft, f"[run]\nname = broken # {KEY}")


def test_a_config_is_saved_without_replacing_another_and_without_a_key(sweep_folder):
    draft = file_draft(sweep_folder / "config.toml").typed(("run", "draws"), "5")

    assert save(draft, sweep_folder / "new.toml", replace=False).name == "new.toml"
    assert "draws = 5" in (sweep_folder / "new.toml").read_text()
    with pytest.raises(UsageError, match="is there already"):
        save(draft, sweep_folder / "config.toml", replace=False)
    with pytest.raises(UsageError, match="looks like a key"):
        save(draft.typed(("run", "notes"), KEY), sweep_folder / "leak.toml", replace=False)
    assert not (sweep_folder / "leak.toml").exists()


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [
        ("a", [], "a"),
        ("a", ["a"], "a-2"),
        ("demo-1", ["demo-1", "demo-2"], "demo-3"),
        ("aime-2024", ["aime-2024"], "aime-2024-2"),
    ],
)
def test_the_next_free_name_counts_on(name, taken, free):
    assert free_name(name, taken) == free


def test_the_demo_can_be_edited_under_a_name_of_its_own():
    draft = demo_draft({"demo-1"})

    assert draft.folder == Path()
    assert draft.config().run.name == "demo-2"
    assert draft.config().simulated
