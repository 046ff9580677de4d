from __future__ import annotations

import csv
import os

import pytest

from core.errors import UsageError
from core.problems import files, read_problems


@pytest.fixture
def read(tmp_path):
    """Reads a file of the given content, text or bytes."""

    def read(name, content, **options):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_problems(name, directory=tmp_path, **options)

    return read


@pytest.fixture
def refused(read):
    """What is said of a file that cannot be used: one line."""

    def refused(name, content, **options):
        with pytest.raises(UsageError) as caught:
            read(name, content, **options)
        message = str(caught.value)
        assert "\n" not in message
        return message

    return refused


def test_each_line_of_json_lines_is_a_problem(read):
    one, two = read("a.jsonl", '{"problem": "1+1?", "answer": "2"}\n\n  \n{"problem": "2+2?", "answer": 4, "x": [1]}')

    assert (one.question, one.answer, one.cluster, one.difficulty) == ("1+1?", "2", None, None)
    assert (two.question, two.answer) == ("2+2?", "4")


@pytest.mark.parametrize("name", ["a.ndjson", "A.JSONL", "a.b.jsonl"])
def test_other_names_of_json_lines_are_known(read, name):
    assert read(name, '{"problem": "1+1?", "answer": "2"}\r\n')[0].answer == "2"


def test_only_a_newline_ends_a_line(read):
    text = "first\u2028second\x85third\x0bfourth"

    assert read("a.jsonl", f'{{"problem": "{text}", "answer": 1}}'.replace("\x0b", "\\u000b"))[0].question == text


@pytest.mark.parametrize(("name", "content"), [
    ("a.jsonl", '{"problem": "1+1?", "answer": "2"}'),
    ("a.csv", "problem,answer\n1+1?,2\n"),
])  # fmt: skip
def test_a_byte_order_mark_is_no_part_of_the_first_field(read, name, content):
    assert read(name, b"\xef\xbb\xbf" + content.encode())[0].question == "1+1?"


@pytest.mark.parametrize(("line", "said"), [
    ('{"problem": "x", "answer": }', "not JSON: Expecting value (column 28)"),
    ("[1]", "not a JSON object"),
    ("[", "not JSON"),
    ('"text"', "not a JSON object"),
    ('{"problem": "x", "answer": NaN}', "NaN is not JSON"),
    ('{"problem": "x", "answer": -Infinity}', "-Infinity is not JSON"),
    ('{"problem": "x", "answer": 1, "answer": 2}', "a field stands there twice"),
    ('{"problem": "x", "answer": ' + "9" * 5000 + "}", "cannot be read"),
    ('{"problem": "x", "answer": 1e99999999999999999999}', "cannot be read"),
    ('{"problem": "x", "answer": 1e999999999}', "more than 100 digits"),
    ("[" * 100_000, "cannot be read"),
])  # fmt: skip
def test_a_line_that_is_no_object_is_refused_with_its_number(refused, line, said):
    message = refused("a.jsonl", '{"problem": "1", "answer": 1}\n\n' + line + "\n")

    assert message.startswith("a.jsonl:3: ")
    assert said in message
    assert len(message) < 300


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
@pytest.mark.parametrize(("line", "said"), [
    (b'{"problem": "\xff"}', "not UTF-8 (byte 14 of the line)"),
    (b'{"problem": "\0"}', "a NUL byte"),
    ("{}".encode("utf-16"), "not UTF-8 (byte 1 of the line)"),
])  # fmt: skip
def test_a_line_that_is_no_text_is_refused_with_its_number(refused, name, line, said):
    first = b'{"problem": "1", "answer": 1}\n' if name.endswith("jsonl") else b"problem,answer\n"

    message = refused(name, first + line)

    assert message.startswith(f"{name}:2: ")
    assert said in message


