"""Do the codes of an authenticator app follow RFC 6238?"""

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest

from course.iam.one_time_codes import code_at, code_of_step, step_at

SEED = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    "seconds, code",
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_examples_of_the_rfc(seconds, code):
    """Appendix B, with six digits instead of eight."""
    assert code_at(SEED, datetime.fromtimestamp(seconds, UTC)) == code


def test_a_code_lasts_thirty_seconds():
    """And does not depend on the time zone."""
    moment = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert code_at(SEED, moment) == code_at(SEED, elsewhere) == code_at(SEED, moment + timedelta(seconds=29))
    assert code_at(SEED, moment + timedelta(seconds=30)) == code_of_step(SEED, step_at(moment) + 1)
