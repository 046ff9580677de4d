from __future__ import annotations

import json
import sys
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import duckdb
import pytest

from core.errors import ThinktopError, UsageError
from core.problems import hub, read_problems
from core.problems.hub import split_files, splits_of

SOURCE = "hf://owner/name"
COMMIT = "0123456789" * 4


def table(path, first, count):
    rows = f"SELECT 'q' || i AS problem, i AS answer, 'u/' || i AS url FROM range({first}, {first + count}) t(i)"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


@pytest.fixture
def data_set(monkeypatch):
    """A data set whose files are on this machine: only the network is left out. Returns what was asked of it."""
    asked = []

    def put(files):
        def fetch(repository, revision, choose, source):
            asked.append((repository, revision, source))
            return [(name, files[name]) for name in choose(list(files))]

        monkeypatch.setattr(hub, "fetch", fetch)
        return asked

    return put


def test_the_shards_of_the_only_split_are_read_in_their_order(tmp_path, data_set):
    for shard in range(3):
        table(tmp_path / f"{shard}.parquet", 10 * shard, 10)
    names = {f"data/train-0000{n}-of-00003.parquet": tmp_path / f"{n}.parquet" for n in (2, 0, 1)}
    asked = data_set({"README.md": None, ".gitattributes": None} | names)

    problems = read_problems(SOURCE, directory=tmp_path, revision="v1.0", limit=25)

    assert [p.answer for p in problems] == [str(n) for n in range(25)]
    assert asked == [("owner/name", "v1.0", SOURCE)]


def test_an_unusable_row_is_placed_by_its_file_and_number(tmp_path, data_set):
    table(tmp_path / "0.parquet", 0, 10)
    data_set({"data/train-00000-of-00001.parquet": tmp_path / "0.parquet"})

    with pytest.raises(UsageError, match=r"^hf://owner/name/data/train-00000-of-00001.parquet: no field 'id' "):
        read_problems(SOURCE, directory=tmp_path, id_field="id")


@pytest.mark.parametrize(("name", "content"), [
    ("test.jsonl", '{"problem": "q", "answer": 1}'), ("test.csv", "problem,answer\nq,1\n"),
])  # fmt: skip
def test_a_data_set_of_text_files_is_read_too(tmp_path, data_set, name, content):
    (tmp_path / "blob").write_text(content)
    data_set({name: tmp_path / "blob"})

    assert read_problems(SOURCE, directory=tmp_path)[0].answer == "1"


def test_the_name_with_the_word_datasets_in_front_is_the_same_data_set(tmp_path, data_set):
    table(tmp_path / "0.parquet", 0, 10)
    asked = data_set({"test.parquet": tmp_path / "0.parquet"})

    read_problems("hf://datasets/AI-MO/aimo-validation-aime", directory=tmp_path)

    assert asked[0][0] == "AI-MO/aimo-validation-aime"


@pytest.mark.parametrize(("files", "splits"), [
    (["data/train-00000-of-00001.parquet"], ["train"]),
    (["data/train-00000-of-00001-6ef3991c06080e14.parquet"], ["train"]),
    (["main/test-00000-of-00001.parquet", "main/train-00000-of-00001.parquet"], ["main/test", "main/train"]),
    (["default/train/0000.parquet", "default/train/0001.parquet"], ["default/train"]),
    (["0000.parquet"], ["0000"]),
    (["aime_2024.parquet", "README.md"], ["aime_2024"]),
    (["test.jsonl", "test.csv", "test.parquet"], ["test"]),
    (["README.md", "x.json", ".hidden.csv"], []),
])  # fmt: skip
def test_a_split_is_named_by_the_path_of_its_files_without_the_shards(files, splits):
    assert list(splits_of(files)) == splits


def test_parquet_is_preferred_to_the_same_rows_as_text():
    assert splits_of(["test.jsonl", "test.parquet", "test.csv"]) == {"test": ["test.parquet"]}


def test_a_split_that_was_not_named_where_there_are_several_is_asked_for():
    with pytest.raises(
        UsageError, match=r"^hf://owner/name: set problems.split to one of its splits: 'test', 'train'$"
    ):
        split_files(["data/train-0-of-1.parquet", "data/test-0-of-1.parquet"], SOURCE, None)


