"""Everything that can be set, in paragraphs, with the reason for each number."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "NIGHTDESK_"


def _secrets_from_files() -> dict[str, str]:
    """`NIGHTDESK_SECRET_KEY_FILE=/run/secrets/x` stands for the text in that file."""
    found = {}
    for name, path in os.environ.items():
        if name.startswith(PREFIX) and name.endswith("_FILE"):
            found[name.removeprefix(PREFIX).removesuffix("_FILE").lower()] = (
                Path(path).read_text().strip()
            )
    return found


class Settings(BaseSettings):
    """One instance per process, read once from `NIGHTDESK_…`; unsafe values stop the start."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    # Where it listens, and how the world reaches it. Links in messages begin with public_url.
    host: str = "127.0.0.1"
    port: int = Field(8787, ge=1, le=65535)
    public_url: str = ""

    # Where it keeps things. Without a database_url it is SQLite in data_dir; without a redis_url
    # Nightdesk starts a Redis server of its own there.
    data_dir: Path = Path("data")
    database_url: str = ""
    redis_url: str = ""

    # Seals stored secrets and signs receipts. Without it a key is made once in data_dir.
    secret_key: SecretStr | None = None

    # Whom a push service may write to about our pushes. Apple refuses addresses on localhost, so
    # the e-mail address of the first person is used when this is empty.
    push_contact: str = ""

    # Addresses inside your own network ("host:port") that sources may read, and push services
    # beyond the known ones. Both are empty unless you need them: each is a door inwards.
    allowed_addresses: frozenset[str] = frozenset()
    push_hosts: frozenset[str] = frozenset()

    # The drill serves its practice feed, page and phone here; practice clients alone reach it.
    practice_port: int = Field(8788, ge=1, le=65535)

    # The providers of the other channels. A channel without its account is not offered to anybody.
    # Calls and SMS: any provider that speaks Twilio's REST interface.
    twilio_account: str = ""
    twilio_token: SecretStr | None = None
    twilio_number: str = ""
    twilio_url: str = "https://api.twilio.com"

    pushover_token: SecretStr | None = None
    pushover_url: str = "https://api.pushover.net"

    ntfy_url: str = ""
    ntfy_token: SecretStr | None = None

    # "smtp://name:password@host:587" or "smtps://…"; the sender is an address of yours.
    smtp_url: SecretStr | None = None
    mail_from: str = ""

    # Anything else through Apprise: names that people may choose, each with its address. Only the
    # operator sets them, as an address there can reach any host.
    apprise_targets: dict[str, SecretStr] = {}

    # Your own apps at the vendors that clients sign in to. Without them the place is connected by a
    # key, a mailbox or a counter. The version of Meta's interface moves twice a year.
    google_client_id: str = ""
    google_client_secret: SecretStr | None = None
    meta_app_id: str = ""
    meta_app_secret: SecretStr | None = None
    meta_verify_token: SecretStr | None = None
    meta_version: str = "v26.0"
    tiktok_app_id: str = ""
    tiktok_app_secret: SecretStr | None = None
    x_consumer_secret: SecretStr | None = None

    # Who may call us about Google's reviews: the audience and the account of your Pub/Sub push.
    pubsub_audience: str = ""
    pubsub_account: str = ""

    # The same without an address of yours: a subscription that is asked ("projects/…"), and the
    # JSON key of the service account that may.
    pubsub_subscription: str = ""
    pubsub_key: SecretStr | None = None

    # Bluesky's stream of all posts, e.g. "wss://jetstream2.us-east.bsky.network/subscribe". It is a
    # megabit a second around the clock, so nobody pays for it who did not ask for it.
    jetstream_url: str = ""

    # Another address for a vendor's host, e.g. your own gateway, or a server to rehearse against:
    # {"graph.facebook.com": "https://gateway.example"}. These may lie inside your own network.
    vendor_addresses: dict[str, str] = {}

    # An account is checked once a day; the end of a sign-in is told this long before.
    check_every: timedelta = timedelta(days=1)
    tell_expiry_before: timedelta = timedelta(days=7)

    # Pinged every half minute while nothing is late; whoever waits for it raises the alarm.
    dead_man_url: str = ""
    dead_man_every: timedelta = timedelta(seconds=30)
    late_after: timedelta = timedelta(seconds=30)

    # Every evening at this hour, by the clock of each person, a visible test goes the real way.
    arming_at: str = "21:00"
    arming_receipt_within: timedelta = timedelta(seconds=60)

    # How often a source is read: five minutes finds the third review of a burst in time and stays
    # inside every vendor's budget; one minute while an incident is open; one second in a drill.
    poll_every: timedelta = timedelta(minutes=5)
    poll_every_in_incident: timedelta = timedelta(minutes=1)
    poll_every_in_practice: timedelta = timedelta(seconds=1)

    # A source that cannot be read this long is told to the manager: three missed readings.
    blind_after: timedelta = timedelta(minutes=15)

    # How many false alarms a client may cost in a year, and how many false notices, which wake
    # nobody. "calm" allows a third of both, "sharp" three times as many.
    false_wakes_per_year: float = Field(0.1, gt=0, le=100)
    false_notices_per_year: float = Field(1.0, gt=0, le=1000)

    # The ladder, in seconds of a sleeping person: no receipt in 30 s asks another channel, no
    # answer in two minutes calls, in five minutes the next person is rung, all of it again every
    # five minutes, and "I'm on it" holds for ten.
    receipt_within: timedelta = timedelta(seconds=30)
    call_after: timedelta = timedelta(seconds=120)
    next_person_after: timedelta = timedelta(seconds=300)
    repeat_every: timedelta = timedelta(minutes=5)
    acknowledged_for: timedelta = timedelta(minutes=10)

    # One try at a push may take 5 s; its lease is twice that, so no second try overlaps it.
    send_timeout: timedelta = timedelta(seconds=5)
    send_lease: timedelta = timedelta(seconds=10)

    # One reading of a source may take 20 s in all; its lease is longer for the same reason.
    read_timeout: timedelta = timedelta(seconds=20)
    read_lease: timedelta = timedelta(seconds=30)
    # One act at one place may be several requests. A worker that dies over it is followed by one
    # that looks; only what no request can still bring about is sent again.
    act_timeout: timedelta = timedelta(seconds=12)
    act_lease: timedelta = timedelta(seconds=15)
    act_in_flight: timedelta = timedelta(seconds=20)

    # The end of a burst is measured over hours. A drill has seconds: there, silence counts so many
    # times as long.
    practice_hurries: float = Field(2000.0, ge=1)

    # Where a burst looks like a fault of the source, the ringing waits so long for more reviews.
    doubt_for: timedelta = timedelta(minutes=10)

    # The sweep finds every duty that no job announced. One second bounds what a dead Redis costs.
    sweep_every: timedelta = timedelta(seconds=1)

    # Names of reviewers in a burst are dropped this long after its incident is over: they are other
    # people's data, and by then nobody needs them.
    names_kept_for: timedelta = timedelta(days=30)

    # What is written to the log: "info" adds a line per request, by route and never by path.
    log_level: Literal["debug", "info", "warning", "error"] = "warning"

    # Stays signed in this long without opening the app.
    signed_in_for: timedelta = timedelta(days=30)

    def __init__(self, **values: Any) -> None:
        super().__init__(**{**_secrets_from_files(), **values})

    @field_validator("public_url")
    @classmethod
    def _bare_origin(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            message = "NIGHTDESK_PUBLIC_URL must start with https:// (or http:// at home)"
            raise ValueError(message)
        return value.rstrip("/")

    @field_validator("arming_at")
    @classmethod
    def _a_time(cls, value: str) -> str:
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
            message = "NIGHTDESK_ARMING_AT must be a time like 21:00"
            raise ValueError(message)
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            message = "NIGHTDESK_SECRET_KEY needs at least 32 characters"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _lease_outlives_the_try(self) -> Self:
        if any(lease <= limit for lease, limit in self._leases()):
            message = "a lease must be longer than the try that it covers"
            raise ValueError(message)
        return self

    def _leases(self) -> tuple[tuple[timedelta, timedelta], ...]:
        return (
            (self.send_lease, self.send_timeout),
            (self.read_lease, self.read_timeout),
            (self.act_lease, self.act_timeout),
            (self.act_in_flight, self.act_timeout),
        )

    @property
    def origin(self) -> str:
        """The address that people type, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        default = f"sqlite+aiosqlite:///{self.data_dir.absolute()}/nightdesk.sqlite3"
        return self.database_url or default

    @property
    def practice_address(self) -> str:
        """The one address that practice clients and practice phones may use."""
        return f"127.0.0.1:{self.practice_port}"


settings = Settings()
