"""lab.context: MFA, source address, time, and its end."""

from datetime import UTC, datetime

import boto3
import pytest
from iam_learners import allow, deny, refused, user

from course import lab
from course.lab.iam.context import HOME, request_keys


def test_long_term_keys_show_no_mfa():
    """Is the key absent for a long-term key, false for a session without MFA, true with it?"""
    name = "aws:MultiFactorAuthPresent"
    assert name not in request_keys("us-east-1", False, None)
    assert request_keys("us-east-1", True, None)[name] is False
    with_mfa = request_keys("us-east-1", True, datetime.now(UTC))
    assert with_mfa[name] is True and with_mfa["aws:MultiFactorAuthAge"] == 0


def test_blocks_nest_and_end():
    """Does the inner block win, and is all as before afterwards, also after an error?"""
    with lab.context(source_ip="203.0.113.9", mfa=True):
        with lab.context(source_ip="2001:db8::1", mfa=3600):
            keys = request_keys("us-east-1", False, None)
            assert (keys["aws:SourceIp"], keys["aws:MultiFactorAuthAge"]) == ("2001:db8::1", 3600)
        assert request_keys("us-east-1", False, None)["aws:SourceIp"] == "203.0.113.9"
    with pytest.raises(KeyError), lab.context(source_ip="203.0.113.9"):
        raise KeyError
    assert request_keys("us-east-1", False, None)["aws:SourceIp"] == HOME


def test_other_keys_are_named_either_way():
    """aws__SourceVpce and **{"aws:SourceVpce": ...}; a key has no case."""
    with lab.context(aws__SourceVpce="vpce-1", **{"AWS:sourceip": "192.0.2.1"}):
        keys = request_keys("us-east-1", False, None)
        assert keys["aws:SourceVpce"] == "vpce-1"
        assert [value for key, value in keys.items() if key.lower() == "aws:sourceip"] == ["192.0.2.1"]


@pytest.mark.parametrize("wrong", [{"source_ip": "203.0.113"}, {"time": "tomorrow"}, {"mfa": "yes"}, {"vpce": "x"}])
def test_wrong_values_are_refused_at_once(wrong):
    """ValueError that says what is allowed."""
    with pytest.raises(ValueError), lab.context(**wrong):
        pass


def test_office_hours():
    """Does aws:CurrentTime decide?"""
    late = deny("ec2:*", Condition={"DateGreaterThan": {"aws:CurrentTime": "2026-11-23T18:00:00Z"}})
    ana = user(allow("ec2:*"), late)("ec2")
    with lab.context(time="2026-11-23T08:00:00Z"):
        ana.describe_vpcs()
    with lab.context(time="2026-11-23T19:00:00"):
        refused(ana.describe_vpcs, "UnauthorizedOperation", "explicit deny")
    boto3.client("ec2").describe_vpcs()
