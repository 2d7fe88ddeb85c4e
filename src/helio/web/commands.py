"""Commands: handlers that change state. They are values: `on.click(add)` knows where to send."""

from collections.abc import Callable, Mapping
from typing import Literal, ParamSpec

from helio.js import Call, Ref
from helio.live.rule import Rule
from helio.signals import Signals
from helio.web.handler import Handler
from helio.web.paths import with_query

P = ParamSpec("P")
Method = Literal["get", "post", "put", "patch", "delete"]


class Command(Handler[P]):
    """A function decorated with `@app.post(path)` and its kin."""

    def __init__(
        self,
        function: Callable[P, object],
        method: Method,
        path: str,
        back: str | None,
        allow: Rule | None,
    ) -> None:
        self.method: Method = method
        self.verb = method.upper()
        self.back = back
        super().__init__(function, path, allow)

    @property
    def where(self) -> str:
        return f"command {super().where}"

    def __action__(self, arguments: Mapping[str, object]) -> Call:
        """How the browser calls it: path names first, then the query, or the body for a POST.

        TypeError for an argument the function does not take, or a missing path name.
        """
        rest = {name: value for name, value in arguments.items() if name not in self.path.names}
        self._refuse_unknown(rest)
        path = {name: value for name, value in arguments.items() if name in self.path.names}
        url = self.path.url(self.prefix, path, self.where)
        if self.method in ("get", "delete"):
            return Call(method=self.method, url=with_query(url, rest), payload=None, plain=True)
        return Call(method=self.method, url=url, payload=self._payload(rest), plain=True)

    def _payload(self, rest: Mapping[str, object]) -> Mapping[str, object] | None:
        """The body, if it is not simply all signals: the arguments and the declared structs."""
        if not rest:
            return None
        payload = dict(rest)
        for struct in self.parameters.structs:
            payload |= _struct_payload(struct)
        return payload

    def _refuse_unknown(self, arguments: Mapping[str, object]) -> None:
        known = {item.name for item in self.parameters.items if item.source in ("query", "body")}
        for form in self.parameters.of("form"):
            known |= set(form.hint.__struct_fields__)
        for name in arguments:
            if name not in known:
                told = ", ".join(sorted(known | self.path.names)) or "none"
                raise TypeError(f"{self.where} has no argument {name!r}; it has: {told}")


def _struct_payload(struct: type[Signals]) -> dict[str, object]:
    """The struct's present values in the browser, under its path."""
    prefix = struct.signals_prefix()
    names = (prefix,) if prefix else struct.__struct_fields__
    return {name: Ref((name,)) for name in names}
