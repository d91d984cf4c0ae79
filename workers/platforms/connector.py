"""What a connector is told and what it answers: one interface that suits every platform."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from api.items.item import Health, Read, SourceTrouble
from workers.platforms.calls import Calls, Reply

Mode = Literal["calm", "attack", "reconcile"]
Done = Literal["done", "pending", "rejected", "unknown", "by_hand"]
ActVerb = Literal[
    "reply", "unreply", "hide", "unhide", "delete", "block", "unblock", "report",
    "close_comments", "open_comments", "take_down", "restore", "publish",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One source as its connector sees it: no rows, no clock, no database.

    `ids` name it at the platform, `secrets` are the client's (tokens, keys), `app` the operator's.
    `hints` are what the platform said to look at, `now` is aware UTC. `mode` sets the depth:
    attack reads newest pages alone, reconcile the whole window, to see edits and removals.
    """

    ids: Mapping[str, Any]
    now: datetime
    url: str = ""
    secrets: Mapping[str, Any] = field(default_factory=dict)
    app: Mapping[str, str] = field(default_factory=dict)
    cursor: Mapping[str, Any] = field(default_factory=dict)
    mode: Mode = "calm"
    hints: Sequence[Mapping[str, Any]] = ()
    probed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came, raw. Store `body` first, then `cursor`; use `moved_to` from now on.

    A `body` of None means nothing new. `not_before` is when the vendor wants us again at the
    earliest; `probed` names capabilities that turned out not to exist, with the reason.
    """

    body: bytes | None
    content_type: str
    cursor: Mapping[str, Any]
    moved_to: str | None = None
    not_before: datetime | None = None
    probed: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """How well a place is connected, found without changing anything there.

    `ready` says whether a take-down would work now, None where there is none; `ready_detail` why.
    """

    detail: str = ""
    scopes: Sequence[str] = ()
    expires_at: datetime | None = None
    ready: bool | None = None
    ready_detail: str = ""
    probed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do to one target (an id at the platform); `key` is the same for every try.

    “unreply” takes back words of the client's own, “delete” removes those of others. A second try
    of what can be put back says in `params["before"]` what stood before the first.
    """

    verb: ActVerb
    target: str
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an action.

    `unknown`: it was sent and the answer was lost, so observe before anything else. `before` is
    what has to be put back to restore it; `check_after` how long a `pending` one may take.
    """

    state: Done
    detail: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    made: str = ""
    check_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A place that an account can be used for, to be chosen by a person."""

    kind: str
    name: str
    ids: Mapping[str, Any]
    url: str = ""
    secrets: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Granted:
    """What signing in or renewing gave: secrets to seal, and until when they hold (aware UTC).

    `expires_at` ends the access token, `ends_at` the grant as a whole.
    """

    secrets: Mapping[str, Any]
    scopes: Sequence[str] = ()
    expires_at: datetime | None = None
    ends_at: datetime | None = None


class Reader(Protocol):
    """One way in. `read` is CPU only, may take a second, and raises SourceTrouble alone."""

    def read(self, body: bytes, content_type: str, now: datetime, /) -> Read: ...


class Connector(Reader, Protocol):
    """A place that is asked. All raise SourceTrouble; none retries and none writes anything.

    `fetch` brings what is new; `check` has no side effects; `judge` reads the vendor's errors.
    """

    def judge(self, reply: Reply, now: datetime, /) -> SourceTrouble | None: ...

    async def fetch(self, calls: Calls, place: Place) -> Fetched: ...
    async def check(self, calls: Calls, place: Place) -> Checked: ...


class Actor(Protocol):
    """A place where something can be done: `act` sends once, `observe` reads back.

    `VERBS` are those that are really done; all others are by_hand and send nothing. `observe`
    answers done when what the action wants is so, by the platform's own listing. `before` tells
    what putting back will need, as `params`, and changes nothing: keep it, then act with it in
    `params["before"]`, and a worker that dies between takes nothing with it. It is empty where
    nothing has to be kept. All raise SourceTrouble; `acting.acted` folds that into an Outcome.
    """

    VERBS: frozenset[ActVerb]

    async def before(self, calls: Calls, place: Place, action: Action) -> Mapping[str, Any]: ...
    async def act(self, calls: Calls, place: Place, action: Action) -> Outcome: ...
    async def observe(self, calls: Calls, place: Place, action: Action) -> Outcome: ...


async def nothing_before(_: Calls, __: Place, ___: Action) -> Mapping[str, Any]:
    """The `before` of an actor that leaves nothing to be put back."""
    return {}


class Granter(Protocol):
    """A platform with accounts: a code becomes a grant, a grant is renewed, and lists places."""

    async def exchange(
        self, calls: Calls, app: Mapping[str, str], answer: Mapping[str, str], now: datetime
    ) -> Granted: ...
    async def renew(
        self, calls: Calls, app: Mapping[str, str], secrets: Mapping[str, Any], now: datetime
    ) -> Granted: ...
    async def places(
        self, calls: Calls, app: Mapping[str, str], secrets: Mapping[str, Any]
    ) -> Sequence[Found]: ...


__all__ = [
    "ActVerb", "Action", "Actor", "Calls", "Checked", "Connector", "Done", "Fetched", "Found",
    "Granted", "Granter", "Health", "Mode", "Outcome", "Place", "Reader", "Reply", "SourceTrouble",
    "nothing_before",
]  # fmt: skip
