"""What happens on an event: `on.click(handler)`, `on.input.debounce("300ms")(search)`, `init`.

An attribute is written for the runtime, and beside it what makes the same request without
JavaScript: a form's `method` and `action`, a link's `href`.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from helio.attrs.helper import not_runnable
from helio.attrs.modifiers import EVENT, INIT, Modifier, arguments
from helio.html import current, h
from helio.js import Action, Call, Expression, Ref
from helio.js.expression import request


@dataclass(frozen=True, slots=True)
class Answer:
    """A handler on an event: the expression, the address beside it, the plain form's share."""

    attribute: str
    run: Expression
    data: Mapping[str, str]
    call: Call | None
    event: str

    def __attrs__(self, tag: str) -> Mapping[str, object]:
        attribute = self.attribute
        plain = self._plain(tag)
        if "href" in plain and "__prevent" not in attribute:
            attribute += "__prevent"
        return {attribute: self.run, **self.data, **plain}

    def __inside__(self, tag: str) -> str:
        """The hidden inputs by which a plain form says what its address cannot."""
        call = self.call
        if call is None or not self._plain(tag) or tag != "form":
            return ""
        hidden = [(name, value) for name, value in (call.payload or {}).items()]
        if call.method == "get":
            hidden += parse_qsl(urlsplit(str(call.url)).query, keep_blank_values=True)
        elif call.method != "post":
            hidden.append(("_method", call.method.upper()))
        hidden += _way_back()
        return h[
            (
                h.input(type="hidden", name=name, value=_hidden(value))
                for name, value in hidden
                if isinstance(value, (str, int, float))
            )
        ]

    def _plain(self, tag: str) -> Mapping[str, str]:
        call = self.call
        if call is None or not call.plain or isinstance(call.url, Expression):
            return {}
        if tag == "form" and self.event == "submit":
            return {"method": "get" if call.method == "get" else "post", "action": call.url}
        if tag == "a" and self.event == "click" and call.method == "get":
            query = urlencode(_way_back())
            joint = "&" if "?" in call.url else "?"
            return {"href": f"{call.url}{joint}{query}" if query else call.url}
        return {}


class Event:
    """An event with its modifiers; called with a handler it is a helper."""

    __slots__ = ("_event", "_key", "_known", "_modifiers", "_waiting")

    def __init__(
        self,
        event: str,
        key: str,
        known: Mapping[str, Modifier],
        modifiers: tuple[str, ...] = (),
        waiting: str | None = None,
    ) -> None:
        self._event = event
        self._key = key
        self._known = known
        self._modifiers = modifiers
        self._waiting = waiting  # a modifier that still needs its argument

    def __getattr__(self, name: str) -> "Event":
        if name.startswith("_"):
            raise AttributeError(name)
        where = self._where()
        self._settled(where)
        modifier = self._known.get(name)
        if modifier is None:
            near = difflib.get_close_matches(name, self._known, n=1)
            meant = f"did you mean {near[0]!r}? " if near else ""
            raise AttributeError(
                f"{where}.{name}: there is no modifier {name!r}; {meant}"
                f"known are {', '.join(sorted(self._known))}"
            )
        if modifier.takes_arguments:
            return Event(self._event, self._key, self._known, self._modifiers, name)
        return self._with(f"__{name}")

    def __call__(self, *given: Any, **keywords: Any) -> Any:
        """Give the waiting modifier its arguments, else the event its handler."""
        where = self._where()
        if self._waiting is not None:
            known = self._known[self._waiting]
            if keywords:
                raise TypeError(f"{where}.{self._waiting} takes no keywords")
            return self._with(arguments(self._waiting, known, given, where))
        if len(given) != 1:
            got = "nothing" if not given else f"{len(given)} values"
            raise TypeError(
                f"{where}({', '.join(map(repr, given))}) is given {got}: it takes one handler, "
                f"{where}(save) or {where}(js('…')); the handler's arguments are keywords"
            )
        return _answer(self._attribute(), self._event, self._names(), where, given[0], keywords)

    def __attrs__(self, tag: str) -> Mapping[str, object]:
        where = self._where()
        self._settled(where)
        raise TypeError(f"{where} has no handler: write {where}(save) or {where}(js('…'))")

    def _with(self, modifier: str) -> "Event":
        if modifier in self._modifiers:
            return self
        return Event(self._event, self._key, self._known, (*self._modifiers, modifier))

    def _attribute(self) -> str:
        return self._key + "".join(self._modifiers)

    def _names(self) -> str:
        """The event and its modifiers in the name of the attribute that carries an address."""
        names = [modifier[2:].partition(".")[0] for modifier in self._modifiers]
        return "-".join((re.sub(r"[^a-z0-9]+", "-", self._event.lower()), *names))

    def _where(self) -> str:
        base = "init" if self._event == "init" else f"on.{self._event}"
        return base + "".join("." + modifier[2:].partition(".")[0] for modifier in self._modifiers)

    def _settled(self, where: str) -> None:
        if self._waiting is not None:
            example = self._known[self._waiting].example
            raise TypeError(f"{where}.{self._waiting} needs its argument: {where}.{example}")


class On:
    """Events by name: `on.click`, `on.my_event`, `on["my.event"]`."""

    __slots__ = ("__dict__",)

    def __getattr__(self, name: str) -> Event:
        if name.startswith("_"):
            raise AttributeError(name)
        made = self.__dict__[name] = self[name.rstrip("_").replace("_", "-")]
        return made

    def __getitem__(self, name: str) -> Event:
        """An event whose name is not a Python name."""
        if _EVENT.fullmatch(name) is None or "__" in name:
            raise ValueError(f"{name!r} is not an event's name: letters, digits, - . and :")
        if name.lower() == name:
            return Event(name, f"data-on:{name}", EVENT)
        # Names of attributes have no upper case; the runtime puts it back.
        kebab = re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()
        case = "pascal" if name[0].isupper() else "camel"
        return Event(name, f"data-on:{kebab}__case.{case}", EVENT)


_EVENT = re.compile(r"[A-Za-z][-A-Za-z0-9_.:]*")

on = On()
init = Event("init", "data-init", INIT)
"""Run a handler when the element appears."""


def _way_back() -> list[tuple[str, str]]:
    """What a plain form or link says of its page, where that does not stand at its own address."""
    rendering = current()
    form = rendering.form if rendering is not None else None
    return [] if form is None else [("_back", form.back)]


def _hidden(value: str | float | bool) -> str | float:
    """A value as a form sends it; a bool as the words that are read back as one."""
    return ("false", "true")[value] if isinstance(value, bool) else value


def _answer(
    attribute: str,
    event: str,
    names: str,
    where: str,
    handler: object,
    given: Mapping[str, object],
) -> Answer:
    if isinstance(handler, Expression):
        if given:
            raise TypeError(
                f"{where}(js(…)) takes no arguments, and was given {', '.join(given)}: values "
                "stand in the expression, js('… {}', value)"
            )
        return Answer(attribute, handler, {}, None, event)
    if not isinstance(handler, Action):
        raise TypeError(not_runnable(where, handler))
    call = handler.__action__(given)
    refs: list[Ref] = []
    data: dict[str, str] = {}
    address: str | None = None
    if given and isinstance(call.url, str):
        # Rows share one expression, which is compiled once, and carry their address beside it.
        data[f"data-to-{names}"] = call.url
        address = "el.dataset.to" + "".join(part.capitalize() for part in names.split("-"))
    source = request(call, refs, address)
    return Answer(attribute, Expression(source, tuple(refs)), data, call, event)
