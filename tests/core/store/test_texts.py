"""Long texts, kept and given back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.store.texts import pack, unpack


@pytest.mark.parametrize("text", ["", "so 42", "\ud800 half", "é" * 10_000, "a\0b"])
def test_a_text_comes_back_as_it_was(text):
    assert unpack(pack(text)) == text


def test_threads_do_not_get_each_others_texts():
    texts = [f"{n} " * 20_000 for n in range(64)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: unpack(pack(text)), texts)) == texts
