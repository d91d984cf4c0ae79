"""Whether Twilio signed a request: its published examples, both ports, repeated fields."""

import base64
import hashlib
import hmac

import pytest

from api.telephony import signature_fits

# The examples of Twilio's documentation and of its own libraries' tests.
TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
REPEATED = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")]
GIVEN = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
WITH_443 = "kvajT1Ptam85bY51eRf/AJRuM3w="
WITH_80 = "0ZXoZLH/DfblKGATFgpif+LLRf4="
WITH_1234 = "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="
HTTP = URL.replace("https", "http")


@pytest.mark.parametrize(
    ("url", "fields", "given"),
    [
        (URL, FIELDS, GIVEN),
        (URL, FIELDS[::-1], GIVEN),
        (URL.replace(".com", ".com:1234"), FIELDS, GIVEN),
        (URL, FIELDS, WITH_443),
        (HTTP, FIELDS, WITH_80),
        (HTTP.replace(".com", ".com:1234"), FIELDS, WITH_1234),
        (URL, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        (URL, [*REPEATED, REPEATED[0]], "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    ],
)
def test_what_twilio_signed_fits(url, fields, given):
    assert signature_fits(TOKEN, url, fields, given)


@pytest.mark.parametrize(
    ("token", "url", "fields", "given"),
    [
        ("54321", URL, FIELDS, GIVEN),
        ("", URL, FIELDS, GIVEN),
        (TOKEN, URL + "&x=1", FIELDS, GIVEN),
        (TOKEN, HTTP, FIELDS, GIVEN),
        (TOKEN, URL.replace("mycompany", "yours"), FIELDS, GIVEN),
        (TOKEN, URL, FIELDS[1:], GIVEN),
        (TOKEN, URL, [*FIELDS, ("Digits", "1")], GIVEN),
        (TOKEN, URL, FIELDS, ""),
        (TOKEN, URL, FIELDS, GIVEN.lower()),
        (TOKEN, URL, FIELDS, "Übel \udcff"),
        (TOKEN, URL, [*FIELDS, ("Body", "\ud800")], GIVEN),
    ],
)
def test_anything_else_does_not_fit(token, url, fields, given):
    assert not signature_fits(token, url, fields, given)


def test_an_empty_token_opens_no_door():
    forged = base64.b64encode(hmac.new(b"", URL.encode(), hashlib.sha1).digest()).decode()
    assert not signature_fits("", URL, [], forged)
