"""The tree of refusals; each is one problem type of the API.

Refusal
├── SignInNeeded            401  sign-in-needed
├── WrongSignIn             401  wrong-sign-in
├── NotAllowed              403  scope-missing
├── ForeignOrigin           403  foreign-origin
├── NotThere                404  not-found
├── NotThatWay              405  method-not-allowed
├── InvalidTransition       409  invalid-transition
├── AlreadyThere            409  already-exists
├── SetUpDone               409  set-up-done
├── BadSignature            401  bad-signature
├── LinkReplaced            410  link-replaced
├── VersionConflict         412  version-conflict
├── TooSlow                 408  too-slow
├── TooLarge                413  too-large
├── Invalid                 422  validation
├── IdempotencyKeyMissing   400  idempotency-key-missing
├── IdempotencyKeyReused    422  idempotency-key-reused
├── InvalidCursor           400  invalid-cursor
├── PreconditionRequired    428  precondition-required
├── RateLimited             429  rate-limited
├── CapabilityMissing       409  capability-missing
├── ApprovalMissing         409  approval-missing
├── ApprovalLapsed          409  approval-lapsed
├── DigestChanged           409  digest-changed
├── PhoneNotVerified        403  device-not-verified
└── Broken                  500  broken
"""

from typing import Any, ClassVar


class Refusal(Exception):
    """Nightdesk says no: what is true now in `detail`, what to do in `hint`."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "Not possible"
    hint: ClassVar[str] = ""

    def __init__(self, detail: str = "", *, hint: str = "", **facts: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.advice = hint or self.hint
        self.facts = facts


class SignInNeeded(Refusal):
    """Nobody is signed in, or the key is unknown."""

    status, code, title = 401, "sign-in-needed", "Please sign in"
    hint = "Sign in again. What you typed is kept."


class WrongSignIn(Refusal):
    """E-mail and password do not belong together."""

    status, code, title = 401, "wrong-sign-in", "That e-mail and password do not fit"
    hint = "Check both and try again."


class BadSignature(Refusal):
    """A webhook or receipt was not signed by whom it claims."""

    status, code, title = 401, "bad-signature", "The signature does not fit"
    hint = "Check the secret and the clock of the sender."


class NotAllowed(Refusal):
    """Known, but without the scope."""

    status, code, title = 403, "scope-missing", "This key or role may not do that"
    hint = "Ask the owner of the workspace."


class ForeignOrigin(Refusal):
    """A browser sent this from another site."""

    status, code, title = 403, "foreign-origin", "This came from another site"
    hint = "Open Nightdesk at its own address."


class NotThere(Refusal):
    """No such thing, or not for the one who asks: the answer is the same."""

    status, code, title = 404, "not-found", "Not found"
    hint = "It may have been removed. Go back to the list."


class NotThatWay(Refusal):
    """The address is there, but not for this method."""

    status, code, title = 405, "method-not-allowed", "This address does not take that method"
    hint = "The Allow header says what it takes."


class InvalidTransition(Refusal):
    """The thing is in a state from which this verb is not possible."""

    status, code, title = 409, "invalid-transition", "Not possible now"
    hint = "The screen shows what is true now."


class AlreadyThere(Refusal):
    """Something else already has this name or address."""

    status, code, title = 409, "already-exists", "This exists already"
    hint = "Use the one that is there."


class SetUpDone(Refusal):
    """The one-time set-up link was used."""

    status, code, title = 409, "set-up-done", "Set-up is finished"
    hint = "Sign in instead."


class CapabilityMissing(Refusal):
    """This source cannot do that."""

    status, code, title = 409, "capability-missing", "This source cannot do that"
    hint = "The reason and another way are listed with the source."


class ApprovalMissing(Refusal):
    """Nobody at the client has said yes to this."""

    status, code, title = 409, "approval-missing", "This needs the owner’s yes"
    hint = "Call, ask by link, or record what was said."


class ApprovalLapsed(Refusal):
    """There was a yes, and its time is over."""

    status, code, title = 409, "approval-lapsed", "The yes is too old"
    hint = "Ask again. Things may have changed since."


class DigestChanged(Refusal):
    """What would be done is not what was shown for the yes."""

    status, code, title = 409, "digest-changed", "This is not what the yes was for"
    hint = "Show the new version and ask again."


class PhoneNotVerified(Refusal):
    """A decision came from a phone that has not shown whose it is."""

    status, code, title = 403, "device-not-verified", "We do not know this phone yet"
    hint = "Ask for the code on the private page and type it there."


class LinkReplaced(Refusal):
    """A private link that is dead, replaced or wrong: the words are the same for all three."""

    status, code, title = 410, "link-replaced", "This link was replaced"
    hint = "Ask your manager for the new one."


class VersionConflict(Refusal):
    """Somebody changed it in the meantime."""

    status, code, title = 412, "version-conflict", "Somebody changed this in the meantime"
    hint = "Look at the newer version, then save again."


class TooSlow(Refusal):
    """The body did not come to its end in time."""

    status, code, title = 408, "too-slow", "That came too slowly"
    hint = "Try again on a better line, or send it in smaller parts."


class TooLarge(Refusal):
    """More bytes than are taken in at once."""

    status, code, title = 413, "too-large", "That is too much at once"
    hint = "Send it in smaller parts."


class Invalid(Refusal):
    """The content does not hold together; `errors` names each place."""

    status, code, title = 422, "validation", "Something in this is not right"
    hint = "The list says what and where."


class IdempotencyKeyMissing(Refusal):
    """This call could wake or publish twice and must be named."""

    status, code, title = 400, "idempotency-key-missing", "An Idempotency-Key header is needed"
    hint = "Send a new random key per tap. Repeat it when you retry."


class IdempotencyKeyReused(Refusal):
    """The same key came with other content."""

    status, code, title = 422, "idempotency-key-reused", "This key was used for something else"
    hint = "Make a new key for a new wish."


class InvalidCursor(Refusal):
    """A cursor that was not made by this list."""

    status, code, title = 400, "invalid-cursor", "This cursor does not belong to this list"
    hint = "Start again without a cursor."


class PreconditionRequired(Refusal):
    """A change must say which version it was made from."""

    status, code, title = 428, "precondition-required", "An If-Match header is needed"
    hint = "Read it first, and send its ETag as If-Match."


class RateLimited(Refusal):
    """Too often in a short time; `retry_after` is in seconds."""

    status, code, title = 429, "rate-limited", "Too many tries"
    hint = "Wait a moment and try again."


class Broken(Refusal):
    """Our own mistake; the log has it under the same request id."""

    status, code, title = 500, "broken", "Something went wrong here"
    hint = "Try again. If it stays, tell the operator the request id."
