"""What executions write to CloudWatch Logs: their events, of the level and with the data that the state machine logs.

For Express workflows this log is all that is left of an execution.
https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.backends import get_backend

from .. import ids


def session(machine: Any, execution_arn: str) -> Any:
    """Where moto's interpreter tells its events; None for a state machine that logs nothing."""
    from moto.stepfunctions.parser.asl.eval.event.logging import (
        CloudWatchLoggingConfiguration,
        CloudWatchLoggingSession,
    )
    from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

    given = {"includeExecutionData": False, **machine.loggingConfiguration}
    configuration = CloudWatchLoggingConfiguration.from_logging_configuration(machine.arn, given)
    if configuration is None:
        return None

    class Session(CloudWatchLoggingSession):
        stream = ""

        def publish_history_log(self, history_log: dict) -> None:
            logs = get_backend("logs")[configuration.log_account_id][configuration.log_region]
            if configuration.log_group_name not in logs.groups:
                return  # the events of a group that is gone are lost
            if not self.stream:
                drawn = f"{ids.stream('state machine logs').getrandbits(32):08x}"
                self.stream = f"states/{machine.name}/{datetime.now(UTC):%Y-%m-%d-%H-%M}/{drawn}"
            logs.ensure_log_stream(configuration.log_group_name, self.stream)
            milliseconds = int(datetime.fromisoformat(history_log["event_timestamp"]).timestamp() * 1000)
            told = {**history_log, "event_timestamp": str(milliseconds)}
            event = {"timestamp": milliseconds, "message": to_json_str(told)}
            logs.put_log_events(configuration.log_group_name, self.stream, [event])

    return Session(execution_arn, configuration)
