"""Record sets of example.com, shortly written."""


def record(name, *values, type="A", ttl=60, **more):
    """A ResourceRecordSet of example.com; values make it a plain one, `alias` an alias in the zone with this id."""
    made = {"Name": f"{name}.example.com" if name else "example.com", "Type": type, **more}
    if values:
        made |= {"TTL": ttl, "ResourceRecords": [{"Value": one} for one in values]}
    return made


def alias(zone, name, evaluate=False):
    """An AliasTarget."""
    return {"HostedZoneId": zone.rpartition("/")[2], "DNSName": name, "EvaluateTargetHealth": evaluate}
