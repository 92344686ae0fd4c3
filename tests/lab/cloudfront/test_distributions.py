"""Which distributions CloudFront deletes."""

import boto3
import pytest
from botocore.exceptions import ClientError

CONFIG = {
    "CallerReference": "1",
    "Comment": "",
    "Enabled": True,
    "Origins": {
        "Quantity": 1,
        "Items": [{"Id": "o", "DomainName": "a.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}],
    },
    "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all", "CachePolicyId": "p"},
}


def test_disabled_first_and_with_its_version():
    """Enabled: refused. Another ETag: refused. Disabled and with its own: gone."""
    cloudfront = boto3.client("cloudfront")
    made = cloudfront.create_distribution(DistributionConfig=CONFIG)
    id, etag = made["Distribution"]["Id"], made["ETag"]
    for given, code in ((etag, "DistributionNotDisabled"), ("E0", "PreconditionFailed")):
        with pytest.raises(ClientError) as caught:
            cloudfront.delete_distribution(Id=id, IfMatch=given)
        assert caught.value.response["Error"]["Code"] == code
    changed = cloudfront.update_distribution(DistributionConfig={**CONFIG, "Enabled": False}, Id=id, IfMatch=etag)
    cloudfront.delete_distribution(Id=id, IfMatch=changed["ETag"])
    assert "Items" not in cloudfront.list_distributions()["DistributionList"]
