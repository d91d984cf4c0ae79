"""Names exactly what was shown for a yes: a digest for machines, four signs for reading aloud."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

# Without 0 O 1 I L, U V, 2 Z, 5 S, 8 B: read aloud over a bad line, each is only itself.
_SIGNS = "34679ACDEFGHJKMNPQRTWXY"
_LENGTH = 4


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, nothing escaped that need not be."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(shown: Mapping[str, Any]) -> str:
    """SHA-256 of what was shown: one changed letter makes another one."""
    return hashlib.sha256(canonical(dict(shown)).encode()).hexdigest()


def code_of(digest: str) -> str:
    """Four signs that both sides read to each other; one of 279,841, so never a proof by itself."""
    number, signs = int(digest, 16), ""
    for _ in range(_LENGTH):
        number, sign = divmod(number, len(_SIGNS))
        signs += _SIGNS[sign]
    return signs
