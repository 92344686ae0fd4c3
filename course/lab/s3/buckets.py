"""Buckets: their names, and what each new one is set to since 2023: encrypted, not public, without ACLs.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.s3.exceptions import InvalidBucketName
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend

from ..gate import replaces

# 3 to 63 of lower-case letters, digits, dots and hyphens, with a letter or digit at either end.
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_AES256 = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}}


def is_bucket_name(name: str) -> bool:
    """Whether a general purpose bucket may have this name."""
    return bool(
        _NAME.fullmatch(name)
        and ".." not in name
        and not _ADDRESS.fullmatch(name)
        and not name.startswith(_RESERVED_STARTS)
        and not name.endswith(_RESERVED_ENDS)
    )


@replaces(S3Backend, "create_bucket")
def bucket_name(moto: Any, backend: S3Backend, bucket_name: str, *more: Any, **named: Any) -> FakeBucket:
    """InvalidBucketName; moto counts the letters only."""
    if not is_bucket_name(bucket_name):
        raise InvalidBucketName()
    return moto(backend, bucket_name, *more, **named)


@replaces(FakeBucket, "__init__")
def as_aws_makes_it(moto: Any, bucket: FakeBucket, *more: Any, **named: Any) -> None:
    """SSE-S3, all four public access blocks, and Object Ownership that switches ACLs off.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
    """
    moto(bucket, *more, **named)
    bucket.encryption = _AES256
    bucket.public_access_block = PublicAccessBlock(True, True, True, True)
    bucket.ownership_rule = "BucketOwnerEnforced"


@replaces(S3Backend, "delete_bucket_encryption")
def always_encrypted(moto: Any, backend: S3Backend, bucket_name: str) -> None:
    """Deleting a bucket's encryption brings back that of a new bucket."""
    backend.get_bucket(bucket_name).encryption = _AES256
