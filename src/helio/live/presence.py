"""Presence: who is where now, and what they do there, such as typing.

class Where(Presence):
    room: int
    typing: bool = False

h.main(presence(Where(room=5)))[…]      whoever has this in his page is present in room 5
h.input(Where.typing.while_input(3))    `typing` is true until 3 s after the last input
Where.count(room=5)                     read in a region, it is kept current
"""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NoReturn, Self, TypeVar, dataclass_transform

import msgspec

from helio.attrs.helper import Helper
from helio.live.naming import user_id
from helio.live.places import NAME, Places
from helio.live.presences import PURPOSE, presences
from helio.live.readings import Reading, first_topic
from helio.live.recorder import record
from helio.live.roll import Roll
from helio.live.signing import signing
from helio.live.user import User


class PresenceField:
    """A field as it stands on the class, `Where.typing`."""

    __slots__ = ("_name", "_places")

    def __init__(self, places: Places, name: str) -> None:
        self._places = places
        self._name = name

    def while_input(self, seconds: float) -> Helper:
        """On a field for input: the value is true from an input on until so many seconds after
        the last one.

        TypeError for a field that is not a bool with a default, ValueError for no time at all.
        """
        if not self._places.is_value(self._name):
            raise TypeError(
                f"{self!r} has no default, so it is part of the place, which a tab cannot change; "
                f"give it one, {self._name}: bool = False"
            )
        if self._places.type_of(self._name) is not bool:
            raise TypeError(f"{self!r} is not a bool: while_input makes it true and false")
        if not 0 < seconds < math.inf:
            raise ValueError(f"{self!r}.while_input({seconds!r}): give a number of seconds")
        milliseconds = max(1, round(seconds * 1000))
        name = f"{self._places.prefix}.{self._name}"
        return Helper({"data-presence-while": f"{name} {milliseconds}"})

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} is the field, not what somebody does: that is in what "
            f"{self._places.short}.first(…) returns"
        )

    def __repr__(self) -> str:
        return f"{self._places.short}.{self._name}"


class _Field:
    """A field's descriptor: itself on the class, the value on an instance."""

    __slots__ = ("_name", "_slot")

    def __init__(self, name: str, slot: Any) -> None:
        self._name = name
        self._slot = slot

    def __get__(self, instance: object, owner: "PresenceMeta") -> Any:
        if instance is None:
            return PresenceField(owner.__presence_places__, self._name)
        return self._slot.__get__(instance, owner)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class PresenceMeta(msgspec.StructMeta):
    """Makes the class: its names checked, its fields usable in markup."""

    __presence_places__: Places

    def __new__(
        mcls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        prefix: str | None = None,
    ) -> "PresenceMeta":
        """The class; `prefix` as `Presence` says."""
        struct = super().__new__(mcls, name, bases, namespace, kw_only=True, frozen=True)
        if not any(isinstance(base, PresenceMeta) for base in bases):
            return struct
        first = next(each for each in reversed(struct.__mro__) if isinstance(each, PresenceMeta))
        taken = vars(first)
        for field in struct.__struct_fields__:
            _check_name(struct, field, taken)
            slot = struct.__dict__.get(field)
            if slot is not None:
                type.__setattr__(struct, field, _Field(field, slot))
        type.__setattr__(struct, "__presence_places__", Places(struct, prefix))
        return struct


def _check_name(struct: type, field: str, taken: Mapping[str, object]) -> None:
    where = f"{struct.__name__}.{field}"
    if NAME.fullmatch(field) is None:
        raise TypeError(f"{where} cannot stand in the markup: use A-Z a-z 0-9 and underscores")
    if field in taken:
        raise TypeError(f"{where} hides Presence.{field}: give the field another name")


class Presence(msgspec.Struct, metaclass=PresenceMeta):
    """Where somebody is, and what he does there: `class Where(Presence): room: int`.

    Fields without default are the place. The server signs it, so nobody can be where no page has
    put him. Fields with defaults are values, which each tab says of itself; they are held to
    their types. `presence(Where(room=5))` on an element makes present whoever has it in his page;
    `count`, `first` and `has` read it, each of them kept current by itself.

    In the markup a class is called by its name in snake case. Two of one name on the same page
    need a `prefix="…"` of their own if a tab says values of both.
    """

    __presence_places__: ClassVar[Places]

    @classmethod
    def count(cls, **place: Any) -> int:
        """How many are at this place: users, else visitors by session, each counted once.

        TypeError for a place with other fields than the class has; LookupError outside of pages,
        regions and commands. So do `first` and `has`.
        """
        roll, key, _ = _at(cls, "count", place)
        record(Reading(key, "count"))
        return roll.count(key)

    @classmethod
    def first(cls, n: int, /, **place: Any) -> "list[Present[Self]]":
        """The first `n` who are at this place, in order of arrival."""
        roll, key, named = _at(cls, "first", place)
        if n < 1:
            raise ValueError(f"{cls.__name__}.first({n!r}, …): give how many, at least 1")
        record(first_topic(key, n))
        places = cls.__presence_places__
        return [
            Present(user, places.instance(named, values)) for user, values in roll.first(key, n)
        ]

    @classmethod
    def has(cls, user: object, /, **place: Any) -> bool:
        """Whether this user is at this place: a `User`, or the id of one. None never is."""
        roll, key, _ = _at(cls, "has", place)
        if user is None:
            return False
        known_by = user_id(user) if isinstance(user, User) else user
        if not isinstance(known_by, Hashable):
            raise TypeError(f"{cls.__name__}.has({user!r}, …): give a user, or the id of one")
        record(Reading(key, "has", known_by))
        return roll.has(key, known_by)

    def __presence__(self) -> str:
        """The name of its kind and a signed token of the place, as markup carries it."""
        places = type(self).__presence_places__
        where = f"presence({self!r})"
        key = places.place_of(self, where)
        return f"{places.prefix} {signing(where).sign(PURPOSE, key.encode())}"


P = TypeVar("P", bound=Presence)


@dataclass(frozen=True, slots=True)
class Present(Generic[P]):
    """One who is present: `present.user`, and by the class's name what he does,
    `present.where.typing`.

    A user with several tabs at the place is one, with the values of the tab that last changed
    them.
    """

    user: Any
    """The application's `User`; None for a visitor."""
    presence: P

    def __getattr__(self, name: str) -> P:
        if name.startswith("_") or name == "presence":  # while it is being copied, say
            raise AttributeError(name)
        known = type(self.presence).__presence_places__.prefix
        if name != known:
            raise AttributeError(f"Present has no {name!r}: it has 'user' and {known!r}")
        return self.presence


def _at(
    cls: type[Presence], method: str, place: Mapping[str, object]
) -> tuple[Roll, str, dict[str, object]]:
    """Who is present, the key of the place, and its fields."""
    inside = ", ".join(f"{name}={value!r}" for name, value in place.items())
    where = f"{cls.__name__}.{method}({inside})"
    places = cls.__presence_places__
    named = places.place(place, where)
    found = presences.get()
    if found is None:
        raise LookupError(
            f"{where} was called outside of a page, region or command: only an application knows "
            "who is present"
        )
    return found.roll, places.key(named), named