def test_a_line_without_an_end_is_refused_before_it_fills_the_memory(refused, monkeypatch):
    monkeypatch.setattr(files, "LONGEST_LINE", 1000)

    assert "a.jsonl:2: a line of more than 1,000 bytes" in refused("a.jsonl", b"\n" + b" " * 1001)


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
@pytest.mark.parametrize("content", ["", "\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(refused, name, content):
    assert refused(name, content) == f"{name}: is empty: no problem in it"


def test_a_header_alone_is_an_empty_file(refused):
    assert refused("a.csv", "problem,answer\n") == "a.csv: is empty: no problem in it"


def test_quoted_fields_hold_commas_quotes_and_newlines(read):
    (problem,) = read("a.csv", 'id,problem,answer\r\n7,"Let x, ""y""\r\nbe; find x.", 12 \r\n', id_field="id")

    assert (problem.id, problem.question, problem.answer) == ("7", 'Let x, "y"\r\nbe; find x.', "12")


def test_a_field_larger_than_the_csv_module_takes_is_read(read):
    huge = "long " * 100_000
    limit = csv.field_size_limit()

    (problem,) = read("a.csv", f"problem,answer,solution\nshort,1,{huge}\n")

    assert problem.question == "short"
    csv.field_size_limit(limit)


def test_a_record_is_placed_by_the_physical_line_it_begins_on(refused):
    content = 'problem,answer\n"one\ntwo\nthree",1\n\n"four\nfive",\n'

    assert refused("a.csv", content).startswith("a.csv:6: 'answer' is empty")


@pytest.mark.parametrize(("content", "said"), [
    ("problem,answer\nx\n", "a.csv:2: 1 fields, but the header has 2 ('problem', 'answer')"),
    ("problem,answer\nx,1,2\n", "a.csv:2: 3 fields, but the header has 2"),
    ("problem,answer,problem\nx,1,2\n", "a.csv:1: the header has a name twice"),
    ('problem,answer\nx,1\n"never closed,2\n\n', "a.csv:3: not CSV: unexpected end of data"),
    ('problem,answer\n"x"y,2\n', "a.csv:2: not CSV"),
    ("problem;answer\nx;1\n", "a.csv:1: no field 'problem' (problems.question_field), did you mean 'problem;answer'?"),
])  # fmt: skip
def test_a_record_that_does_not_fit_is_refused_with_its_line(refused, content, said):
    assert said in refused("a.csv", content)


def test_names_in_a_header_have_no_space_around_them(read):
    assert read("a.csv", "problem , answer\nx,1\n")[0].answer == "1"


def test_a_missing_file_is_refused_with_where_it_was_looked_for_and_what_is_like_it(tmp_path):
    (tmp_path / "aime.jsonl").touch()

    with pytest.raises(UsageError, match=r"^amie.jsonl: no such file in .*, did you mean 'aime.jsonl'\?$"):
        read_problems("amie.jsonl", directory=tmp_path)


def test_a_missing_folder_is_a_missing_file(tmp_path):
    with pytest.raises(UsageError, match=r"^no/such/aime.csv: no such file in "):
        read_problems("no/such/aime.csv", directory=tmp_path)


@pytest.mark.parametrize("name", ["a\0b.csv", "x" * 300 + ".csv", "~nobody-of-that-name/a.csv"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match=r"cannot be opened|no such file"):
        read_problems(name, directory=tmp_path)


def test_a_folder_and_a_pipe_are_refused_and_never_waited_for(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.jsonl")

    with pytest.raises(UsageError, match=r"^folder.csv: is a folder"):
        read_problems("folder.csv", directory=tmp_path)
    with pytest.raises(UsageError, match=r"^pipe.jsonl: is not a regular file"):
        read_problems("pipe.jsonl", directory=tmp_path)


def test_a_file_of_absurd_size_is_refused_unread(tmp_path):
    with (tmp_path / "a.jsonl").open("wb") as file:
        file.truncate(files.LARGEST_FILE + 1)  # sparse

    with pytest.raises(UsageError, match=r"^a.jsonl: 2,147,483,649 bytes; at most"):
        read_problems("a.jsonl", directory=tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    (tmp_path / "a.jsonl").touch(mode=0)

    with pytest.raises(UsageError, match=r"^a.jsonl: cannot be read: Permission denied"):
        read_problems("a.jsonl", directory=tmp_path)


def test_an_absolute_path_needs_no_directory(tmp_path, read):
    read("a.csv", "problem,answer\nx,1\n")

    assert read_problems(str(tmp_path / "a.csv"), directory=tmp_path / "elsewhere")[0].question == "x"
