"""A sealed secret opens for its own row alone; a name of a row cannot be mistaken."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from api import crypto
from api.ids import decode, encode, new_id
from api.lifecycle import people


def test_a_secret_that_is_moved_to_another_row_does_not_open():
    sealed = crypto.seal(b"whsec_1", row="source:a")
    assert crypto.unseal(sealed, row="source:a") == b"whsec_1"
    with pytest.raises(InvalidTag):
        crypto.unseal(sealed, row="source:b")


def test_a_changed_byte_does_not_open():
    sealed = bytearray(crypto.seal(b"secret", row="r"))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        crypto.unseal(bytes(sealed), row="r")


def test_the_same_secret_looks_different_each_time():
    assert crypto.seal(b"x", row="r") != crypto.seal(b"x", row="r")


def test_a_signature_fits_its_use_and_its_parts_only():
    signed = crypto.sign("receipt", "device", "notification")
    assert crypto.signature_fits(signed, "receipt", "device", "notification")
    for other in (("set-up", "device", "notification"), ("receipt", "devicenotification", "")):
        assert not crypto.signature_fits(signed, *other)


def test_a_link_has_256_bits_and_its_digest_does_not_hold_it():
    token = crypto.new_token()
    assert len(token) == 43
    assert token not in crypto.digest(token)


def test_a_key_is_known_by_its_prefix_and_its_checksum():
    key = people.new_api_key()
    assert key.startswith("nd_live_")
    assert len(key.rsplit("_", maxsplit=1)[1]) == 8


@given(st.uuids())
def test_every_id_comes_back_from_its_public_name(value):
    assert decode("inc", encode("inc", value)) == value


@pytest.mark.parametrize(
    "text", ["", "inc_", "cli_" + "0" * 26, "inc_" + "z" * 26, "inc_" + "u" * 26]
)
def test_what_is_no_id_of_that_kind_is_refused(text):
    with pytest.raises(ValueError, match="id"):
        decode("inc", text)


def test_ids_that_are_made_later_sort_later():
    made = [new_id() for _ in range(50)]
    assert made == sorted(made)
