"""TestDNSAnswer: what Route 53 would answer a resolver. moto has none of it.

Where a query comes from is told by EDNS0ClientSubnetIP, else by ResolverIP; without both it is a resolver in us-east-1, as
on AWS. The account knows a few address ranges of AWS's own (`course/data/route53.toml`); other addresses are nowhere, so
that geolocation answers with the default. Load balancers and other names of AWS have addresses made up for this account.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_TestDNSAnswer.html
"""

from __future__ import annotations

import ipaddress
import zlib

from moto.core.utils import get_service_model
from moto.route53 import urls

from course.serverless.dns_places import place_of_address
from course.serverless.dns_routing import answer

from .. import ids
from ..gate import Call, Refused, answers
from .health_status import is_healthy
from .record_sets import dotted, of_zone, state

urls.url_paths[r"{0}/(?P<api_version>[\d_-]+)/testdnsanswer$"] = urls.Route53.dispatch

# An address of Amazon's in us-east-1.
_RESOLVER = "3.80.0.1"


@answers("route53", "TestDNSAnswer")
def test_dns_answer(call: Call) -> dict:
    """The answer of the zone's name servers, by routing policy and health."""
    params = call.params
    zone = state(call).get_hosted_zone(params["HostedZoneId"])
    if zone.private_zone:
        raise Refused("InvalidInput", "TestDNSAnswer is not supported for private hosted zones.")
    kind = params["RecordType"]
    known = get_service_model("route53").shape_for("RRType").enum
    if kind not in known:
        raise Refused("InvalidInput", f"Value '{kind}' at 'recordType' must be one of [{', '.join(known)}]")
    place = place_of_address(_origin(params))
    found = answer(
        of_zone(zone),
        params["RecordName"],
        kind,
        country=place.country,
        subdivision=place.subdivision,
        region=place.region or "us-east-1",
        healthy=lambda one: is_healthy(call, one),
        draw=ids.stream(f"route53 answers {zone.resource_id}").random,
        outside=_addresses,
    )
    server = zone.delegation_set.name_servers[0] if zone.delegation_set else ""
    return {
        "Nameserver": server,
        "RecordName": dotted(params["RecordName"]).removesuffix("."),
        "RecordType": kind,
        "RecordData": list(found.values),
        "ResponseCode": found.code,
        "Protocol": "UDP",
    }


def _origin(params: dict) -> str:
    """The address whose place decides; its parts must be given together and be addresses."""
    client, mask = params.get("EDNS0ClientSubnetIP"), params.get("EDNS0ClientSubnetMask")
    if mask and not client:
        raise Refused("InvalidInput", "EDNS0ClientSubnetMask can't be specified without EDNS0ClientSubnetIP.")
    if client and not params.get("ResolverIP"):
        raise Refused("InvalidInput", "EDNS0ClientSubnetIP can't be specified without ResolverIP.")
    for name in ("ResolverIP", "EDNS0ClientSubnetIP"):
        if params.get(name):
            try:
                ipaddress.ip_address(params[name])
            except ValueError:
                raise Refused("InvalidInput", f"Value '{params[name]}' at '{name}' is not an IP address.") from None
    if mask:
        most = ipaddress.ip_address(client).max_prefixlen
        if not mask.isdigit() or int(mask) > most:
            raise Refused("InvalidInput", f"Value '{mask}' at 'EDNS0ClientSubnetMask' must be between 0 and {most}.")
    return client or params.get("ResolverIP") or _RESOLVER


def _addresses(name: str, kind: str) -> list[str]:
    """Addresses of a name of AWS that has none here, the same in every account."""
    number = zlib.crc32(name.encode()) % 254 + 1
    if kind == "A":
        return [f"198.51.100.{number}"]
    return [f"2001:db8::{number:x}"] if kind == "AAAA" else []
