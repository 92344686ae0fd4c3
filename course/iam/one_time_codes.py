"""The six digits that an authenticator app shows: time-based one-time passwords, RFC 6238, as AWS's virtual MFA uses them.

>>> code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", datetime.fromtimestamp(59, UTC))
'287082'
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

# A new code every 30 seconds, counted from 1 January 1970 UTC.
STEP_SECONDS = 30


def step_at(moment: datetime) -> int:
    """How many steps have begun at this moment; an aware datetime."""
    return int(moment.astimezone(UTC).timestamp() // STEP_SECONDS)


def code_of_step(seed: str | bytes, step: int) -> str:
    """The code of one step for a seed in Base32, as CreateVirtualMFADevice answers it."""
    digest = hmac.digest(base64.b32decode(seed), step.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 15
    return f"{int.from_bytes(digest[start : start + 4], 'big') % 2**31 % 10**6:06}"


def code_at(seed: str | bytes, moment: datetime) -> str:
    """What the app shows at this moment."""
    return code_of_step(seed, step_at(moment))
