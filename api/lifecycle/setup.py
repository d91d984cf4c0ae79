"""The first start: keys that must exist, and the one-time link that makes the first person."""

from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import col, select

from api.crypto import seal, sign, signature_fits
from api.database import Reader, Writer, reading, transaction
from api.errors import NotAllowed, SetUpDone
from api.ids import new_id
from api.models import Counter, PushKey, User
from api.settings import settings


def push_key_row(key: PushKey) -> str:
    """What a push key's private half is bound to."""
    return f"push_key:{key.id}"


def _new_push_key() -> PushKey:
    pair = ec.generate_private_key(ec.SECP256R1())
    public = pair.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    private = pair.private_numbers().private_value.to_bytes(32, "big")
    row = PushKey(
        id=new_id(), public=urlsafe_b64encode(public).rstrip(b"=").decode(), private_sealed=b""
    )
    row.private_sealed = seal(private, row=push_key_row(row))
    return row


async def prepare() -> None:
    """Make what every start needs and no start may make twice."""
    async with transaction() as session:
        if await session.get(Counter, "event") is None:
            session.add(Counter(name="event"))
        if (await session.exec(select(PushKey.id))).first() is None:
            session.add(_new_push_key())


async def push_key(session: Reader) -> PushKey:
    """The key that new devices subscribe with."""
    return (
        await session.exec(
            select(PushKey)
            .where(col(PushKey.retired_at).is_(None))
            .order_by(col(PushKey.id).desc())
            .limit(1)
        )
    ).one()


async def rotate_push_key() -> None:
    """A new key for every phone that registers from now on.

    The old one stays: a phone is bound to it until its app is opened next, and rings meanwhile.
    """
    async with transaction() as session:
        session.add(_new_push_key())


async def needed(session: Reader) -> bool:
    """Whether nobody lives here yet."""
    people = await session.exec(select(User.id).where(col(User.practice).is_(False)))
    return people.first() is None


def _token() -> str:
    return sign("set-up", "the first person")


async def open_setup_link() -> str | None:
    """The one-time link while nobody lives here, else None.

    The token travels in the fragment, which no server sees and no log keeps; it is worth nothing
    once the first person exists.
    """
    async with reading() as session:
        if not await needed(session):
            return None
    return f"{settings.origin}/setup#{_token()}"


async def check_token(session: Writer, token: str) -> None:
    """Refuse a second first person, and anybody without the link; one at a time."""
    await session.get(Counter, "event", with_for_update=True)
    if not await needed(session):
        raise SetUpDone
    if not signature_fits(token, "set-up", "the first person"):
        raise NotAllowed("This set-up link is not the one that was printed.")
