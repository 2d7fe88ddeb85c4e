"""Signing: what this application has said is known again when a client brings it back."""

import hmac
from base64 import b64decode, urlsafe_b64encode
from contextvars import ContextVar

LONGEST = 4096
"""Characters of a token."""

SHORTEST = 16
"""Bytes of a secret."""

_DIGEST = 32  # bytes of SHA-256


class Signer:
    """Makes tokens that only this application can have made (HMAC-SHA256, RFC 2104).

    A token carries its payload, readable by everybody, and is the same whenever the same is
    signed: it may stand in HTML that is rendered repeatedly and in several processes. What was
    signed for one purpose does not hold for another.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        """ValueError for a secret of less than 16 bytes, which could be found by trying."""
        if len(secret) < SHORTEST:
            raise ValueError(
                f"the secret has {len(secret)} bytes, and one of less than {SHORTEST} could be "
                "found by trying: make one with secrets.token_urlsafe(32)"
            )
        self._secret = secret

    def sign(self, purpose: str, payload: bytes) -> str:
        """The token: base64url (RFC 4648 §5, without padding) of the digest and the payload.

        ValueError for a payload whose token would have more than 4096 characters.
        """
        token = urlsafe_b64encode(self._digest(purpose, payload) + payload).rstrip(b"=").decode()
        if len(token) > LONGEST:
            raise ValueError(
                f"{len(payload)} bytes are too many to be signed ({purpose}): a token has at most "
                f"{LONGEST} characters. Pass on an id, and read the rest where it is needed."
            )
        return token

    def verify(self, purpose: str, token: object) -> bytes | None:
        """The payload, or None for anything that `sign` did not return for this purpose."""
        if not isinstance(token, str) or len(token) > LONGEST or not token.isascii():
            return None
        try:
            data = b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
        except ValueError:
            return None
        payload = data[_DIGEST:]
        # The whole token is compared, so that no second spelling of one is accepted.
        right = urlsafe_b64encode(self._digest(purpose, payload) + payload).rstrip(b"=")
        return payload if hmac.compare_digest(right, token.encode()) else None

    def _digest(self, purpose: str, payload: bytes) -> bytes:
        name = purpose.encode()
        # Its length goes first: no purpose and payload read like another pair.
        return hmac.digest(self._secret, b"%d:%b" % (len(name), name) + payload, "sha256")


signer: ContextVar[Signer | None] = ContextVar("signer", default=None)
"""The application's signer: set around every render and every handler."""


def signing(what: str) -> Signer:
    """The application's signer. LookupError where there is no application, for `what`."""
    found = signer.get()
    if found is None:
        raise LookupError(
            f"{what} was called outside of a page, region or command, where no application is "
            "there to sign it. Call it inside the function that returns the element."
        )
    return found
