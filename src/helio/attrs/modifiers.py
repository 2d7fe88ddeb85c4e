"""The modifiers of events: what each takes, and how it is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Modifier:
    """One modifier; `times` says that it needs a time, `words` what else it may be given, `keys`
    that it takes names of keys."""

    times: bool = False
    words: tuple[str, ...] = ()
    example: str = ""
    keys: bool = False

    @property
    def takes_arguments(self) -> bool:
        """Whether it is called before the handler is given."""
        return self.times or self.keys or bool(self.words)


EVENT: Mapping[str, Modifier] = {
    "once": Modifier(),
    "passive": Modifier(),
    "capture": Modifier(),
    "case": Modifier(words=("camel", "kebab", "snake", "pascal"), example='case("camel")'),
    "delay": Modifier(times=True, example='delay("500ms")'),
    "debounce": Modifier(times=True, words=("leading", "notrailing"), example='debounce("300ms")'),
    "throttle": Modifier(times=True, words=("noleading", "trailing"), example='throttle("1s")'),
    "viewtransition": Modifier(),
    "key": Modifier(keys=True, example='key("esc", "ctrl-s")'),
    "window": Modifier(),
    "document": Modifier(),
    "outside": Modifier(),
    "prevent": Modifier(),
    "stop": Modifier(),
}
INIT: Mapping[str, Modifier] = {name: EVENT[name] for name in ("delay", "viewtransition")}

_KEY = re.compile(r"[a-z0-9-]+")
_TIME = re.compile(r"\d+(?:ms|s)?")


def arguments(name: str, modifier: Modifier, given: tuple[object, ...], where: str) -> str:
    """The modifier with its arguments as it stands in the attribute's name."""
    written = [_argument(each) for each in given]
    if modifier.keys:
        if not written or not all(map(_KEY.fullmatch, written)):
            raise TypeError(
                f"{where}.{name} is given {', '.join(map(repr, given)) or 'nothing'}: "
                f"write {where}.{modifier.example}(handler)"
            )
        return ".".join((f"__{name}", *written))
    times = [each for each in written if _TIME.fullmatch(each)]
    words = [each for each in written if each not in times]
    wrong = [each for each in words if each not in modifier.words]
    if wrong or len(times) != (1 if modifier.times else 0) or (not times and len(words) != 1):
        known = f"; it also knows {', '.join(modifier.words)}" if modifier.times else ""
        raise TypeError(
            f"{where}.{name} is given {', '.join(map(repr, given)) or 'nothing'}: "
            f"write {where}.{modifier.example}(handler){known if modifier.words else ''}"
        )
    return ".".join((f"__{name}", *times, *words))


def _argument(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value}ms"
    return value if isinstance(value, str) else repr(value)
