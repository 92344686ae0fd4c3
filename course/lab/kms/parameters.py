"""Parameters of KMS requests that its model does not allow; asked before anything else is looked at.

https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

from ..constraints import require_constraints
from ..gate import Call, Refused, refuses


@refuses(
    "kms",
    *("CreateKey", "PutKeyPolicy", "CreateAlias", "UpdateAlias", "DeleteAlias", "EnableKeyRotation", "CreateGrant"),
    *("Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GenerateDataKeyPair"),
    *("GenerateDataKeyPairWithoutPlaintext", "Sign", "Verify", "GenerateMac", "VerifyMac", "GenerateRandom"),
    *("GetParametersForImport", "ImportKeyMaterial", "DeriveSharedSecret", "UpdatePrimaryRegion"),
    *("UpdateKeyDescription", "TagResource", "UntagResource", "ListKeys", "ListAliases", "ListGrants"),
)
def outside_the_model(call: Call) -> None:
    """ValidationException for lengths, ranges and enums."""
    require_constraints(call)


@refuses("kms", "GenerateRandom")
def number_of_bytes(call: Call) -> None:
    """The model leaves NumberOfBytes open, the service does not."""
    if "NumberOfBytes" not in call.params:
        raise Refused("ValidationException", "NumberOfBytes is required.")
