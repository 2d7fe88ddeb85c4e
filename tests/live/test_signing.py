"""Tokens: only what was signed, for the same purpose and with the same secret, is known again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio.live.signing import LONGEST, Signer, signer, signing

SECRET = b"a secret of the tests"
OURS = Signer(SECRET)


@given(st.text(max_size=20), st.binary(max_size=300))
def test_what_was_signed_is_known_again(purpose: str, payload: bytes) -> None:
    try:
        purpose.encode()
    except UnicodeEncodeError:
        return
    token = OURS.sign(purpose, payload)
    assert OURS.verify(purpose, token) == payload
    assert Signer(SECRET).sign(purpose, payload) == token
    assert token.replace("-", "a").replace("_", "a").isalnum()


def test_a_token_holds_for_its_purpose_alone() -> None:
    token = OURS.sign("grant", b"x")
    assert OURS.verify("presence", token) is None
    assert OURS.verify("gran", OURS.sign("grant", b"")) is None
    assert OURS.verify("gran", OURS.sign("gran", b"tx")) == b"tx"
    assert OURS.sign("gran", b"tx") != OURS.sign("grant", b"x")


def test_another_secret_is_another_application() -> None:
    assert Signer(b"another secret of tests").verify("grant", OURS.sign("grant", b"x")) is None


@given(st.one_of(st.text(), st.binary(), st.none(), st.integers(), st.lists(st.text())))
def test_nothing_else_is_accepted(token: object) -> None:
    assert OURS.verify("grant", token) is None


@given(st.data(), st.binary(max_size=40))
def test_a_changed_token_is_refused(data: st.DataObject, payload: bytes) -> None:
    token = OURS.sign("grant", payload)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.text(min_size=0, max_size=2).filter(lambda text: text != token[at]))
    assert OURS.verify("grant", token[:at] + other + token[at + 1 :]) is None


@pytest.mark.parametrize("more", ["=", "==", " ", "\n", "A", "é", "\ud800"])
def test_a_token_has_one_spelling(more: str) -> None:
    for payload in (b"", b"x", b"xy", b"xyz"):
        token = OURS.sign("grant", payload)
        assert OURS.verify("grant", token + more) is None
        assert OURS.verify("grant", more + token) is None


def test_the_other_alphabet_of_base64_is_refused() -> None:
    tokens = [OURS.sign("grant", bytes([count])) for count in range(100)]
    spelled = [token.replace("-", "+").replace("_", "/") for token in tokens]
    assert all(
        OURS.verify("grant", other) is None
        for token, other in zip(tokens, spelled, strict=True)
        if token != other
    )
    assert tokens != spelled


def test_what_is_too_long_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match=r"4000 bytes are too many to be signed \(grant\).*an id"):
        OURS.sign("grant", bytes(4000))
    assert OURS.verify("grant", "A" * (LONGEST + 1)) is None


def test_a_secret_that_could_be_found_is_refused() -> None:
    with pytest.raises(ValueError, match=r"has 5 bytes.*secrets\.token_urlsafe\(32\)"):
        Signer(b"short")


def test_there_is_a_signer_inside_of_an_application_only() -> None:
    with pytest.raises(LookupError, match=r"presence\(…\) was called outside of a page"):
        signing("presence(…)")
    token = signer.set(OURS)
    try:
        assert signing("presence(…)") is OURS
    finally:
        signer.reset(token)
