"""The execution role as Lambda uses it for a function: to deliver what became of an event, to poll a queue or stream.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
"""

from __future__ import annotations

from moto.awslambda.models import LambdaFunction

from ..iam.service_roles import role_may

# What the function's role must be allowed to do on a destination, or on a dead-letter queue (the first two).
ACTIONS = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
    "events": "events:PutEvents",
    "s3": "s3:PutObject",
}


def role_lets(function: LambdaFunction, action: str, arn: str) -> bool:
    """Whether the function's role may do this on the queue, topic, function, bus, bucket or stream."""
    on = f"{arn}/*" if action == "s3:PutObject" else arn
    return role_may(function.role, action, on, function.region, session=function.function_name)
