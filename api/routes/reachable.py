"""Numbers, keys, topics and addresses of the person who asks, and the channels that there are."""

import re
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import EmailStr, Field, TypeAdapter, ValidationError

from api.errors import Invalid
from api.lifecycle import device as lifecycle
from api.models.devices import CHANNELS
from api.routes.asking import Asker, Writing, may
from api.routes.devices import DeviceOut, device_out
from api.routes.once import LedgerRoute, Once
from api.routes.session import me
from api.routes.shapes import In, Out
from api.routes.versions import tag
from api.settings import settings

router = APIRouter(prefix="/v1", tags=["devices"], route_class=LedgerRoute)

Me = Annotated[Asker, may("me")]


class ChannelOut(Out):
    """One way to reach people, and whether the operator has set it up on this server.

    `number` is the one that calls, to be saved on the phone; `names` may be chosen with Apprise.
    """

    channel: str
    set_up: bool
    number: str | None = None
    names: list[str] = Field(default_factory=list)


class AddressIn(In):
    """One more way to reach me: a number, a Pushover key, an ntfy topic, an address."""

    channel: str = Field(max_length=20)
    address: str = Field(min_length=1, max_length=200)
    label: str = Field("", max_length=120)


@router.get("/channels")
async def list_channels(asker: Me) -> list[ChannelOut]:
    """What may be added; a channel without its account reaches nobody."""
    found = {one: ChannelOut(channel=one, set_up=is_set_up(one)) for one in CHANNELS}
    for one in ("voice", "sms"):
        found[one].number = settings.twilio_number or None
    found["apprise"].names = sorted(settings.apprise_targets)
    return list(found.values())


@router.post("/me/devices/by-address", status_code=201)
async def add_device(
    body: AddressIn, asker: Me, session: Writing, response: Response, _: Once
) -> DeviceOut:
    """Another way to reach me. Test it: until it was heard once it proves nothing."""
    if body.channel not in _FITS or not is_set_up(body.channel):
        raise Invalid(
            "This channel is not set up on this server.",
            hint="The operator sets it up; docs/channels.md says how.",
        )
    device, is_new = await lifecycle.add(
        session, me(asker), channel=body.channel, address=_FITS[body.channel](body.address),
        label=body.label,
    )  # fmt: skip
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = tag(device.version)
    return await device_out(session, device)


def is_set_up(channel: str) -> bool:
    """Whether its account is there."""
    twilio = (settings.twilio_account, settings.twilio_token, settings.twilio_number)
    accounts: dict[str, tuple[object, ...]] = {
        "voice": twilio,
        "sms": twilio,
        "pushover": (settings.pushover_token,),
        "ntfy": (settings.ntfy_url,),
        "email": (settings.smtp_url, settings.mail_from),
        "apprise": (settings.apprise_targets,),
    }
    return all(accounts.get(channel, ()))


def _number(text: str) -> str:
    number = lifecycle.dialable(text)
    if not number:
        raise Invalid("A number needs its country, like +43 660 123 4567.")
    return number


def _key(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]{30}", text.strip()):
        raise Invalid("A Pushover user key has 30 letters and digits.")
    return text.strip()


def _topic(text: str) -> str:
    """A topic is as good as a password: a short one is guessed."""
    if not re.fullmatch(r"[-_A-Za-z0-9]{16,64}", text.strip()):
        raise Invalid("A topic has 16 to 64 letters, digits, dashes and underscores.")
    return text.strip()


def _mail(text: str) -> str:
    try:
        return str(TypeAdapter(EmailStr).validate_python(text.strip()))
    except ValidationError as error:
        raise Invalid("This is no e-mail address.") from error


def _target(text: str) -> str:
    if text not in settings.apprise_targets:
        names = ", ".join(sorted(settings.apprise_targets))
        raise Invalid("There is no such target.", hint=f"The operator named these: {names}.")
    return text


_FITS = {
    "voice": _number, "sms": _number, "pushover": _key, "ntfy": _topic, "email": _mail,
    "apprise": _target,
}  # fmt: skip
