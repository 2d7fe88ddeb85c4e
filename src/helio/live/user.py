"""Users: who a visitor is, as the application knows him."""

from typing import Any

import msgspec


class User(msgspec.Struct, frozen=True):
    """Base of the application's own user: `class Me(User): id: int; name: str`.

    What `App(user=load)` returns. Annotate a parameter of a page, command or region with it. The
    field `id` names the user wherever data is shared by it, so it never changes.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "id" not in cls.__annotations__ and not hasattr(cls, "id"):
            raise TypeError(f"{cls.__qualname__} needs a field `id`, by which the user is known")
