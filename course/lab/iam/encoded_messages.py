"""The encoded part of EC2's refusals, and what DecodeAuthorizationMessage reads in it.

AWS encrypts it; here it is only packed, which a caller cannot tell.
https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib

from course.iam.evaluation import Decision

from ..gate import Call, Refused, answers

_BEGIN = "Encoded authorization failure message: "


def encoded(decision: Decision) -> str:
    """What an EC2 refusal ends with."""
    request = decision.request
    values = {key: list(one) for key, one in request.keys.items()}
    told = {
        "allowed": False,
        "explicitDeny": "explicit deny" in decision.reason,
        "matchedStatements": {"items": []},
        "failures": {"items": []},
        "context": {
            "principal": {"id": request.principal.user_id, "arn": request.principal.arn},
            "action": request.action,
            "resource": request.resource,
            "conditions": {
                "items": [
                    {"key": key, "values": {"items": [{"value": each} for each in one]}} for key, one in values.items()
                ]
            },
        },
    }
    return _BEGIN + base64.urlsafe_b64encode(zlib.compress(json.dumps(told).encode())).decode().rstrip("=")


@answers("sts", "DecodeAuthorizationMessage")
def decode(call: Call) -> dict:
    """The decision as JSON text."""
    text = call.params["EncodedMessage"]
    try:
        told = zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))).decode()
    except (binascii.Error, zlib.error, ValueError):
        raise Refused("InvalidAuthorizationMessageException", f"Message {text:.40} is invalid") from None
    return {"DecodedMessage": told}
