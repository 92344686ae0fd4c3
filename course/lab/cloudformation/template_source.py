"""The template of a request: its text, or an object in an S3 bucket of the account; with its transforms done.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from course.data import value

from ..gate import Call, Refused
from .caller import Failed, acting_as, ask, credentials_of

_PATH_STYLE = re.compile(r"s3([.-][a-z0-9-]+)?\.amazonaws\.com")
_HOST_STYLE = re.compile(r"(?P<bucket>.+)\.s3([.-](?P<region>[a-z0-9-]+))?\.amazonaws\.com")


def body_of(call: Call, previous: str | None = None) -> str:
    """The template's text. Refused as AWS does for none, two, or one too large."""
    body, url = call.params.get("TemplateBody"), call.params.get("TemplateURL")
    if call.params.get("UsePreviousTemplate"):
        if body or url:
            raise Refused(
                "ValidationError", "You cannot specify both usePreviousTemplate and Template Body/Template URL."
            )
        if previous is None:
            raise Refused("ValidationError", "Either Template URL or Template Body must be specified.")
        return previous
    if bool(body) == bool(url):
        words = (
            "You must specify only one of them: Template Body or Template URL."
            if body
            else "Either Template URL or Template Body must be specified."
        )
        raise Refused("ValidationError", words)
    if body:
        most = value("cloudformation.template.body")
        if len(body.encode()) > most:
            raise Refused(
                "ValidationError",
                f"1 validation error detected: Value '{body}' at 'templateBody' failed to satisfy constraint: "
                f"Member must have length less than or equal to {most}",
            )
        return body
    text = fetched(call, url)
    if len(text.encode()) > value("cloudformation.template.object"):
        raise Refused("ValidationError", "Template may not exceed 1000000 bytes in size.")
    return text


def fetched(call: Call, url: str) -> str:
    """The text of an object in S3, read with the caller's permissions."""
    parts = urlsplit(url)
    path = unquote(parts.path).lstrip("/")
    host = _HOST_STYLE.fullmatch(parts.netloc)
    if parts.scheme != "https" or not (host or _PATH_STYLE.fullmatch(parts.netloc)):
        if parts.scheme == "http" and (host or _PATH_STYLE.fullmatch(parts.netloc)):
            pass
        else:
            raise Refused("ValidationError", "TemplateURL must be a supported URL.")
    bucket, key = (host["bucket"], path) if host else path.partition("/")[::2]
    try:
        with acting_as(credentials_of(call, None)):
            return ask("s3", call.region, "get_object", Bucket=bucket, Key=key)["Body"].read().decode("utf-8-sig")
    except Failed as failed:
        if failed.code == "AccessDenied":
            message = "S3 error: Access Denied\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
        elif failed.code == "NoSuchBucket":
            message = "S3 error: The specified bucket does not exist\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
        else:
            message = "S3 error: The specified key does not exist.\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
        raise Refused("ValidationError", message) from None
    except UnicodeDecodeError:
        raise Refused("ValidationError", "Template format error: unsupported structure.") from None
