"""Refusals: exceptions by which a handler says no, and what the visitor is told."""

from helio.live.outcome import Refused


class Refusal(Refused):
    """A clear no with a status. The text is shown to the visitor."""

    status = 400
    text = "This was refused."

    def __init__(self, text: str = "") -> None:
        super().__init__(text or self.text)
        self.text = text or self.text


class NotFound(Refusal):
    """What was asked for does not exist (any more)."""

    status = 404
    text = "This page does not exist."


class Forbidden(Refusal):
    """The visitor may not do or see this."""

    status = 403
    text = "You may not do this."


class Reject(Refusal):
    """The command does not fit the state of things: somebody was faster, a limit is reached."""

    status = 409
    text = "This is not possible now."


def refusal(refused: Refused) -> Refusal:
    """What a visitor is told whom a page, or its rule, refuses."""
    return refused if isinstance(refused, Refusal) else Forbidden("You may not see this.")


class BadRequest(Refusal):
    """What came cannot be understood."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status
