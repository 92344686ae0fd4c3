"""What a function asks of AWS: its requests come out of its process, and go through the account's door.

The door is that of every client (transport.py), so a function meets the same rules, as its role.
"""

from __future__ import annotations

import base64
from typing import Any


def answered(frame: dict) -> dict[str, Any]:
    """The account's answer to a request of the function, through botocore's door as for everyone else."""
    from botocore.awsrequest import AWSPreparedRequest, HeadersDict
    from botocore.exceptions import EndpointConnectionError
    from botocore.httpsession import URLLib3Session

    try:
        headers = HeadersDict(frame["headers"])
        body = base64.b64decode(frame["body"]) or None
        response = URLLib3Session().send(AWSPreparedRequest(frame["method"], frame["url"], headers, body, False))
        return {
            "status": response.status_code,
            "headers": {str(name): str(one) for name, one in response.headers.items()},
            "body": base64.b64encode(response.content).decode(),
        }
    except EndpointConnectionError as failure:
        return {"failure": "EndpointConnectionError", "message": str(failure)}
    except Exception as failure:
        return {"failure": type(failure).__name__, "message": str(failure) or type(failure).__name__}
