"""What a call to some services could change, as plain data: used to check that a refusal changes nothing."""


def dns(route53):
    """Hosted zones with their records and VPCs, and health checks."""
    seen = {"Zones": route53.list_hosted_zones()["HostedZones"], "Checks": route53.list_health_checks()["HealthChecks"]}
    for zone in seen["Zones"]:
        one = {"HostedZoneId": zone["Id"]}
        seen[zone["Id"]] = [
            route53.list_resource_record_sets(**one)["ResourceRecordSets"],
            route53.get_hosted_zone(Id=zone["Id"]).get("VPCs"),
        ]
    return seen


LOOKS = {"route53": dns}
