"""Where an Application Load Balancer sends a request: its listeners and rules, walked as AWS walks them.

    state = read(boto3.client("elbv2"), load_balancer_arn)
    route(Request("http://shop.example.com/img/cat.png"), state)

Rules are tried by priority, lowest number first; a rule fits when all its conditions fit, and a condition fits when one
of its values does. The default rule comes last and always fits.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit

from course.elb.patterns import condition_matches

__all__ = ["LoadBalancerState", "Request", "Routed", "chosen_target_group", "read", "redirect_location", "route"]

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Request:
    """One HTTP request as it reaches the load balancer; `headers` are (name, text) pairs or a dict.

    Protocol, host, port, path and query come from `url`. ValueError unless it is an absolute http or https URL.
    """

    url: str
    method: str = "GET"
    headers: Any = ()
    source_ip: str = "203.0.113.10"

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError(f"a request needs an absolute http or https URL, not {self.url!r}")
        pairs = self.headers.items() if isinstance(self.headers, dict) else self.headers
        object.__setattr__(self, "headers", tuple((name, text) for name, text in pairs))

    @property
    def protocol(self) -> str:
        """HTTP or HTTPS."""
        return urlsplit(self.url).scheme.upper()

    @property
    def host(self) -> str:
        """The Host header if one is sent, else the host name of the URL."""
        sent = [text for name, text in self.headers if name.lower() == "host"]
        return sent[0] if sent else urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port of the listener the request arrives at."""
        parts = urlsplit(self.url)
        return parts.port or _PORTS[parts.scheme]

    @property
    def path(self) -> str:
        """The path as sent, without the query string; at least "/"."""
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        """The query string without "?"."""
        return urlsplit(self.url).query


@dataclass(frozen=True)
class LoadBalancerState:
    """What `describe_listeners`, `describe_rules` and `describe_target_groups` return: `rules` by listener ARN."""

    listeners: list[dict]
    rules: dict[str, list[dict]]
    target_groups: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class Routed:
    """What happens to a request.

    action: forward, redirect, fixed-response, or refused where no listener has the port. rule: its ARN, "" for refused.
    priority: as describe_rules shows it ("default" for the last). status: the HTTP code the load balancer itself answers,
    0 for forward. Only one of target_group_arn, location and body is set. authentication: an authenticate action on the way.
    """

    action: str
    rule: str = ""
    priority: str = ""
    target_group_arn: str = ""
    status: int = 0
    location: str = ""
    body: str = ""
    content_type: str = ""
    authentication: str = ""


def read(elbv2: Any, load_balancer_arn: str) -> LoadBalancerState:
    """The state of a load balancer through a boto3 client `elbv2`."""
    listeners = elbv2.describe_listeners(LoadBalancerArn=load_balancer_arn)["Listeners"]
    rules = {}
    for one in listeners:
        pages = elbv2.get_paginator("describe_rules").paginate(ListenerArn=one["ListenerArn"])
        rules[one["ListenerArn"]] = [rule for page in pages for rule in page["Rules"]]
    return LoadBalancerState(listeners, rules, elbv2.describe_target_groups()["TargetGroups"])


def route(request: Request, state: LoadBalancerState, seed: int = 0) -> Routed:
    """What the load balancer does with a request; `seed` decides among weighted target groups.

    ValueError where a listener has no default rule, or a rule no action, which describe_rules never returns.
    """
    listener = next((one for one in state.listeners if one["Port"] == request.port), None)
    if listener is None or listener["Protocol"] != request.protocol:
        # A TCP connection without a listener is refused; plain HTTP on an HTTPS port gets no further either.
        return Routed("refused")
    for rule in sorted(state.rules[listener["ListenerArn"]], key=_order):
        if rule.get("IsDefault") or all(condition_matches(one, request) for one in rule["Conditions"]):
            return _done(rule, request, seed)
    raise ValueError(f"listener {listener['ListenerArn']} has no default rule")


def _order(rule: dict) -> float:
    return float("inf") if rule["Priority"] == "default" else int(rule["Priority"])


def _done(rule: dict, request: Request, seed: int) -> Routed:
    authentication = ""
    where = {"rule": rule["RuleArn"], "priority": str(rule["Priority"])}
    for action in sorted(rule["Actions"], key=lambda one: one.get("Order", 1)):
        kind = action["Type"]
        if kind.startswith("authenticate") or kind == "jwt-validation":
            authentication = kind
        elif kind == "forward":
            arn = chosen_target_group(action, seed)
            # Where every weight is 0 no target group is left to answer.
            status = 0 if arn else 503
            return Routed("forward", target_group_arn=arn, status=status, authentication=authentication, **where)
        elif kind == "redirect":
            config = action["RedirectConfig"]
            status, location = int(config["StatusCode"].removeprefix("HTTP_")), redirect_location(config, request)
            return Routed("redirect", status=status, location=location, authentication=authentication, **where)
        elif kind == "fixed-response":
            config = action["FixedResponseConfig"]
            answer = {"body": config.get("MessageBody", ""), "content_type": config.get("ContentType", "")}
            return Routed(kind, status=int(config["StatusCode"]), authentication=authentication, **answer, **where)
    raise ValueError(f"rule {rule['RuleArn']} forwards, redirects and answers nothing")


def chosen_target_group(action: dict, seed: int = 0) -> str:
    """The ARN of the target group that a forward action chooses by weight; "" where all weights are 0.

    The same seed chooses the same group; over many seeds each group is chosen in proportion to its weight.
    """
    groups = action.get("ForwardConfig", {}).get("TargetGroups") or [
        {"TargetGroupArn": action.get("TargetGroupArn", "")}
    ]
    weights = [one.get("Weight", 1) for one in groups]
    if not sum(weights):
        return ""
    return Random(seed).choices([one["TargetGroupArn"] for one in groups], weights)[0]


def redirect_location(config: dict, request: Request) -> str:
    """The Location header of a redirect: what the action leaves out stays as in the request.

    #{protocol}, #{host}, #{port}, #{path} (without its leading "/") and #{query} stand for the parts of the request.
    """
    parts = {
        "#{protocol}": request.protocol.lower(),
        "#{host}": request.host.rsplit(":", 1)[0] if request.host.rpartition(":")[2].isdigit() else request.host,
        "#{port}": str(request.port),
        "#{path}": request.path.removeprefix("/"),
        "#{query}": request.query,
    }

    def filled(given: str) -> str:
        # Cut at the placeholders, so that what a part brings along is never read as a placeholder itself.
        done, rest = [], given
        while rest:
            at, word = min(((rest.find(one), one) for one in parts if one in rest), default=(len(rest), ""))
            done += [rest[:at], parts.get(word, "")]
            rest = rest[at + len(word) :]
        return "".join(done)

    protocol = filled(config.get("Protocol", "#{protocol}")).lower()
    host, port = filled(config.get("Host", "#{host}")), filled(config.get("Port", "#{port}"))
    path, query = filled(config.get("Path", "/#{path}")), filled(config.get("Query", "#{query}"))
    return f"{protocol}://{host}:{port}{path}{'?' + query if query else ''}"
