"""Signals as a request brings them: hostile input, checked before anything reads it."""

from typing import Any, Final, NoReturn, cast

import msgspec

MAX_SIZE: Final = 64 * 1024
"""Bytes of JSON."""
MAX_DEPTH: Final = 32
"""Objects and lists inside one another; the signals object itself is the first."""
MAX_KEYS: Final = 1000
"""Keys of all objects together."""

# A page that merged these into an object would change what every object inherits.
_POISON: Final = frozenset({"__proto__", "constructor", "prototype"})


class SignalsError(Exception):
    """A request's signals cannot be read: the fault is the client's.

    `status` is the HTTP status to answer with (400 or 413), `message` the reason in one line.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def decode_signals(data: bytes) -> dict[str, msgspec.Raw]:
    """The top-level signals of a JSON body or of the query's `datastar` value.

    The envelopes `{"datastar": {"signals": {…}}}` and `{"signals": {…}}` are unwrapped when they
    are the only key. The keys `__proto__`, `constructor` and `prototype` are dropped at every
    depth. Of a repeated key the last value counts. Each value comes back as JSON written anew, so
    whoever decodes it meets nothing that was not checked here: no repeated or dropped key, nothing
    deeper than 32, no number or string that JSON cannot say.

    Raises SignalsError: 413 above 64 KiB; 400 for anything but one JSON object in valid UTF-8
    without lone surrogates, at most 32 deep, with at most 1000 keys.
    """
    if len(data) > MAX_SIZE:
        raise SignalsError(
            413, f"The signals are {len(data):,} bytes; at most {MAX_SIZE:,} are accepted."
        )
    try:
        value = _decoder.decode(data)
    except RecursionError:
        _refuse(f"they are nested deeper than {MAX_DEPTH} levels")
    except UnicodeDecodeError as error:
        _refuse(f"byte {error.object[error.start]:#04x} is not UTF-8")
    except msgspec.MsgspecError as error:
        _refuse(f"they are not JSON ({error})" if data else "the body is empty")
    if not isinstance(value, dict):
        _refuse(f"they must be a JSON object, not {_kind(value)}")
    found = cast("dict[str, Any]", value)
    _check(found)
    try:
        return {key: msgspec.Raw(_encoder.encode(item)) for key, item in _unwrap(found).items()}
    except (ValueError, RecursionError):
        _refuse("a string holds a lone surrogate")


def _check(signals: dict[str, Any]) -> None:
    """Walk by levels, so that depth costs no stack; drop poisonous keys; count the rest."""
    level: list[Any] = [signals]
    depth = keys = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            _refuse(f"they are nested deeper than {MAX_DEPTH} levels")
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                keys += len(cast("dict[str, Any]", node))
                for key in _POISON.intersection(cast("dict[str, Any]", node)):
                    del node[key]
                children = cast("dict[str, Any]", node).values()
            else:
                children = node
            below += [child for child in children if type(child) is dict or type(child) is list]
        if keys > MAX_KEYS:
            _refuse(f"they have more than {MAX_KEYS} keys")
        level = below


def _unwrap(signals: dict[str, Any]) -> dict[str, Any]:
    if len(signals) != 1:
        return signals
    envelope = signals.get("datastar")
    inner = cast("dict[str, Any]", envelope) if isinstance(envelope, dict) else signals
    found = inner.get("signals")
    return cast("dict[str, Any]", found) if isinstance(found, dict) else signals


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    return "a string" if isinstance(value, str) else "a list"


def _refuse(reason: str) -> NoReturn:
    raise SignalsError(400, f"The signals cannot be read: {reason}.")


_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()
