"""Grants: what a tab says it has mounted, signed by the application that mounted it.

A grant names a region and its arguments, whose it is, and until when it holds. The tab keeps it and
brings it whenever it opens its stream, to whichever process answers, so mounts need no memory on
the server. It is no right: the region's rule is asked anew each time.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, NoReturn, cast

import msgspec
from markupsafe import Markup

from helio.live.naming import canonical, user_id
from helio.live.recorder import RenderError
from helio.live.region import Region, RegionCall
from helio.live.rights import Visitor
from helio.live.signing import Signer
from helio.live.user import User

LIFETIME = 7 * 24 * 3600
"""Seconds that a grant holds. One that is more than half used is renewed."""

_PURPOSE = "grant"
_KEY = re.compile(r"[\w.:~-]{1,200}", re.ASCII)

Find = Callable[[str, str], Region[...] | None]
"""The region of this qualified name, called under this key; None if it is not (clearly) known."""


class _Payload(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    region: str
    arguments: dict[str, Any]
    users: dict[str, str]  # by parameter: the canonical id of the user it takes
    session: str
    expires: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A call as a grant carries it. Users are named, and loaded anew."""

    call: RegionCall
    arguments: Mapping[str, Any]
    users: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Granted:
    """What a grant permits; `renewed` is a new grant for it, if it will soon be needed."""

    call: RegionCall
    renewed: str | None


def sealed(call: RegionCall) -> Sealed:
    """The call as a grant carries it.

    TypeError, naming the parameter, for an argument that would not be read back as it was.
    """
    if not call.region.lasting:
        raise TypeError(
            f"{call.name} cannot be mounted: it is defined while a request is answered, and no "
            "other request would find it. Define it at the top of the module."
        )
    arguments: dict[str, Any] = {}
    users: dict[str, str] = {}
    for name, value in call.arguments.items():
        if isinstance(value, User):
            users[name] = canonical(user_id(value), call.name)
        else:
            arguments[name] = _written(call, name, value)
    if len({*users.values()}) > 1:
        raise TypeError(
            f"{call.name} cannot be mounted: it takes two users, and the tab is that of one. Pass "
            "the id of the other."
        )
    return Sealed(call, arguments, users)


class Grants:
    """Gives grants, and knows its own again."""

    def __init__(self, signer: Signer, find: Find, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives the seconds since 1970."""
        self._signer = signer
        self._find = find
        self._clock = clock

    def give(self, what: Sealed, session: str) -> str:
        """A grant for a visitor, by the key of his session; "" for one who has none.

        ValueError for arguments that are too long to be carried.
        """
        region = what.call.region.qualified
        arguments, users = dict(what.arguments), dict(what.users)
        return self._signed(
            what.call.key, _Payload(region, arguments, users, session, self._expiry())
        )

    def _expiry(self) -> int:
        return int(self._clock()) + LIFETIME

    def _signed(self, key: str, payload: _Payload) -> str:
        data = json.dumps(msgspec.to_builtins(payload), separators=(",", ":"))
        # The key is for whoever cannot verify the rest, and is verified like it.
        return f"{key}.{self._signer.sign(_PURPOSE, data.encode())}"

    async def read(self, token: str, session: str, visitor: Visitor) -> Granted | None:
        """What a grant permits this visitor; None if it is not ours, over, or another one's.

        What was given to a visitor without a session was for everybody, and he may have one now.
        """
        key, _, signed = token.rpartition(".")
        payload = self._verified(signed)
        if payload is None or payload.session not in ("", session):
            return None
        left = payload.expires - self._clock()
        call = await self._call(payload, key, visitor) if left > 0 else None
        if call is None:
            return None
        if left > LIFETIME / 2:
            return Granted(call, None)
        fresh = msgspec.structs.replace(payload, session=session, expires=self._expiry())
        return Granted(call, self._signed(key, fresh))

    def _verified(self, signed: str) -> _Payload | None:
        data = self._signer.verify(_PURPOSE, signed)
        if data is None:
            return None
        try:
            return msgspec.json.decode(data, type=_Payload)
        except msgspec.MsgspecError:
            return None  # of a build that wrote other ones

    async def _call(self, payload: _Payload, key: str, visitor: Visitor) -> RegionCall | None:
        region = self._find(payload.region, key)
        if region is None or {*payload.arguments, *payload.users} != {*region.signature.parameters}:
            return None
        values = dict(payload.arguments)
        if payload.users:
            values |= dict.fromkeys(payload.users, await visitor.user())
        try:
            for name, value in payload.arguments.items():
                values[name] = _read(region, name, value)
            call = RegionCall(region, tuple(values[name] for name in region.signature.parameters))
            told = [canonical(user_id(values[name]), name) for name in payload.users]
        except (msgspec.ValidationError, TypeError, RenderError):
            return None
        same = call.key == key and told == list(payload.users.values())
        return call if same else None


def key_of(token: str) -> str | None:
    """The key of the region that a grant says it is for, whoever wrote it."""
    key = token.rpartition(".")[0]
    return key if _KEY.fullmatch(key) else None


# Arguments as JSON


def _written(call: RegionCall, name: str, value: object) -> Any:
    """An argument as JSON; TypeError if it would not be read back as it was."""
    where = f"{call.name} cannot be mounted: its argument {name}={value!r}"
    if _holds_user(value):
        raise TypeError(f"{where} has a user inside. Give the region a parameter for the user.")
    try:
        written = msgspec.to_builtins(value, enc_hook=_plain)
        data = json.dumps(written, allow_nan=False)
        again = _read(call.region, name, msgspec.json.decode(data))
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        _refuse(call, name, where, str(error))
    try:
        same = canonical(again, where) == canonical(value, where)
    except RenderError:
        same = False
    if not same:
        _refuse(call, name, where, f"it would be {again!r}")
    return written


def _refuse(call: RegionCall, name: str, where: str, reason: str) -> NoReturn:
    annotation = call.region.signature.parameters[name].annotation
    if annotation is call.region.signature.empty:
        advice = f"Annotate the parameter with its type: {name}: …"
    else:
        shown = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
        advice = f"It is annotated {shown or annotation}: pass a value of exactly that type."
    raise TypeError(f"{where} cannot be carried by the tab and read back ({reason}). {advice}")


def _read(region: Region[...], name: str, value: object) -> object:
    """An argument from its JSON. ValidationError, or TypeError, if it does not fit the type."""
    return msgspec.convert(value, region.hints.get(name, Any), dec_hook=_typed)


def _plain(value: object) -> object:
    """Text of other types: safe markup, names."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _typed(kind: type, value: object) -> object:
    if kind is Markup and isinstance(value, str):
        return Markup(value)  # noqa: S704 (it was safe when this application signed it)
    raise TypeError(f"{kind.__name__} cannot be read from JSON")


def _holds_user(value: object) -> bool:
    """Whether a user is somewhere inside, whose data the tab should not carry."""
    if isinstance(value, User):
        return True
    if isinstance(value, tuple):
        return any(map(_holds_user, cast("tuple[object, ...]", value)))
    if isinstance(value, msgspec.Struct):
        return any(_holds_user(getattr(value, name)) for name in value.__struct_fields__)
    if is_dataclass(value) and not isinstance(value, type):
        return any(_holds_user(getattr(value, field.name)) for field in fields(value))
    return False
