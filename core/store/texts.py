"""Long texts as the store keeps them: UTF-8, zstandard; halves of surrogate pairs, which a model can write, survive.

A codec that is made anew costs ten times a short text, and one that two threads use at once breaks: each has its own.
"""

from __future__ import annotations

import hashlib
import threading

import zstandard


class _Codec(threading.local):
    """A compressor and a decompressor of the thread that looks at them."""

    def __init__(self) -> None:
        self.pack = zstandard.ZstdCompressor(level=3).compress
        self.unpack = zstandard.ZstdDecompressor().decompress


_codec = _Codec()


def pack(text: str) -> bytes:
    """A text as it is kept."""
    return _codec.pack(_bytes(text))


def unpack(blob: bytes) -> str:
    """A text as it was kept."""
    return _codec.unpack(blob).decode("utf-8", "surrogatepass")


def as_it_came(blob: bytes, sha: bytes) -> str | None:
    """A text as it was kept; None where it only stands for one that an imported run does not have.

    Args:
        blob: What was kept.
        sha: The hash that its sample has of its text.
    """
    text = unpack(blob)
    return text if sha_of(text) == sha else None


def sha_of(text: str) -> bytes:
    """The SHA-256 of a text, as samples have it."""
    return hashlib.sha256(_bytes(text)).digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
