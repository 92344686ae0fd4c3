"""The first call of many services, in one new process: `python first_calls.py lab` or `... moto`; prints JSON.

"moto" is moto as it comes, without the lab's cures: what a learner would wait for otherwise.
"""

from __future__ import annotations

import json
import os
import sys
import time

CALLS = {
    "sts": "get_caller_identity", "iam": "list_users", "ec2": "describe_instances", "s3": "list_buckets",
    "efs": "describe_file_systems", "elbv2": "describe_load_balancers", "autoscaling": "describe_auto_scaling_groups",
    "lambda": "list_functions", "stepfunctions": "list_state_machines", "dynamodb": "list_tables", "sqs": "list_queues",
    "sns": "list_topics", "ssm": "describe_parameters", "secretsmanager": "list_secrets", "kms": "list_keys",
    "route53": "list_hosted_zones", "cloudwatch": "describe_alarms", "logs": "describe_log_groups",
    "events": "list_rules", "cloudformation": "list_stacks", "apigateway": "get_rest_apis", "apigatewayv2": "get_apis",
}  # fmt: skip


def main(engine: str) -> None:
    """Start the account, call each service once, then measure a later call, the memory and a reset."""
    begun = time.perf_counter()
    if engine == "lab":
        from course import lab

        lab.start()
        reset = lab.reset
    else:
        os.environ.update(
            AWS_ACCESS_KEY_ID="testing",
            AWS_SECRET_ACCESS_KEY="testing",
            AWS_DEFAULT_REGION="us-east-1",
            AWS_EC2_METADATA_DISABLED="true",
        )
        from moto import mock_aws

        mock = mock_aws(config={"iam": {"load_aws_managed_policies": True}})
        mock.start()
        reset = mock.reset
    import boto3

    started = time.perf_counter() - begun
    first, clients, missing = {}, {}, {}
    for service, call in CALLS.items():
        begun = time.perf_counter()
        try:
            clients[service] = boto3.client(service)
            getattr(clients[service], call)()
        except ImportError as needs:
            missing[service] = str(needs)
            continue
        first[service] = time.perf_counter() - begun
    later = []
    for _ in range(50):
        begun = time.perf_counter()
        clients["ec2"].describe_volumes()
        later.append(time.perf_counter() - begun)
    resets = []
    for _ in range(10):
        clients["ec2"].create_volume(AvailabilityZone="us-east-1a", Size=1)
        clients["iam"].create_user(UserName="u")
        begun = time.perf_counter()
        reset()
        resets.append(time.perf_counter() - begun)
    memory = next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmRSS"))
    seen = {"start": started, "first": first, "later": later, "resets": resets, "memory": memory, "missing": missing}
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1])
