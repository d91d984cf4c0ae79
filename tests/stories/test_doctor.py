"""The doctor looks at every place and changes none, but for the one that it is told to."""

from tests.stories.test_places_of_vendors import connected, google, the_source
from workers.doctor import examine

__all__ = ["google"]


async def lines(**how):
    return [line async for line in examine(**how)]


async def test_it_reads_and_rehearses_and_changes_nothing(world, mia, google):
    google.writes("a1", at=world.at)
    await connected(world, mia)
    read, could = await lines()
    assert (read.good, could.good) == (True, True)
    assert google.open_status == "OPEN"
    assert not [
        one for one in google.log if one.method != "GET" and "validateOnly" not in one.query
    ]
    assert (await the_source(world)).cursor == {}


async def test_it_says_what_does_not_work(world, mia, google):
    await connected(world, mia, token="bad")
    assert [line.good for line in await lines()] == [False, False]


async def test_the_one_place_that_it_is_told_to_is_taken_down_and_put_back(world, mia, google):
    await connected(world, mia)
    source = await the_source(world)
    *_, last = await lines(write=source.id)
    assert last.good, last.said
    assert google.open_status == "OPEN"
    assert len([one for one in google.log if one.method == "PATCH"]) == 3
