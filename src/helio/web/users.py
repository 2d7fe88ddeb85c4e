"""Users: how an application finds out who a visitor is."""

import typing
from collections.abc import Awaitable, Callable
from functools import cached_property

from helio.live.naming import user_id
from helio.live.region import called
from helio.live.user import User
from helio.web.sessions import Session, Store, recorded

Load = Callable[[Session], Awaitable[User | None] | User | None]
"""`async def load(session) -> Me | None`: the user of a session, None for a mere visitor."""


class Users:
    """The users of an application, as `App(user=load)` says."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self.name = f"{load.__module__}.{getattr(load, '__qualname__', type(load).__qualname__)}"

    @cached_property
    def kind(self) -> type[User]:
        """The class of users. TypeError if `load` does not say one."""
        try:
            told = typing.get_type_hints(self._load).get("return")
        except NameError as error:
            raise TypeError(
                f"App(user={self.name}): its annotation cannot be read: {error}."
            ) from None
        found = _user_class(told)
        if found is None:
            shown = "nothing" if told is None else getattr(told, "__name__", str(told))
            raise TypeError(
                f"App(user={self.name}): the function is annotated to return {shown}, which is no "
                "user. Write async def load(session) -> Me | None, with class Me(User)."
            )
        return found

    async def of(self, session: Session) -> User | None:
        """Whose session it is. TypeError if `load` returns anything else than it says."""
        found: object = await called(self._load, session)
        if session.changes:
            raise TypeError(
                f"{self.name} assigned session[{next(iter(session.changes))!r}]. It is asked "
                "whenever a page is rendered, so it only reads. Assign it in a command."
            )
        if isinstance(found, self.kind) and user_id(found) is None:
            raise TypeError(
                f"{self.name} returned {type(found).__name__} with the id None, by which nobody is "
                "told from others. Return None for a visitor who is no user."
            )
        if found is None or isinstance(found, self.kind):
            return found
        raise TypeError(
            f"{self.name} returned {type(found).__name__}, but is annotated to return "
            f"{self.kind.__name__} | None"
        )


def _user_class(hint: object) -> type[User] | None:
    """The first class of users in an annotation."""
    if isinstance(hint, type) and issubclass(hint, User) and hint is not User:
        return hint
    inside = (_user_class(one) for one in typing.get_args(hint))
    return next((one for one in inside if one is not None), None)


class Known:
    """A visitor who is known by his session."""

    __slots__ = ("_store", "_users", "session")

    def __init__(self, session: str, store: Store, users: Users | None) -> None:
        self.session = session
        self._store = store
        self._users = users

    @property
    def id(self) -> str:
        # A mounted application may know the same session's user in its own way, also by a function
        # of the same name.
        return self.session if self._users is None else f"{self.session} {id(self._users)}"

    async def user(self) -> User | None:
        """His user as of now; None if there is none, or the session has ended.

        Records what it reads.
        """
        if self._users is None:
            return None
        recorded(self.session)
        values = await self._store.load(self.session)
        return None if values is None else await self._users.of(Session(self.session, values))
