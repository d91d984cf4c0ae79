"""Who may come in: passwords, sign-ins and keys for programs."""

import asyncio
import binascii
from collections import defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache
from math import ceil

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlmodel import col, delete, func, select

from api.clock import now
from api.crypto import digest, new_token
from api.database import Reader, Writer, reading
from api.errors import AlreadyThere, RateLimited, WrongSignIn
from api.models import ApiKey, SignIn, User
from api.settings import settings

# Ten wrong tries in five minutes for one address and e-mail; then it is a machine, not a typo.
_TRIES, _WINDOW = 10, timedelta(minutes=5)
_MOST_REMEMBERED = 10_000
_tries: dict[str, deque[datetime]] = defaultdict(deque)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash to check against when there is no such person: both answers take the same time."""
    return _hasher().hash(new_token())


async def add(
    session: Writer, *, name: str, email: str, password: str, role: str,
    phone: str | None = None, zone: str = "UTC", practice: bool = False,
) -> User:  # fmt: skip
    """A new person, last on the ladder."""
    email = email.strip().lower()
    if (await session.exec(select(User.id).where(User.email == email))).first():
        raise AlreadyThere("Somebody with this e-mail is here already.")
    last = (await session.exec(select(func.max(User.ring_order)))).one()
    user = User(
        name=name, email=email, phone=phone, zone=zone, role=role, practice=practice,
        ring_order=(last if last is not None else -1) + 1,
        password_hash=await asyncio.to_thread(_hasher().hash, password),
    )  # fmt: skip
    session.add(user)
    await session.flush()
    return user


async def check_password(email: str, password: str, *, address: str) -> User:
    """The person with this e-mail and password; WrongSignIn, or RateLimited after many tries.

    A try counts before it is checked, and no connection waits meanwhile: a flood of tries costs
    two threads and nobody else's time.
    """
    email = email.strip().lower()
    tries = _recent_tries(f"{address} {email}")
    if len(tries) >= _TRIES:
        left = tries[0] + _WINDOW - now()
        raise RateLimited(
            "Too many tries with this e-mail.", hint="Wait five minutes.",
            retry_after=ceil(left.total_seconds()),
        )  # fmt: skip
    tries.append(now())
    user = await _by_email(email)
    kept = user.password_hash if user else _nobody()
    loop = asyncio.get_running_loop()
    fits = await loop.run_in_executor(_threads(), _fits, kept, password)
    if user is None or not fits:
        raise WrongSignIn
    tries.clear()
    return user


async def _by_email(email: str) -> User | None:
    async with reading() as session:
        found = await session.exec(
            select(User).where(User.email == email, col(User.practice).is_(False))
        )
        return found.first()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


def _recent_tries(who: str) -> deque[datetime]:
    if len(_tries) > _MOST_REMEMBERED:
        _tries.clear()
    tries = _tries[who]
    while tries and tries[0] <= now() - _WINDOW:
        tries.popleft()
    return tries


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except VerificationError:
        return False


async def sign_in(session: Writer, user: User) -> str:
    """A fresh cookie value for this person; only its hash stays here."""
    token = new_token()
    session.add(
        SignIn(user_id=user.id, token_hash=digest(token), expires_at=now() + settings.signed_in_for)
    )
    return token


async def signed_in(session: Reader, token: str) -> User | None:
    """Who this cookie belongs to."""
    return (
        await session.exec(
            select(User)
            .join(SignIn, col(SignIn.user_id) == col(User.id))
            .where(SignIn.token_hash == digest(token), col(SignIn.expires_at) > now())
        )
    ).first()


async def sign_out(session: Writer, token: str) -> None:
    """Forget this cookie, and all that have expired."""
    await session.exec(
        delete(SignIn).where(
            (col(SignIn.token_hash) == digest(token)) | (col(SignIn.expires_at) < now())
        )
    )


def new_api_key(*, practice: bool = False) -> str:
    """`nd_live_…` with a checksum tail, so that scanners know a leaked one for what it is."""
    body = f"nd_{'test' if practice else 'live'}_{new_token()}"
    return f"{body}_{binascii.crc32(body.encode()):08x}"


async def key(session: Reader, secret: str) -> ApiKey | None:
    """The key behind a bearer token, while it holds."""
    found = (
        await session.exec(
            select(ApiKey).where(
                ApiKey.token_hash == digest(secret), col(ApiKey.revoked_at).is_(None)
            )
        )
    ).first()
    if found and found.expires_at and found.expires_at <= now():
        return None
    return found
