"""IP sets: networks in CIDR notation of one version.

https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html
"""

from __future__ import annotations

import ipaddress

from ..gate import Call, refuses
from .scopes import invalid, state

_FORMAT = "The parameter contains formatting that is not valid."


@refuses("wafv2", "CreateIPSet", "UpdateIPSet")
def impossible_addresses(call: Call) -> None:
    """Every address has a prefix of at least 1, no host bits, and the version of the set."""
    version = call.params.get("IPAddressVersion")
    if call.operation == "UpdateIPSet":
        present = next((one for one in state(call).ip_sets.values() if one.ip_set_id == call.params["Id"]), None)
        version = present.ip_address_version if present else None
    for address in call.params["Addresses"]:
        try:
            network = ipaddress.ip_network(address)
        except ValueError:
            raise invalid(_FORMAT, "IP_ADDRESS", address) from None
        if "/" not in address or network.prefixlen == 0 or version not in (None, f"IPV{network.version}"):
            raise invalid(_FORMAT, "IP_ADDRESS", address)
