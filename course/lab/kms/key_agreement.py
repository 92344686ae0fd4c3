"""DeriveSharedSecret: two peers with a key pair each come to the same secret.

https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html
"""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ..gate import Call, Refused, answers, refuses
from .encryption import end_dry_run, require_usage
from .keys import find_key


@refuses("kms", "DeriveSharedSecret")
def cannot_agree(call: Call) -> None:
    """A key for key agreement, and a public key on the same curve."""
    key = find_key(call.backend, call.params["KeyId"])
    require_usage(key, "KEY_AGREEMENT", "DeriveSharedSecret")
    try:
        peer = serialization.load_der_public_key(call.params["PublicKey"])
    except (ValueError, UnsupportedAlgorithm):
        raise Refused("ValidationException", "PublicKey is not a DER-encoded X.509 public key.") from None
    own = key.private_key.private_key.curve.name
    if not isinstance(peer, ec.EllipticCurvePublicKey) or peer.curve.name != own:
        raise Refused("ValidationException", f"PublicKey is not on the curve of {key.arn}, {key.key_spec}.")


@answers("kms", "DeriveSharedSecret")
def derive(call: Call) -> dict:
    """The raw secret of ECDH, the same for both peers."""
    key = find_key(call.backend, call.params["KeyId"])
    peer = serialization.load_der_public_key(call.params["PublicKey"])
    end_dry_run(call.params)
    return {
        "KeyId": key.arn,
        "SharedSecret": key.private_key.private_key.exchange(ec.ECDH(), peer),
        "KeyAgreementAlgorithm": "ECDH",
        "KeyOrigin": key.origin,
    }
