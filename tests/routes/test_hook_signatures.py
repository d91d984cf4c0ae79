"""Signatures of vendors: their vectors, and what a wrong byte, secret or moment changes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import hooks
from api.signatures import BadSignature

SECRET = "app_secret_1"
PAGE = b'{"object":"page","entry":[]}'
OF_META = "sha256=17ab90dcec5d4dc6296498784dc6e566fe516046f2d36d55a3d2b5c84188eac8"
COMMENT = b'{"event":"comment.update"}'
AT = datetime.fromtimestamp(1763748540, UTC)
OF_TIKTOK = "t=1763748540,s=91a9280898bd36dd1f2092b7b8b7fa7293ae291edbfbe7e84ac0afee706c3dca"
OF_X = "sha256=wMgyJomKuMkzdrXvajfHYepO14tPThAMZqNnWgdZAOY="


def test_the_published_vectors_hold():
    hooks.check_meta(SECRET, OF_META, PAGE)
    hooks.check_tiktok(SECRET, OF_TIKTOK, COMMENT, AT)
    hooks.check_x("consumer_secret_1", OF_X, b"crc_abc")
    assert hooks.answer_x("consumer_secret_1", "crc_abc") == OF_X


def tiktok(secret, given, body):
    hooks.check_tiktok(secret, given, body, AT)


CHECKS = {
    "meta": (hooks.check_meta, OF_META, PAGE),
    "tiktok": (tiktok, OF_TIKTOK, COMMENT),
}


@pytest.mark.parametrize("vendor", CHECKS)
@given(place=st.integers(0, 10_000), change=st.integers(1, 255))
def test_one_byte_of_the_body_is_enough_to_be_refused(vendor, place, change):
    check, signature, body = CHECKS[vendor]
    touched = bytearray(body)
    touched[place % len(body)] ^= change
    with pytest.raises(BadSignature):
        check(SECRET, signature, bytes(touched))


@pytest.mark.parametrize("vendor", CHECKS)
@given(place=st.integers(0, 10_000), sign=st.characters(min_codepoint=33, max_codepoint=126))
def test_one_sign_of_the_signature_is_enough_to_be_refused(vendor, place, sign):
    check, signature, body = CHECKS[vendor]
    place %= len(signature)
    touched = signature[:place] + sign + signature[place + 1 :]
    if touched != signature:
        with pytest.raises(BadSignature):
            check(SECRET, touched, body)


@pytest.mark.parametrize("vendor", CHECKS)
@pytest.mark.parametrize("given", ["", "sha256=", "é", "\udcff", "sha1=00", "t=1,s=", "x" * 9000])
def test_what_is_no_signature_is_refused(vendor, given):
    check, _, body = CHECKS[vendor]
    with pytest.raises(BadSignature):
        check(SECRET, given, body)


def test_an_app_that_is_not_set_up_signs_nothing():
    """Anybody can sign with an empty secret."""
    with pytest.raises(BadSignature):
        hooks.check_meta("", "sha256=" + "0" * 64, PAGE)
    for check in (lambda: hooks.answer_x("", "crc_abc"), lambda: hooks.check_x("", OF_X, b"x")):
        with pytest.raises(BadSignature):
            check()
    assert not hooks.same("", "")


@pytest.mark.parametrize(
    ("ago", "holds"),
    [
        (timedelta(), True),
        (timedelta(hours=72), True),
        (timedelta(hours=73), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-6), False),
    ],
)
def test_tiktok_may_try_again_for_three_days(ago, holds):
    if holds:
        hooks.check_tiktok(SECRET, OF_TIKTOK, COMMENT, AT + ago)
        return
    with pytest.raises(BadSignature):
        hooks.check_tiktok(SECRET, OF_TIKTOK, COMMENT, AT + ago)


@pytest.mark.parametrize(
    "challenge", ['{"for_user_id":"1"}', "", "a b", "[1]", "x" * 257, "é", '"']
)
def test_no_challenge_has_a_delivery_signed(challenge):
    with pytest.raises(BadSignature):
        hooks.answer_x(SECRET, challenge)
