"""Foreign files are read in bounded pieces, whatever they say of themselves."""

import json
import os
import re
import struct
import zipfile
from pathlib import Path

import pytest

from core.errors import UsageError
from core.interchange.importing import facts, recognise, sources
from core.interchange.importing.recognise import read_file
from core.interchange.importing.sources import open_source


def refused(path):
    with pytest.raises(UsageError) as error:
        read_file(path, {})
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\x80\x04\x95\x1b\x00", "pickle"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"SQLite format 3\0" + b"\0" * 100, "database"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x28\xb5\x2f\xfd\x04", "zstd"),
        (b"a,b\n\0\0,1\n", "no text"),
        (b"\n<!DOCTYPE html>\n<html>", "a page of HTML"),
        (b"problem,answer\n\xff\xfe,1\n", "not UTF-8"),
        (b"PK\x03\x04 and then nothing", "zip that cannot be read"),
        (b"[" * 200_000, "nested too deeply|not JSON"),
        (b'[{"a": NaN}]', "NaN is no number"),
        (b'{"a": ' + b"9" * 10_000 + b"}\n", "not JSON"),
        (b"{}\n", "no column says which problem"),
        (b"[]", "no rows"),
        (b'["x"]', "must be an object"),
        (b'{"eval": {}, "status": "success"}\n', "model: is missing"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(files, content, reason):
    assert re.search(reason, refused(files.write("f", content)))


def test_a_folder_and_a_name_that_nobody_has_are_refused(tmp_path):
    assert "is a folder" in refused(tmp_path)
    assert "no such file" in refused(tmp_path / "nowhere")
    assert "no such file" in refused(tmp_path / "a\0b") or "null" in refused(tmp_path / "a\0b")


def test_a_bomb_is_stopped_by_what_comes_out_of_it(files, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_DOCUMENT", 2**20)
    path = files.zip({"header.json": files.header(), "summaries.json": b" " * 2**24})
    assert path.stat().st_size < 2**15
    assert "holds more than 1 MiB" in refused(path)


def test_a_bomb_of_many_members_is_stopped_too(files, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_CONTENTS", 2**20)
    head = {"header.json": files.header()}
    samples = {f"samples/{n}_epoch_1.json": b" " * 2**18 + b'{"id": "p", "epoch": %d}' % (n + 1) for n in range(8)}
    assert "the zip holds more than" in refused(files.zip(head | samples))


def test_a_size_that_is_a_lie_is_not_believed(files):
    path = files.zip({"header.json": files.header(), "summaries.json": [files.sample()]})
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)  # the size of the last member, unpacked
    path.write_bytes(data)
    assert refused(path)


def test_members_are_words_and_no_paths(files, tmp_path):
    path = files.zip({"header.json": files.header(), "samples/../../../evil.json": files.sample()})
    (run,) = read_file(path, {})
    assert len(run.samples) == 1
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_that_python_would_unpack_without_a_bound_are_refused(files, packed):
    assert "packed in a way" in refused(files.zip({"header.json": files.header()}, packed=packed))


def test_an_encrypted_member_is_refused(files):
    path = files.zip({"header.json": files.header()})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "encrypted" in refused(path)


def test_a_damaged_member_is_refused(files):
    path = files.zip({"header.json": files.header(), "summaries.json": [files.sample(n) for n in map(str, range(50))]})
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    assert refused(path)


def test_a_zip_of_something_else_is_refused(files):
    assert "neither an Inspect log nor a thinktop bundle" in refused(files.zip({"a.txt": b"x"}))
    assert "neither" in refused(files.zip({"manifest.json": {"format": "other"}}))


def test_lines_that_are_too_long_and_too_many_are_refused(files, monkeypatch):
    monkeypatch.setattr(sources, "LONGEST_LINE", 40)
    monkeypatch.setattr(sources, "MOST_ROWS", 2)
    path = files.lines({"id": "a", "right": True, "answer": "x" * 60})
    assert "line 1: is longer" in refused(path)
    monkeypatch.setattr(sources, "LONGEST_LINE", 400)
    assert "more than 2 lines" in refused(files.lines(*[{"id": "a", "right": True}] * 3))


def test_a_file_that_is_too_large_is_refused_unread(files, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_FILE", 3)
    assert "larger than" in refused(files.lines({"id": "a"}))


def test_a_file_keeps_its_own_name_and_hash_only(files):
    source = open_source(files.write("a.b.jsonl", "x"))
    assert (source.file.name, source.stem, len(source.file.sha256)) == ("a.b.jsonl", "a.b", 64)


def test_a_small_zip_may_not_hold_much(files, monkeypatch):
    monkeypatch.setattr(sources, "ANY_CONTENTS", 2**20)
    path = files.zip({"header.json": files.header(), "summaries.json": b" " * 2**23})
    assert "the zip holds more than 1 MiB" in refused(path)


def test_more_values_than_fit_into_memory_are_refused_before_they_are_made(files, monkeypatch):
    monkeypatch.setattr(facts, "MOST_VALUES", 1000)
    content = json.dumps([{"id": "p", "right": True, "more": [[]] * 1000}])
    assert "more than 1,000 values" in refused(files.write("s.json", content))


def test_a_name_of_a_member_that_is_no_text_is_refused(files):
    path = files.zip({"header.json": files.header(), "samples/é.json": files.sample()})
    data = path.read_bytes()
    at = data.rindex("é".encode())
    path.write_bytes(data[:at] + b"\xff\xff" + data[at + 2 :])
    assert "zip that cannot be read" in refused(path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "is no ordinary file" in refused(pipe)
    assert "is no ordinary file" in refused(Path("/dev/zero"))


def test_a_file_that_changes_while_it_is_read_is_refused(files, monkeypatch):
    path = files.lines({"id": "a", "right": True})
    really = recognise.read_table

    def meanwhile(*given):
        runs = really(*given)
        path.write_bytes(path.read_bytes() + b"\n")
        return runs

    monkeypatch.setattr(recognise, "read_table", meanwhile)
    assert "changed while it was read" in refused(path)
