"""Past reviews from a file: spreadsheets as people save them, Takeout as Google packs it."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.items.item import SourceTrouble
from workers.platforms import file_import

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
AT = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
TAKEOUT_REVIEW = {
    "name": "accounts/1001/locations/2002/reviews/AbFvOq",
    "reviewer": {"displayName": "Kim T"},
    "starRating": "ONE",
    "comment": "Stale bread",
    "createTime": "2026-11-20T18:30:00.123Z",
    "updateTime": "2026-11-20T18:30:00.123Z",
    "reviewReply": {"comment": "Sorry", "updateTime": "2026-11-20T19:00:00Z"},
}
MAPS = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}}]}


def read(body):
    return file_import.read(body.encode() if isinstance(body, str) else body, "", NOW)


def takeout(*reviews):
    return json.dumps({"reviews": list(reviews)}).encode()


def zipped(members, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "table",
    [
        "id,created_at,stars,text,author,url\n7,2026-11-20T18:30:00Z,1,Käse,Kim,https://a.example/7",
        "ID;Date;Rating;Comment;Name;Link\r\n7;20.11.2026 18:30;1,0;Käse;Kim;https://a.example/7\r\n",
        "external_id\tAt\tScore\tReview\tReviewer\turl\n7\t2026-11-20 18:30\t1\tKäse\tKim\thttps://a.example/7",
        '"id","date","star rating","text","author","url"\n"7","2026-11-20T20:30:00+02:00","1","Käse","Kim","https://a.example/7"\n\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_however_the_spreadsheet_saved_it(table, encoding):
    result = read(table.encode(encoding))
    (item,) = result.items
    assert (item.external_id, item.stars, item.text) == ("7", 1.0, "Käse")
    assert (item.author, item.url) == ("Kim", "https://a.example/7")
    assert item.created_at == AT
    assert not result.problems


def test_bad_rows_are_named_as_the_spreadsheet_shows_them_and_the_rest_is_kept():
    result = read(
        "date,stars,text,id\n"
        "2026-11-20,1,good,a\n"
        "\n"
        "2026-11-20,6,too many,b\n"
        "5/6/2026,1,which day,c\n"
        ",1,no day,d\n"
        "2099-01-01,1,not yet,e\n"
        "31.02.2026,1,no such day,f\n"
        "2026-11-20,1,twice,a\n"
        "2026-11-20,5,fine,g\n"
        "2026-11-20\n"
    )
    assert [item.external_id for item in result.items] == ["a", "g"]
    assert [(p.code, p.detail.split(":")[0]) for p in result.problems] == [
        ("stars-out-of-range", "Row 4"),
        ("created-at-invalid", "Row 5"),
        ("created-at-invalid", "Row 6"),
        ("created-at-in-future", "Row 7"),
        ("created-at-invalid", "Row 8"),
        ("duplicate-in-batch", "Row 9"),
        ("nothing-to-read", "Row 11"),
    ]


def test_rows_without_an_id_keep_the_same_id_when_the_file_comes_again():
    table = "date,stars,text\n2026-11-20,1,Stale\n2026-11-20,1,Mouldy\n"
    first, again = read(table), read(table)
    assert len({item.external_id for item in first.items}) == 2
    assert first == again


def test_a_cell_may_hold_lines_quotes_and_separators():
    (item,) = read('date,stars,text\n2026-11-20,1,"Stale, ""old""\nand hard"\n').items
    assert item.text == 'Stale, "old"\nand hard'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("stars,text\n1,x", "It names: stars, text"),
        ("date,author\n2026-11-20,Kim", "It names: date, author"),
        ("Hello there", "It names: Hello there"),
        (b"%PDF-1.7\n\x00\xff", "The first row must name"),
        ('date,text\n2026-11-20,"' + "x" * 200_000, "broken"),
        ("date,text\n" + "2026-11-20,x\n" * 100_001, "over 100,000 rows"),
        (b"x" * 25_000_001, "larger than 25 MB"),
        ("{", "broken or cut off"),
        ("{}", "holds no reviews"),
        ('{"reviews": 7}', "holds no reviews"),
        (json.dumps(MAPS), "reviews you wrote on Maps"),
        (b"PK\x03\x04 not a zip at all", "damaged or locked"),
        (zipped({}), "holds no reviews.json"),
        (zipped({"a.txt": "x"}), "holds no reviews.json"),
        (zipped({"Takeout/Maps (your places)/Reviews.json": json.dumps(MAPS)}), "holds no reviews"),
        (zipped({"reviews.json": takeout(TAKEOUT_REVIEW)})[:-30], "damaged or locked"),
    ],
    ids=range(18),
)
def test_a_file_that_cannot_be_read_is_explained(body, words):
    with pytest.raises(SourceTrouble, match=words) as trouble:
        read(body)
    assert trouble.value.health == "bad_content"
    assert trouble.value.detail.endswith(".")


def test_a_takeout_review_has_the_id_that_later_polling_will_see():
    (item,) = read(takeout(TAKEOUT_REVIEW)).items
    assert item.external_id == "locations/2002/reviews/AbFvOq"
    assert (item.stars, item.text, item.author) == (1.0, "Stale bread", "Kim T")
    assert item.created_at == AT.replace(microsecond=123_000)


@pytest.mark.parametrize(
    ("word", "stars"), [("ONE", 1), ("TWO", 2), ("THREE", 3), ("FOUR", 4), ("FIVE", 5)]
)
def test_takeout_spells_its_stars(word, stars):
    assert read(takeout({**TAKEOUT_REVIEW, "starRating": word})).items[0].stars == stars


def test_the_same_review_under_two_accounts_counts_once_and_the_newest_wins():
    newer = {
        **TAKEOUT_REVIEW,
        "name": "accounts/9/locations/2002/reviews/AbFvOq",
        "comment": "Still stale",
        "updateTime": "2026-11-21T08:00:00Z",
    }
    for order in ([TAKEOUT_REVIEW, newer], [newer, TAKEOUT_REVIEW]):
        result = read(takeout(*order))
        assert [item.text for item in result.items] == ["Still stale"]
        assert not result.problems


def test_bad_takeout_reviews_do_not_stop_the_others():
    unknown = {**TAKEOUT_REVIEW, "name": "x/locations/1/reviews/2", "starRating": "SIX"}
    nameless = {**TAKEOUT_REVIEW, "name": None}
    dateless = {**TAKEOUT_REVIEW, "name": "locations/1/reviews/3", "createTime": None}
    result = read(takeout(TAKEOUT_REVIEW, unknown, nameless, dateless, 7))
    assert len(result.items) == 1
    assert {problem.code for problem in result.problems} == {
        "stars-out-of-range",
        "missing-external-id",
        "created-at-invalid",
        "not-an-object",
    }


def test_a_takeout_zip_is_read_by_names_over_all_its_files():
    other = {**TAKEOUT_REVIEW, "name": "accounts/1/locations/2/reviews/B"}
    third = {**TAKEOUT_REVIEW, "name": "accounts/1/locations/2/reviews/C"}
    root = "Takeout/Google Business Profile/account-1"
    result = read(
        zipped(
            {
                f"{root}/location-2/reviews.json": takeout(TAKEOUT_REVIEW),
                f"{root}/location-2/reviews_001.json": takeout(other),
                f"{root}/location-3/reviews-Ab9.json": takeout(third, TAKEOUT_REVIEW),
                f"{root}/location-2/data.json": b"{}",
                "Takeout/Maps (your places)/Reviews.json": json.dumps(MAPS),
                "../../etc/reviews.json": b"not json",
            }
        )
    )
    assert {item.external_id[-1] for item in result.items} == {"q", "B", "C"}
    assert [problem.code for problem in result.problems] == ["file-not-read", "file-not-read"]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"reviews.json": b" " * 19_000_000}, "packed too tightly"),
        ({"reviews.json": b" " * 30_000_000}, "too large"),
        ({f"{n}/reviews.json": b"{}" for n in range(501)}, "too many files"),
        ({f"{n}.txt": b"" for n in range(20_001)}, "too many files"),
    ],
    ids=["ratio", "size", "reviews", "members"],
)
def test_a_zip_built_to_hurt_is_not_opened(members, words):
    with pytest.raises(SourceTrouble, match=words):
        read(zipped(members))


def test_a_locked_zip_is_refused():
    locked = bytearray(zipped({"reviews.json": takeout(TAKEOUT_REVIEW)}))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(header) + flags] |= 1
    with pytest.raises(SourceTrouble, match="damaged or locked"):
        read(bytes(locked))


def health_of(body):
    try:
        read(body)
    except SourceTrouble as trouble:
        return trouble.health
    return "ok"


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_a_damaged_zip_ends_in_items_or_in_trouble(data):
    whole = bytearray(zipped({"reviews.json": takeout(TAKEOUT_REVIEW)}))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(4, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    assert health_of(bytes(whole)) in ("ok", "bad_content")


CELLS = st.sampled_from(
    ["date", "text", "stars", ",", ";", "\t", "\n", "\r", '"', "2026-11-20", "x"]
)


@given(st.lists(CELLS, max_size=60))
@settings(deadline=None, max_examples=300)
def test_any_table_ends_in_items_or_in_trouble(cells):
    assert health_of("date,text\n" + "".join(cells)) in ("ok", "bad_content")


def test_a_hundred_thousand_rows_are_read_in_one_go():
    rows = "".join(f"2026-11-20,1,Stale bread,{number}\n" for number in range(100_000))
    assert len(read("date,stars,text,id\n" + rows).items) == 100_000
