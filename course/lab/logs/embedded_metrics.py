"""The embedded metric format: a log event in JSON that says of itself which of its values are metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

from datetime import UTC, datetime

from moto.backends import get_backend
from moto.logs.models import LogEvent, LogStream

from course.serverless.embedded_metrics import metrics_of


def read(stream: LogStream, events: list[LogEvent]) -> None:
    """Publish the metrics in these events; what breaks the format stays an ordinary log event."""
    for event in events:
        for found in metrics_of(event.message):
            datum = {
                "MetricName": found.name,
                "Values": list(found.values),
                "Unit": found.unit,
                "Dimensions": [{"Name": name, "Value": text} for name, text in found.dimensions],
                "Timestamp": datetime.fromtimestamp(found.timestamp / 1000, UTC),
                "StorageResolution": found.resolution,
            }
            get_backend("cloudwatch")[stream.account_id][stream.region].put_metric_data(found.namespace, [datum])
