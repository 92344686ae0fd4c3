"""The resource types that the offline account can make: a module for each family of services.

A type that AWS has and the account does not is refused by name (`processing`), never made in silence.
"""

from __future__ import annotations

from importlib import import_module

_FAMILIES = (
    "queues",
    "topics",
    "ec2_network",
    "ec2_routes",
    "ec2_addresses",
    "ec2_security_groups",
    "ec2_instances",
    "ec2_volumes",
    "ec2_launches",
    "load_balancing",
    "auto_scaling",
    "elastic_file_system",
    "identity",
    "identity_policies",
    "simple_storage",
    "tables",
    "functions_as_a_service",
    "function_sources",
    "function_aliases",
    "events_and_workflows",
    "monitoring",
    "configuration",
    "rest_apis",
    "rest_stages",
    "rest_keys",
    "http_apis",
    "deployments",
    "domain_names",
    "stacks",
    "custom",
)


def load() -> None:
    """Import all of them, which registers their types."""
    for name in _FAMILIES:
        import_module(f"{__name__}.{name}")
