"""Attributes of subscriptions: filters, raw delivery, dead-letter queues.

https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription
from moto.sns.utils import FilterPolicyMatcher

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .filter_policies import SCOPES, problem
from .filtering import accepts
from .topics import invalid, subscriptions_of, topic_named

_SETTABLE = (
    *("DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"),
    "SubscriptionRoleArn",
)


def given_attributes(call: Call) -> dict[str, str]:
    """The attributes of a Subscribe, or the one of a SetSubscriptionAttributes."""
    if call.operation == "Subscribe":
        return call.params.get("Attributes") or {}
    return {call.params["AttributeName"]: call.params.get("AttributeValue") or ""}


def _refuse(call: Call, what: str) -> Refused:
    return invalid(f"Attributes Reason: {what}" if call.operation == "Subscribe" else what)


def _subscription(call: Call) -> Subscription | None:
    """The subscription that is there; None for one that is being made."""
    if call.operation == "Subscribe":
        return None
    found = call.backend.subscriptions.get(call.params["SubscriptionArn"])
    if found is None:
        raise Refused("NotFound", "Subscription does not exist", 404)
    return found


def _protocol(call: Call) -> str:
    found = _subscription(call)
    return found.protocol if found else call.params["Protocol"]


def _is_fifo(call: Call) -> bool:
    found = _subscription(call)
    return (found.topic if found else topic_named(call)).fifo_topic


@refuses("sns", "Subscribe", "SetSubscriptionAttributes")
def unknown_attribute(call: Call) -> None:
    """Only names that AWS knows, of a subscription that is there."""
    _subscription(call)
    for name in given_attributes(call):
        if name not in _SETTABLE:
            raise invalid(
                f"Attributes Reason: Unknown attribute: {name}" if call.operation == "Subscribe" else "AttributeName"
            )


@refuses("sns", "Subscribe", "SetSubscriptionAttributes")
def impossible_raw_delivery(call: Call) -> None:
    """true or false, and true for queues, web servers and delivery streams only."""
    given = given_attributes(call).get("RawMessageDelivery")
    if given is None:
        return
    if given.lower() not in ("true", "false"):
        raise _refuse(call, f"RawMessageDelivery: Invalid value [{given}]. Must be true or false.")
    protocol = _protocol(call)
    if given.lower() == "true" and protocol not in value("sns.subscriptions.raw_protocols"):
        raise invalid(f"Delivery protocol [{protocol}] does not support raw message delivery.")


@refuses("sns", "Subscribe", "SetSubscriptionAttributes")
def impossible_filter(call: Call) -> None:
    """A filter policy is one, for its scope."""
    given, found = given_attributes(call), _subscription(call)
    before = found.attributes if found else {}
    scope = given.get("FilterPolicyScope") or before.get("FilterPolicyScope") or SCOPES[0]
    if scope not in SCOPES:
        raise _refuse(
            call, f"FilterPolicyScope: Invalid value [{scope}]. Please use either MessageBody or MessageAttributes"
        )
    text = given.get("FilterPolicy", before.get("FilterPolicy"))
    what = problem(text, scope) if text else ""
    if what:
        # This one sentence stands alone in AWS's answers to both operations.
        raise invalid(what) if what.startswith("Filter policy scope") else _refuse(call, what)


@refuses("sns", "Subscribe", "SetSubscriptionAttributes")
def too_many_filters(call: Call) -> None:
    """200 filter policies on a topic."""
    if not given_attributes(call).get("FilterPolicy"):
        return
    found = _subscription(call)
    held = subscriptions_of(found.topic if found else topic_named(call))
    if sum(bool(one.attributes.get("FilterPolicy")) for one in held if one is not found) >= value(
        "sns.filter_policies.per_topic"
    ):
        raise Refused("FilterPolicyLimitExceeded", "Filter policy limit exceeded for this topic", 403)


@refuses("sns", "Subscribe", "SetSubscriptionAttributes")
def impossible_redrive_policy(call: Call) -> None:
    """One attribute, the ARN of a queue; a FIFO queue for a FIFO topic, a standard queue for a standard one."""
    text = given_attributes(call).get("RedrivePolicy")
    if not text:
        return
    try:
        policy = json.loads(text)
    except ValueError:
        raise _refuse(call, "RedrivePolicy: failed to parse JSON.") from None
    arn = policy.get("deadLetterTargetArn") if isinstance(policy, dict) else None
    found = re.fullmatch(r"arn:aws[\w-]*:sqs:([\w-]+):(\d{12}):[A-Za-z0-9_-]+(\.fifo)?", arn or "")
    if not found or set(policy) != {"deadLetterTargetArn"}:
        raise _refuse(call, "RedrivePolicy: deadLetterTargetArn is an invalid arn")
    if (found[1], found[2]) != (call.region, call.account_id):
        raise _refuse(call, "RedrivePolicy: deadLetterTargetArn must be in the account and Region of the subscription")
    if _is_fifo(call) and not found[3]:
        raise _refuse(call, "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.")
    if found[3] and not _is_fifo(call):
        raise _refuse(call, "RedrivePolicy: must use a standard queue as DLQ for a subscription to a standard topic.")


@refuses("sns", "Subscribe", "SetSubscriptionAttributes")
def impossible_delivery_policy(call: Call) -> None:
    """A delivery policy is a JSON object."""
    text = given_attributes(call).get("DeliveryPolicy")
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        raise _refuse(call, "DeliveryPolicy: failed to parse JSON.") from None
    if not isinstance(found, dict):
        raise _refuse(call, "DeliveryPolicy: must be a JSON object.")


@refuses("sns", "Subscribe")
def delivery_stream_without_role(call: Call) -> None:
    """SNS writes to a delivery stream with a role."""
    role = given_attributes(call).get("SubscriptionRoleArn", "")
    if call.params["Protocol"] == "firehose" and not re.fullmatch(r"arn:aws[\w-]*:iam::\d{12}:role/.+", role):
        raise invalid("Attributes Reason: SubscriptionRoleArn must be a valid role ARN")


@refuses("sns", "Subscribe")
def subscribed_otherwise(call: Call) -> None:
    """The same endpoint is the same subscription, but not with other attributes."""
    topic = topic_named(call)
    found = topic.sns_backend._find_subscription(topic.arn, call.params.get("Endpoint"), call.params["Protocol"])
    if found is None:
        return
    for name, given in given_attributes(call).items():
        default = {"RawMessageDelivery": "false", "FilterPolicyScope": SCOPES[0]}.get(name, "")
        if _normal(given) != _normal(found.attributes.get(name, default)):
            raise invalid("Attributes Reason: Subscription already exists with different attributes")


def _normal(given: Any) -> Any:
    text = str(given)
    try:
        return json.loads(text.lower() if text.lower() in ("true", "false") else text)
    except ValueError:
        return text


@corrects("sns", "SetSubscriptionAttributes", "Subscribe")
def filter_as_it_is_now(call: Call, result: Any) -> None:
    """moto goes on filtering by the old scope, and shows attributes that were taken away."""
    arn = call.params.get("SubscriptionArn") or result["SubscriptionArn"]
    found = call.backend.subscriptions.get(arn)
    if found is None:
        return
    for name in ("FilterPolicy", "RedrivePolicy", "DeliveryPolicy"):
        if found.attributes.get(name) == "":
            del found.attributes[name]
    text = found.attributes.get("FilterPolicy")
    policy = json.loads(text) if text else None
    found._filter_policy = policy
    found._filter_policy_matcher = (
        FilterPolicyMatcher(policy, found.attributes.get("FilterPolicyScope")) if policy else None
    )


@replaces(SNSBackend, "_validate_filter_policy")
def validate_here(original: Any, backend: SNSBackend, policy: Any, scope: str | None) -> None:
    """moto refuses operators that AWS has; a stack asks here too."""
    what = problem(json.dumps(policy), scope)
    if what:
        raise SNSInvalidParameter(f"Invalid parameter: {what}")


@replaces(FilterPolicyMatcher, "matches")
def match_here(original: Any, matcher: FilterPolicyMatcher, attributes: dict | None, message: str) -> bool:
    """moto matches upper case, arrays and some operators otherwise than AWS."""
    return accepts(matcher.filter_policy, matcher.filter_policy_scope, attributes or {}, message)
