"""Whole error replies in OpenAI's shape: status, headers, body. Pure; who gets one is decided elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass

_JSON = (b"content-type", b"application/json")
_HTML = (b"content-type", b"text/html; charset=utf-8")

GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
"""What a proxy in between says when it lost the server, and sometimes says with status 200."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A whole HTTP reply that is not a completion."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = (_JSON,)


def refusal(status: int, message: str, kind: str, code: str | None = None, *headers: tuple[str, str]) -> Refusal:
    """An error reply; `kind` and `code` are what OpenAI calls `type` and `code`."""
    body = json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}}).encode()
    return Refusal(status, body, (_JSON, *((name.encode(), value.encode()) for name, value in headers)))


def bad_request(message: str) -> Refusal:
    """400, with what is wrong."""
    return refusal(400, message, "invalid_request_error")


def wrong_key() -> Refusal:
    """401; it does not repeat the key, as some servers do."""
    return refusal(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key")


def unknown_model(model: str) -> Refusal:
    """404, with the model's name."""
    message = f"The model `{model}` does not exist or you do not have access to it."
    return refusal(404, message, "invalid_request_error", "model_not_found")


def too_many_requests(wait_s: float, *headers: tuple[str, str]) -> Refusal:
    """429, with Retry-After unless other headers are given."""
    hints = headers or (("retry-after", f"{wait_s:g}"),)
    message = f"Rate limit reached. Please try again in {wait_s:g}s."
    return refusal(429, message, "requests", "rate_limit_exceeded", *hints)


def duration(seconds: float) -> str:
    """Seconds as OpenAI's reset headers spell them: `120ms`, `1s`, `6m0s`."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}m{rest:g}s" if minutes else f"{rest:g}s"


def _reset_headers(wait_s: float) -> Refusal:
    reset = duration(wait_s)
    return too_many_requests(
        wait_s,
        ("x-ratelimit-limit-requests", "500"),
        ("x-ratelimit-remaining-requests", "0"),
        ("x-ratelimit-reset-requests", reset),
        ("x-ratelimit-reset-tokens", reset),
    )


_BROKEN = refusal(500, "The server had an error while processing your request.", "server_error")

_FIXED = {
    "400": bad_request("Unsupported value: this request is refused by the simulator."),
    "401": wrong_key(),
    "402": refusal(402, "Insufficient credits. Add more to go on.", "payment_required", "402"),
    "403": refusal(403, "Country, region, or territory not supported", "request_forbidden", "forbidden"),
    "429_bare": refusal(429, "Too many requests.", "requests", "rate_limit_exceeded"),
    "insufficient_quota": refusal(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
    ),
    "500": _BROKEN,
    "500_billed": _BROKEN,
    "502": Refusal(502, GATEWAY_PAGE, (_HTML,)),
    "503": refusal(503, "The engine is currently overloaded, please try again later.", "service_unavailable"),
}


def refusal_for(fault: str, model: str, wait_s: float) -> Refusal:
    """The reply of a fault of the stage REFUSED.

    Args:
        fault: Its kind.
        model: The model that was asked for.
        wait_s: What a 429 says about how long to wait, in seconds.
    """
    match fault:
        case "404":
            return unknown_model(model)
        case "429":
            return too_many_requests(wait_s)
        case "429_reset":
            return _reset_headers(wait_s)
        case _:
            return _FIXED[fault]
