"""A guest: whose a tab is, as far as it is known."""

from collections.abc import Hashable
from dataclasses import dataclass

from helio.live.naming import user_id
from helio.live.user import User

Identity = tuple[str, Hashable]
"""By what somebody is told from others: whether by user, session or tab, and its id."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whose a tab is: a user's, else that of a visitor with a session, else unknown."""

    user: User | None = None
    session: str | None = None

    def identity(self, tab: str) -> Identity:
        """Equal for all tabs of one guest."""
        if self.user is not None:
            return of_user(user_id(self.user))
        return ("tab", tab) if self.session is None else ("session", self.session)


def of_user(known_by: Hashable) -> Identity:
    """The identity of the user with this id."""
    return ("user", known_by)