def test_a_split_is_found_by_its_whole_name_or_its_last_word():
    files = ["main/test-0-of-1.parquet", "main/train-0-of-1.parquet", "socratic/train-0-of-1.parquet"]

    assert split_files(files, SOURCE, "test") == split_files(files, SOURCE, "main/test") == files[:1]
    with pytest.raises(
        UsageError, match=r"several splits are called 'train'; .* one of 'main/train', 'socratic/train'$"
    ):
        split_files(files, SOURCE, "train")


def test_a_split_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(UsageError, match=r"no split 'tset' \(problems.split\), did you mean 'test'\?; it has 'test'$"):
        split_files(["test.parquet"], SOURCE, "tset")


def test_a_data_set_in_formats_that_are_not_read_is_refused_with_where_a_copy_may_be():
    with pytest.raises(UsageError, match=r'among its 2 files; .* set problems.revision = "refs/convert/parquet"$'):
        split_files(["README.md", "a.arrow"], SOURCE, None)


@pytest.mark.parametrize("module", ["huggingface_hub", "duckdb"])
def test_without_the_extra_one_line_says_what_to_install(tmp_path, monkeypatch, data_set, module):
    if module == "duckdb":
        data_set({"test.parquet": tmp_path / "0.parquet"})
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(UsageError, match=rf"^hf://owner/name.*: needs {module}, .*: pip install 'thinktop\[data\]'$"):
        read_problems(SOURCE, directory=tmp_path)


class Hub(BaseHTTPRequestHandler):
    """As much of the hub as its client needs to find and download the files of one data set."""

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, *, body):
        self.server.asked.append(self.path)
        path = self.path.partition("?")[0]
        if path in ("/api/datasets/owner/name", "/api/datasets/owner/name/revision/v1"):
            siblings = [{"rfilename": name} for name in self.server.files]
            self.reply(json.dumps({"id": "owner/name", "sha": COMMIT, "siblings": siblings}).encode(), body=body)
        elif path.startswith(start := f"/datasets/owner/name/resolve/{COMMIT}/"):
            self.reply(self.server.files[path.removeprefix(start)], body=body)
        else:
            codes = {"/api/datasets/owner/gated": (403, "GatedRepo"), "/api/datasets/owner/ill": (500, "")}
            status, code = codes.get(path, (404, "RevisionNotFound" if "/revision/" in path else "RepoNotFound"))
            self.reply(b"<html>\nno</html>", status, code, body=body)

    def reply(self, content, status=200, code="", *, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        if code:
            self.send_header("X-Error-Code", code)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """The real client, in front of a hub on loopback."""
    from huggingface_hub import constants  # noqa: PLC0415 - slow to load

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    address = f"http://127.0.0.1:{server.server_port}"
    server.asked = []
    server.files = {"README.md": b"", "data/train-00000-of-00001.parquet": table(tmp_path / "0.parquet", 0, 10)}
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("revision", [None, "v1"])
def test_the_files_are_those_of_the_commit_that_the_revision_was(server, tmp_path, capfd, revision):
    problems = read_problems(SOURCE, directory=tmp_path, where={"url": "7"}, revision=revision)

    assert [(p.question, p.answer) for p in problems] == [("q7", "7")]
    assert not any("README" in path for path in server.asked)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("name", "revision", "said"), [
    ("other", None, "no such data set, or a private one"),
    ("name", "v2", "no revision 'v2' (problems.revision)"),
    ("gated", None, "asks you to accept terms"),
    ("na--me", None, "not the name of a data set"),
])  # fmt: skip
@pytest.mark.usefixtures("server")
def test_what_the_hub_refuses_is_said_in_one_line(tmp_path, name, revision, said):
    with pytest.raises(UsageError) as caught:
        read_problems(f"hf://owner/{name}", directory=tmp_path, revision=revision)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("server")
def test_a_hub_that_is_ill_or_away_is_no_mistake_of_the_user(tmp_path, monkeypatch):
    from huggingface_hub import constants  # noqa: PLC0415 - slow to load

    with pytest.raises(ThinktopError, match=r"^hf://owner/ill: the hub [^\n]*$") as ill:
        read_problems("hf://owner/ill", directory=tmp_path)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ThinktopError, match=r"^hf://owner/name: the hub cannot be reached[^\n]*$") as away:
        read_problems(SOURCE, directory=tmp_path)

    assert not isinstance(ill.value, UsageError)
    assert not isinstance(away.value, UsageError)
