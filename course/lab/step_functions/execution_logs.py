"""What executions write to CloudWatch Logs: their events, of the level and with the data that the state machine logs.

For Express workflows this log is all that is left of an execution.
https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.backends import get_backend

from .. import ids


class ExecutionLog:
    """Where moto's interpreter tells the events of one execution; it stands for moto's session, which writes no text."""

    def __init__(self, configuration: Any, machine: str, execution_arn: str):
        self.configuration, self.machine, self.execution_arn, self.stream = configuration, machine, execution_arn, ""

    def log_level_filter(self, history_event_type: Any) -> bool:
        """Whether the level of the state machine wants events of this type."""
        from moto.stepfunctions.parser.asl.eval.event.logging import is_logging_enabled_for

        return is_logging_enabled_for(self.configuration.log_level, history_event_type)

    def publish_history_log(self, history_log: dict) -> None:
        """Write one event; those of a log group that is gone are lost."""
        from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

        group = self.configuration.log_group_name
        logs = get_backend("logs")[self.configuration.log_account_id][self.configuration.log_region]
        if group not in logs.groups:
            return
        if not self.stream:
            drawn = f"{ids.stream('state machine logs').getrandbits(32):08x}"
            self.stream = f"states/{self.machine}/{datetime.now(UTC):%Y-%m-%d-%H-%M}/{drawn}"
        logs.ensure_log_stream(group, self.stream)
        milliseconds = int(datetime.fromisoformat(history_log["event_timestamp"]).timestamp() * 1000)
        told = {**history_log, "event_timestamp": str(milliseconds)}
        logs.put_log_events(group, self.stream, [{"timestamp": milliseconds, "message": to_json_str(told)}])


def log_of(machine: Any, execution_arn: str) -> ExecutionLog | None:
    """The log of a new execution; None for a state machine that logs nothing."""
    from moto.stepfunctions.parser.asl.eval.event.logging import CloudWatchLoggingConfiguration

    given = {"includeExecutionData": False, **machine.loggingConfiguration}
    configuration = CloudWatchLoggingConfiguration.from_logging_configuration(machine.arn, given)
    return ExecutionLog(configuration, machine.name, execution_arn) if configuration is not None else None
