from __future__ import annotations

from pathlib import Path

import pytest

from core.config import load_config
from core.errors import UsageError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[run]\nname = \n", "config.toml:2: is not valid TOML: invalid value (column "),
        ("[a.b]\n\n[a.b]\n", "config.toml:3: is not valid TOML: cannot declare `a.b` twice (column "),
        ('[run]\nname = """x\n', "config.toml:2: is not valid TOML: "),
        (b"[run]\nname = '\xff'\n", "config.toml:2: is not UTF-8 text; save it as UTF-8"),
        (b"[run]\0", "config.toml: holds NUL bytes: it is not a text file"),
        ("x = " + "[" * 10_000 + "]" * 10_000, "config.toml: is nested too deeply"),
        ("x = " + "[" * 100 + "]" * 100, "config.toml: is nested too deeply"),
        (".".join("a" * 100) + " = 1", "config.toml: is nested too deeply"),
        ("x = 1e99999999999999999999", "config.toml: has a number or a date in it that cannot be read"),
        ("x = " + "1" * 5000, "config.toml: has a number or a date in it that cannot be read"),
        ("# " + "x" * (1 << 20), "config.toml: is larger than a megabyte: is it the file that you meant?"),
    ],
)
def test_a_file_that_cannot_be_read_as_toml_is_one_line(refusal, text, said):
    message = refusal(text)
    assert message.startswith(said)
    assert "\n" not in message


def test_a_missing_file_comes_with_how_to_get_one(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.toml: there is no such file; try `thinktop demo`"):
        load_config(tmp_path / "nowhere.toml", environ={})


@pytest.mark.parametrize("name", [".", "x" * 5000, "a\0b"])
def test_a_path_that_is_no_file_is_one_line(tmp_path, name):
    with pytest.raises(UsageError) as refused:
        load_config(tmp_path / name, environ={})
    assert "\n" not in str(refused.value)
    assert "\0" not in str(refused.value)


def test_a_byte_order_mark_is_no_fault(load, smallest):
    assert load(b"\xef\xbb\xbf" + smallest.encode()).run.name == "try"


def test_the_default_is_config_toml_where_one_is(tmp_path, monkeypatch, smallest):
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text(smallest)
    assert load_config(environ={}).run.name == "try"
