"""The gate in front of moto: every request to the offline account passes here, whoever sent it.

Order: who is calling (IAM) -> would AWS refuse (`refuses`) -> does the lab answer (`answers`) -> moto -> `corrects`.
It stands where moto has found the service and the operation but has not run it (`BaseResponse.call_action`), so boto3
and the `aws` command, in this process and in others, meet the same rules.

A rule is a small function beside its service, found by service and operation:

    @refuses("ec2", "AttachVolume")
    def zone_mismatch(call):
        if ...:
            raise Refused("InvalidVolume.ZoneMismatch", "The volume 'vol-1' is not in the same availability zone ...")
"""

from __future__ import annotations

import contextlib
import copy
import warnings
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model

from .transport import NotOffline

__all__ = ["Answered", "Call", "NotOffline", "Refused", "answers", "authorises", "corrects", "refuses", "replaces"]

_RULES: dict[tuple[str, str], list[Callable]] = defaultdict(list)
_AUTHORISERS: list[Callable] = []
_ANSWERS: dict[tuple[str, str], Callable] = {}
_CORRECTIONS: dict[tuple[str, str], list[Callable]] = defaultdict(list)
_REPLACEMENTS: list[tuple[Any, str, Callable]] = []
_ORIGINALS: list[tuple[Any, str, Any]] = []


class Refused(ServiceException):
    """What AWS answers instead: `code` and `message` as boto3's ClientError shows them.

    `status` is the HTTP status; where the service's model gives one for this error, as EFS does, the model decides.
    """

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(code, message)
        self.status = status
        self.ErrorCode = code  # EFS and a few others repeat the code in the body under this name


class Answered(Exception):
    """Raised by a rule that has the answer already, as for a request that is made again: `result` is written at once."""

    def __init__(self, result: Any):
        super().__init__()
        self.result = result


@dataclass
class Call:
    """One request: `params` in the shape of boto3's keyword arguments, `backend` is moto's state for service and Region."""

    service: str
    operation: str
    params: dict[str, Any]
    region: str
    account_id: str
    access_key: str = ""
    token: str | None = None

    @property
    def backend(self) -> Any:
        return self.backend_of(self.service)

    def backend_of(self, service: str, region: str | None = None) -> Any:
        """moto's state of another service or Region in the same account."""
        from moto.backends import get_backend

        return get_backend(service)[self.account_id][region or self.region]


def authorises(check: Callable[[BaseResponse, str, str], None]) -> Callable:
    """Register the function `(response, service, operation)` that raises `Refused` for a caller who may not do this."""
    _AUTHORISERS.append(check)
    return check


def refuses(service: str, *operations: str) -> Callable:
    """Register a function that raises `Refused` when AWS would refuse the call. It must change nothing."""

    def register(rule: Callable[[Call], None]) -> Callable:
        for operation in operations:
            _RULES[service, operation].append(rule)
        return rule

    return register


def answers(service: str, operation: str) -> Callable:
    """Register a function that answers instead of moto, with a dict in the shape of boto3's response."""

    def register(answer: Callable[[Call], dict]) -> Callable:
        if (service, operation) in _ANSWERS:
            raise ValueError(
                f"{service} {operation} already has an answer: {_ANSWERS[service, operation].__qualname__}"
            )
        _ANSWERS[service, operation] = answer
        return answer

    return register


def corrects(service: str, *operations: str) -> Callable:
    """Register a function `(call, result)` that mends moto's state after a call, before the response is written.

    `result` is what moto returned (for EC2 its own model object). A dict that is returned becomes the response.
    """

    def register(correction: Callable[[Call, Any], dict | None]) -> Callable:
        for operation in operations:
            _CORRECTIONS[service, operation].append(correction)
        return correction

    return register


def replaces(owner: Any, name: str) -> Callable:
    """Register a function for a method of moto's own models; its first argument is the original.

    For what no request passes: volumes made by a launch, an Auto Scaling group or a stack, and those a termination ends.
    """

    def register(replacement: Callable) -> Callable:
        _REPLACEMENTS.append((owner, name, replacement))
        return replacement

    return register


def operations() -> dict[str, list[str]]:
    """Which operations have rules, answers and corrections: {"ec2 AttachVolume": ["zone_mismatch", ...]}."""
    found = defaultdict(list)
    for table in (_RULES, _CORRECTIONS):
        for (service, operation), functions in table.items():
            found[f"{service} {operation}"] += [function.__name__ for function in functions]
    for (service, operation), function in _ANSWERS.items():
        found[f"{service} {operation}"].append(function.__name__)
    return dict(sorted(found.items()))


def stand() -> None:
    """Put the gate before moto and the replacements into moto's models. Called once by `lab.start()`."""
    if _ORIGINALS:
        return
    _swap(BaseResponse, "call_action", lambda moto, response: _with_request_id(_pass(response, moto)))
    for owner, name, replacement in _REPLACEMENTS:
        _swap(owner, name, replacement)


