"""Meta's part of the catalogue: which links are whose, and what is promised for each verb."""

import pytest

from api.platforms import CATALOGUE, VERBS, recognise

KINDS = ("facebook", "instagram")


@pytest.mark.parametrize(
    ("link", "kind", "ids"),
    [
        ("https://www.facebook.com/crumbandco", "facebook", {"name": "crumbandco"}),
        ("https://m.facebook.com/crumb.co/reviews?ref=x", "facebook", {"name": "crumb.co"}),
        ("http://de-de.facebook.com/crumb-co/", "facebook", {"name": "crumb-co"}),
        ("https://fb.com/crumbandco", "facebook", {"name": "crumbandco"}),
        (
            "https://www.facebook.com/profile.php?id=1029384756&sk=reviews",
            "facebook",
            {"page_id": "1029384756"},
        ),
        (
            "https://www.facebook.com/p/Crumb-Co-1029384756/",
            "facebook",
            {"page_id": "1029384756"},
        ),
        (
            "https://www.facebook.com/people/Crumb-Co/1029384756/",
            "facebook",
            {"page_id": "1029384756"},
        ),
        (
            "https://www.facebook.com/pages/Crumb/1029384756?x=1",
            "facebook",
            {"page_id": "1029384756"},
        ),
        ("https://www.facebook.com/1029384756", "facebook", {"page_id": "1029384756"}),
        ("https://www.facebook.com/share/abc123/", "facebook", {}),
        ("https://fb.me/abc", "facebook", {}),
        ("https://www.instagram.com/crumb_co/", "instagram", {"username": "crumb_co"}),
        ("https://instagram.com/crumb.co?igsh=1", "instagram", {"username": "crumb.co"}),
        ("https://www.instagram.com/p/Cabc123/", "instagram", {}),
    ],
)
def test_a_pasted_link_is_recognised_with_the_ids_in_it(link, kind, ids):
    found = recognise(link)
    assert found is not None
    entry, told = found
    assert (entry.kind, told) == (kind, ids)


@pytest.mark.parametrize(
    "link",
    [
        "https://facebook.com.evil.example/crumbandco",
        "https://evil.example/facebook.com/crumbandco",
        "https://notfacebook.com/crumbandco",
        "https://www.instagram.com.evil.example/crumb",
        "https://www.facebook.com/",
    ],
)
def test_a_link_that_only_looks_like_metas_is_not_taken_for_one(link):
    found = recognise(link)
    assert found is None or found[0].kind not in KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_each_verb_is_promised_once_with_a_sentence(kind):
    told = CATALOGUE[kind].capabilities
    assert tuple(one.verb for one in told) == VERBS
    assert all(one.reason.endswith(".") for one in told)
    assert all(one.link.startswith("https://") for one in told if one.how == "link")


@pytest.mark.parametrize("kind", KINDS)
def test_where_a_person_says_yes_depends_on_the_version_that_is_set(kind):
    authorisation = CATALOGUE[kind].authorisation
    assert authorisation is not None
    address = authorisation.authorise_url.format(version="v26.0")
    assert address == "https://www.facebook.com/v26.0/dialog/oauth"
