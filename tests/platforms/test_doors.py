"""Where an interface says no, a link leads a hand to the place itself."""

import pytest

from api.platforms.doors import door


@pytest.mark.parametrize(
    ("kind", "ids", "address"),
    [
        ("facebook", {"page_id": "1029"}, "https://www.facebook.com/1029"),
        ("facebook", {"page_id": "../x?y#z"}, "https://www.facebook.com/..%2Fx%3Fy%23z"),
        ("youtube", {"target": "dQw4"}, "https://studio.youtube.com/video/dQw4/edit"),
        ("youtube", {"target": ""}, ""),
        ("facebook", {}, ""),
        ("feed", {"page_id": "1029"}, ""),
    ],
)
def test_the_address_is_that_of_the_place_or_none(kind, ids, address):
    assert door(kind, ids) == address