def leave() -> None:
    """Take the gate and all replacements away again."""
    while _ORIGINALS:
        owner, name, original = _ORIGINALS.pop()
        setattr(owner, name, original)


def _swap(owner: Any, name: str, replacement: Callable) -> None:
    original = owner.__dict__[name] if isinstance(owner, type) and name in owner.__dict__ else getattr(owner, name)
    _ORIGINALS.append((owner, name, original))
    if isinstance(original, property):
        setattr(owner, name, property(lambda self: replacement(original.fget, self)))
    else:
        setattr(owner, name, lambda *args, **kwargs: replacement(original, *args, **kwargs))


def _pass(response: BaseResponse, moto: Callable) -> Any:
    service, operation = response.boto3_service_name, response._get_action()
    key = (service, operation)
    try:
        for check in _AUTHORISERS:
            check(response, service, operation)
    except ServiceException as refusal:
        return written(response, ActionResult(refusal))
    known = key in _RULES or key in _ANSWERS or key in _CORRECTIONS
    if not known and service != "ec2":
        return _or_not_offline(response, moto, service, operation)
    try:
        params = structured(response)
        if service == "ec2" and params.get("DryRun"):
            # AWS promises of DryRun only to check the permissions, which is done, so no rule speaks here.
            raise Refused("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
        call = call_of(response, service, operation)
        for rule in _RULES.get(key, ()):
            rule(call)
        if key in _ANSWERS:
            return written(response, ActionResult(_ANSWERS[key](call)))
    except Answered as early:
        return written(response, ActionResult(early.result))
    except ServiceException as refusal:
        return written(response, ActionResult(refusal))
    if key not in _CORRECTIONS:
        return _or_not_offline(response, moto, service, operation)
    with _corrected(response, call, _CORRECTIONS[key]):
        return _or_not_offline(response, moto, service, operation)


def _or_not_offline(response: BaseResponse, moto: Callable, service: str, operation: str) -> Any:
    try:
        return moto(response)
    except NotOffline:
        raise
    except NotImplementedError as missing:
        raise NotOffline(f"the offline account has no {service} {operation}; nothing was sent to AWS") from missing


@contextlib.contextmanager
def _corrected(response: BaseResponse, call: Call, corrections: list[Callable]) -> Any:
    # moto looks its method up on the instance, so an attribute there comes between the method and the serializer.
    name = camelcase_to_underscores(call.operation)
    method = getattr(response, name)

    def corrected() -> Any:
        result = method()
        for correction in corrections:
            replacement = correction(call, result.result if isinstance(result, ActionResult) else result)
            if replacement is not None:
                result = ActionResult(replacement)
        return result

    setattr(response, name, corrected)
    try:
        yield
    finally:
        delattr(response, name)


def structured(response: BaseResponse) -> dict[str, Any]:
    """The parameters of a request in the shape of boto3's keyword arguments; parsed once."""
    if "_lab_params" not in response.__dict__:
        response._lab_params = _parsed(response)
    return response._lab_params


def call_of(response: BaseResponse, service: str, operation: str) -> Call:
    """The request as a rule sees it."""
    token = response.headers.get("X-Amz-Security-Token")
    return Call(
        service, operation, structured(response), response.region, response.current_account, response.access_key, token
    )


def _parsed(response: BaseResponse) -> dict[str, Any]:
    service_model = get_service_model(response.boto3_service_name)
    try:
        operation_model = service_model.operation_model(response._get_action())
    except Exception:
        return {}
    request = response.normalized_request
    parser = PROTOCOL_PARSERS[determine_request_protocol(service_model, request.content_type)](operation_model)
    parsed = parser.parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": response.uri_match,
        }
    )
    return copy.deepcopy(dict(parsed))


def _with_request_id(answer: Any) -> Any:
    # moto fills in the id only where the element is spelt RequestId; EC2's errors spell it RequestID.
    status, headers, body = answer
    if isinstance(body, str) and "request-id" in body[-200:]:
        body = body[:-200] + body[-200:].replace(">request-id<", f">{headers.get('x-amzn-requestid', 'request-id')}<")
    return status, headers, body


def written(response: BaseResponse, result: ActionResult) -> Any:
    """A result or a refusal in the protocol of the request."""
    with warnings.catch_warnings():
        # Codes that every service may answer, as AccessDenied, stand in no service's model; moto wonders about that.
        warnings.simplefilter("ignore", UserWarning)
        status, headers, body = response.serialized(result)
    if isinstance(result.result, Refused) and status == 400:
        status = result.result.status
    headers["status"] = status
    headers, body = response._enrich_response(headers, body)
    return status, headers, body
