"""What a field of an event may hold: the checks that keep one value from forging another field."""

import re
from collections.abc import Mapping
from typing import cast

import msgspec

_BREAKS = re.compile("[\r\n\0\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ID = re.compile(r"[A-Za-z0-9._~:-]{1,256}", re.ASCII)
_NAMES = {"\r": "a carriage return", "\n": "a line feed", "\0": "a NUL"}


def text(name: str, value: str) -> bytes:
    """One line of UTF-8 for the field `name`.

    Raises ValueError when `value` is empty or holds CR, LF, NUL or a lone surrogate: a line break
    would end the field, and what followed would be read as fields of the sender's choosing.
    """
    found = _BREAKS.search(value)
    if found:
        what = _NAMES.get(found[0], f"the lone surrogate U+{ord(found[0]):04X}")
        raise ValueError(
            f"{name}: {what} at position {found.start()} of {value!r}. "
            "This field is one line of text; remove the character or encode it."
        )
    if not value:
        raise ValueError(f"{name}: the text is empty. Leave the field out to get its default.")
    return value.encode()


def event_id(value: str) -> bytes:
    """An event id: 1 to 256 of `A-Z a-z 0-9 . _ ~ : -`, safe in a header and in a log line."""
    if not _ID.fullmatch(value):
        raise ValueError(
            f"id: {value!r} is not an event id. "
            "Use 1 to 256 of the characters A-Z a-z 0-9 . _ ~ : - (base64url fits)."
        )
    return value.encode()


def milliseconds(value: int) -> bytes:
    """A reconnection time: a whole number of milliseconds, not negative."""
    if type(value) is not int or value < 0:
        raise ValueError(f"retry: {value!r} is not a whole, non-negative number of milliseconds.")
    return b"%d" % value


def lines(data: bytes, separator: bytes) -> bytes:
    """`data` with every line break (CRLF, CR, LF) replaced by `separator`."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\n" in data:
        data = data.replace(b"\n", separator)
    return data


def html_bytes(html: str) -> bytes:
    """HTML as UTF-8. NUL and lone surrogates, which no HTML document can hold, become U+FFFD.

    They are replaced and not refused because the markup is finished here: raising would cost the
    whole render for one bad character in somebody's data.
    """
    try:
        data = html.encode()
    except UnicodeEncodeError:
        data = _SURROGATES.sub("\ufffd", html).encode()
    if b"\0" in data:
        data = data.replace(b"\0", b"\xef\xbf\xbd")
    return data


def json_bytes(name: str, value: Mapping[str, object]) -> bytes:
    """`value` as JSON on one line.

    Raises ValueError naming the path of a NaN, an infinity or a lone surrogate, none of which JSON
    has, and TypeError for what has no JSON form.
    """
    try:
        data = _encoder.encode(value if type(value) is dict else dict(value))
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{name}: a string holds the lone surrogate U+{ord(error.object[error.start]):04X}; "
            f"it has no UTF-8 form. The value: {value!r}"
        ) from None
    except RecursionError:
        raise ValueError(f"{name}: the value is nested too deeply, or contains itself.") from None
    if b"null" in data:
        # The encoder writes NaN as null, and in a merge patch null deletes.
        path = _not_a_number(msgspec.to_builtins(value, enc_hook=_plain), "$")
        if path:
            raise ValueError(
                f"{name}: {path} is NaN or infinite, which JSON cannot say. "
                "Send None to delete the signal, or a string to show."
            )
    return data


def _not_a_number(value: object, path: str) -> str | None:
    if isinstance(value, float):
        return path if value - value != 0 else None
    if isinstance(value, dict):
        items = ((f"{path}.{key}", item) for key, item in cast("dict[str, object]", value).items())
    elif isinstance(value, list | tuple):
        values = cast("list[object]", value)
        items = ((f"{path}[{index}]", item) for index, item in enumerate(values))
    else:
        return None
    return next((found for at, item in items if (found := _not_a_number(item, at))), None)


def _plain(value: object) -> object:
    """What the JSON encoder refuses but means no more than a string or an object."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    raise TypeError(
        f"{type(value).__qualname__} has no JSON form: {value!r}. "
        "Send strings, numbers, booleans, None, lists and mappings of them."
    )


_encoder = msgspec.json.Encoder(enc_hook=_plain)
