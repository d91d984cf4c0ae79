"""Who may answer under the client's posts at Bluesky: closing, opening as it was, hiding replies.

A thread has one gate, a record with the name of its first post: `allow` lists who may answer
([] nobody, missing everybody), `hiddenReplies` what is hidden, 300 at most (the lexicon
app.bsky.feed.threadgate). All gates of one closing are written in one transaction.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.bluesky_records import POST, is_of, own_posts, record, rkey, seen, stamp
from workers.platforms.bluesky_server import Server
from workers.platforms.connector import Action, Outcome

GATE = "app.bsky.feed.threadgate"
NEWEST = 10
MOST_POSTS = 25
MOST_HIDDEN = 300
SHOWN_WITHIN = timedelta(minutes=2)
_WRITES = "com.atproto.repo.applyWrites"
Gate = Mapping[str, Any] | None


async def close(at: Server, action: Action, now: datetime) -> Outcome:
    """Let nobody answer under the newest posts; `before` holds each gate as it was.

    With `params["before"]` it is those posts again, so that opening reaches every one.
    """
    opened = await _opened(at, action)
    writes = [
        _put(rkey(uri), gate, _gate(uri, gate, now) | {"allow": []}) for uri, gate in opened.items()
    ]
    return await _write(at, writes, action.params.get("before") or _as_before(opened))


async def standing(at: Server, action: Action) -> dict[str, Any]:
    """What opening again will need: the gates that a closing would change, as they are now."""
    return _as_before(await _opened(at, action))


async def _opened(at: Server, action: Action) -> dict[str, Gate]:
    """By address, the posts that somebody may answer, each with its gate."""
    gates = {uri: _value(await record(at, GATE, rkey(uri))) for uri in await _targets(at, action)}
    return {uri: one for uri, one in gates.items() if one is None or one.get("allow") != []}


def _as_before(opened: Mapping[str, Gate]) -> dict[str, Any]:
    return {"gates": {rkey(uri): gate for uri, gate in opened.items()}}


async def open_again(at: Server, action: Action, now: datetime) -> Outcome:
    """Put back who might answer; replies that were hidden meanwhile stay hidden."""
    writes: list[dict[str, Any]] = []
    for name, old in action.params.get("gates", {}).items():
        gate = _value(await record(at, GATE, name))
        hidden = (gate or {}).get("hiddenReplies") or []
        if old is None and not hidden:
            writes += [_delete(name)] if gate is not None else []
            continue
        put = dict(old or _gate(f"at://{at.did}/{POST}/{name}", None, now))
        writes.append(_put(name, gate, put | ({"hiddenReplies": hidden} if hidden else {})))
    return await _write(at, writes, {})


async def observe(at: Server, action: Action, _: datetime) -> Outcome:
    """Whether the gates that people meet are those that were wanted."""
    if action.verb == "close_comments":
        wanted: dict[str, Any] = {uri: [] for uri in await _targets(at, action)}
    else:
        base = f"at://{at.did}/{POST}/"
        gates: Mapping[str, Gate] = action.params.get("gates", {})
        wanted = {base + name: (gate or {}).get("allow") for name, gate in gates.items()}
    if not wanted:
        return Outcome("done")
    shown = await seen(at, *wanted)
    # A post that is gone needs no gate.
    so = [uri for uri in wanted if uri not in shown or _allowed(shown[uri]) == wanted[uri]]
    if len(so) == len(wanted):
        return Outcome("done")
    detail = f"Bluesky shows it for {len(so)} of {len(wanted)} posts."
    return Outcome("pending", detail, check_after=SHOWN_WITHIN)


async def hide(at: Server, action: Action, now: datetime) -> Outcome:
    """Hide or show one reply in a thread of the client's."""
    root = await _root(at, action.target)
    if root is None:
        return _gone(action)
    if not is_of(root, at.did):
        return Outcome("by_hand", "Bluesky hides replies under your own posts only. Report it.")
    there = await record(at, GATE, rkey(root))
    gate = _value(there)
    hidden = list((gate or {}).get("hiddenReplies") or [])
    if (action.target in hidden) == (action.verb == "hide"):
        return Outcome("done")
    if action.verb == "hide" and len(hidden) >= MOST_HIDDEN:
        return Outcome("rejected", f"Bluesky hides {MOST_HIDDEN} replies per post at most.")
    after = [one for one in hidden if one != action.target]
    after += [action.target] if action.verb == "hide" else []
    put = _gate(root, gate, now) | {"hiddenReplies": after}
    swap = there.get("cid") if there else None
    body = {"repo": at.did, "collection": GATE, "rkey": rkey(root), "record": put}
    await at.write("com.atproto.repo.putRecord", body | {"swapRecord": swap})
    return Outcome("done")


async def observe_hidden(at: Server, action: Action, _: datetime) -> Outcome:
    """Whether people meet the reply as it was wanted."""
    root = await _root(at, action.target)
    thread = (await seen(at, root)).get(root) if root else None
    if thread is None:
        return _gone(action)
    hidden = (_shown(thread).get("hiddenReplies")) or []
    if (action.target in hidden) == (action.verb == "hide"):
        return Outcome("done")
    return Outcome("pending", "Bluesky does not show it yet.", check_after=SHOWN_WITHIN)


async def _targets(at: Server, action: Action) -> list[str]:
    """The posts of an earlier try, else the one that is named, else the newest of threads."""
    earlier = (action.params.get("before") or {}).get("gates")
    if earlier is not None:
        return [f"at://{at.did}/{POST}/{name}" for name in earlier]
    if is_of(action.target, at.did):
        return [action.target]
    count = min(max(int(action.params.get("newest", NEWEST)), 1), MOST_POSTS)
    posts = [one["uri"] for one in await own_posts(at) if "reply" not in one.get("value", {})]
    return posts[:count]


def _gone(action: Action) -> Outcome:
    """What is gone is hidden, and cannot be shown."""
    return Outcome("done" if action.verb == "hide" else "rejected", "The reply is gone.")


async def _root(at: Server, uri: str) -> str | None:
    """The first post of the thread that a reply stands in; None when the reply is gone."""
    found = (await seen(at, uri)).get(uri)
    if found is None:
        return None
    answers = (found.get("record") or {}).get("reply") or {}
    return str((answers.get("root") or {}).get("uri") or uri)


async def _write(at: Server, writes: list[dict[str, Any]], before: Mapping[str, Any]) -> Outcome:
    """Everything or nothing; what was before is not lost with a lost answer."""
    if not writes:
        return Outcome("done", before=before)
    try:
        await at.write(_WRITES, {"repo": at.did, "writes": writes})
    except SourceTrouble as trouble:
        if trouble.health != "outcome_unknown":
            raise
        return Outcome("unknown", trouble.detail, before=before)
    return Outcome("done", before=before)


def _gate(uri: str, gate: Gate, now: datetime) -> dict[str, Any]:
    return dict(gate or {"$type": GATE, "post": uri, "createdAt": stamp(now)})


def _put(name: str, gate: Gate, value: Mapping[str, Any]) -> dict[str, Any]:
    kind = "create" if gate is None else "update"
    return {"$type": f"{_WRITES}#{kind}", "collection": GATE, "rkey": name, "value": value}


def _delete(name: str) -> dict[str, Any]:
    return {"$type": f"{_WRITES}#delete", "collection": GATE, "rkey": name}


def _value(there: Mapping[str, Any] | None) -> Gate:
    return None if there is None else there.get("value") or {}


def _shown(view: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (view.get("threadgate") or {}).get("record") or {}
    return found


def _allowed(view: Mapping[str, Any]) -> Any:
    return _shown(view).get("allow")
