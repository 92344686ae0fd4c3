"""The offline account: calls, commands, functions, decisions, and what the lab's cures of moto are worth."""

from __future__ import annotations

import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import time
import zipfile

from tests.bench.timing import ROOT, here, in_a_fresh_python, show


def account() -> None:
    """All rows about the account."""
    show("import course.lab", in_a_fresh_python("from course import lab"), "5 new processes")
    _beside_plain_moto()
    from course import lab

    lab.start()
    try:
        _states(lab)
        _decisions()
        _commands(lab)
        _functions()
        _stacks(lab)
    finally:
        lab.stop()


def _first_calls(engine: str) -> dict:
    script = ROOT / "tests" / "bench" / "first_calls.py"
    environment = {name: one for name, one in os.environ.items() if not name.startswith("AWS_")}
    environment["PYTHONPATH"] = str(ROOT)
    run = [sys.executable, str(script), engine]
    return json.loads(subprocess.run(run, capture_output=True, text=True, check=True, env=environment).stdout)


def _beside_plain_moto() -> None:
    seen = {engine: _first_calls(engine) for engine in ("moto", "lab")}

    def row(what: str, figure, how: str) -> None:
        before, after = figure(seen["moto"]), figure(seen["lab"])
        show(what, after, f"plain moto {1000 * before:,.3g} ms; {how}")

    both = [one for one in seen["lab"]["first"] if one in seen["moto"]["first"]]
    row("start of the account", lambda one: one["start"], "once each")
    row("first EC2 call, with its client", lambda one: one["first"]["ec2"], "once each")
    row(f"first calls of {len(both)} services together", lambda one: sum(one["first"][s] for s in both), "once each")
    row("a later call in process", lambda one: statistics.median(one["later"]), "median of 50")
    row("reset of a used account", lambda one: statistics.median(one["resets"]), "median of 10")
    for service in sorted(seen["lab"]["first"], key=lambda s: -seen["lab"]["first"][s])[:5]:
        before = seen["moto"]["first"].get(service)
        compared = f"plain moto {1000 * before:,.3g} ms" if before else "plain moto lacks a package for it"
        show(f"  first call: {service}", seen["lab"]["first"][service], compared)
    before, after = seen["moto"]["memory"], seen["lab"]["memory"]
    print(f"{'memory after all services':<56} {after:>7.0f} MB   plain moto {before:.0f} MB")


def _states(lab) -> None:
    import boto3

    ec2, s3 = boto3.client("ec2"), boto3.client("s3")
    ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
    s3.create_bucket(Bucket="bench-bucket")
    s3.put_object(Bucket="bench-bucket", Key="k", Body=b"x" * 1_000_000)
    boto3.client("iam").create_user(UserName="u")
    saved = lab.snapshot()
    show("lab.snapshot()", here(lab.snapshot, 10), "volume, bucket with 1 MB, user; 10 times")
    show("lab.restore()", here(lambda: lab.restore(saved), 10), "the same account, 10 times")
    show("lab.show()", here(lab.show, 10), "the same account, 10 times")
    lab.reset()


def _decisions() -> None:
    from course.iam.evaluation import Policies, Principal, Request, evaluate

    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "arn:aws:s3:::reports/*"},
            {
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
            },
        ],
    }
    principal = Principal("arn:aws:iam::123456789012:user/ana")
    keys = {"aws:MultiFactorAuthPresent": True}
    request = Request(principal, "s3:GetObject", "arn:aws:s3:::reports/2026.csv", "123456789012", keys)
    policies = Policies(identity={"reader": json.dumps(document)})
    show(
        "one IAM decision (two statements, one condition)",
        here(lambda: evaluate(request, policies), 2000),
        "2,000 times",
    )


def _commands(lab) -> None:
    lab.aws("ec2 describe-volumes")
    show("aws ec2 describe-volumes in a cell", here(lambda: lab.aws("ec2 describe-volumes"), 10), "10 commands")
    with contextlib.redirect_stdout(io.StringIO()):
        lab.serve()
    command = ["aws", "ec2", "describe-volumes"]
    show(
        "the same in a terminal",
        here(lambda: subprocess.run(command, capture_output=True, check=True), 3),
        "3 commands",
    )


def _functions() -> None:
    import boto3

    role = _role("lambda.amazonaws.com")
    functions, code = boto3.client("lambda"), io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return event")
    more = {"Runtime": "python3.13", "Handler": "index.handler", "Role": role, "Code": {"ZipFile": code.getvalue()}}
    functions.create_function(FunctionName="f", **more)
    invoke = lambda: functions.invoke(FunctionName="f", Payload=b"{}")["Payload"].read()  # noqa: E731
    numbers = iter(range(1000))

    def cold():
        changed = {"Variables": {"NUMBER": str(next(numbers))}}
        functions.update_function_configuration(FunctionName="f", Environment=changed)
        invoke()

    show("Lambda invoke, cold (with the update before it)", here(cold, 10), "10 times")
    invoke()
    show("Lambda invoke, warm", here(invoke, 50), "50 times")
    machines = boto3.client("stepfunctions")
    task = {
        "Type": "Task",
        "Resource": functions.get_function(FunctionName="f")["Configuration"]["FunctionArn"],
        "End": True,
    }
    arn = machines.create_state_machine(
        name="m",
        roleArn=_role("states.amazonaws.com"),
        definition=json.dumps({"StartAt": "A", "States": {"A": task}}),
    )["stateMachineArn"]

    def execute():
        execution = machines.start_execution(stateMachineArn=arn)["executionArn"]
        while machines.describe_execution(executionArn=execution)["status"] == "RUNNING":
            pass

    execute()
    show("Step Functions execution of one function", here(execute, 10), "10 times")


_TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Greet:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {'statusCode': 200, 'body': 'hello'}"
      Events:
        Api: {Type: HttpApi, Properties: {Path: /, Method: get}}
"""


def _stacks(lab) -> None:
    import boto3

    formation = boto3.client("cloudformation")
    capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]

    def deploy():
        formation.create_stack(StackName="greeter", TemplateBody=_TEMPLATE, Capabilities=capabilities)

    def deploy_and_delete():
        deploy()
        formation.delete_stack(StackName="greeter")

    begun = time.perf_counter()
    deploy_and_delete()
    show(
        "the first SAM template, deployed and deleted", time.perf_counter() - begun, "once: the translator is imported"
    )
    show("a SAM template, deployed and deleted", here(deploy_and_delete, 5), "5 times")
    deploy()
    url = boto3.client("apigatewayv2").get_apis()["Items"][0]["ApiEndpoint"]
    assert lab.request("GET", url).text == "hello"
    show("lab.request() to its API", here(lambda: lab.request("GET", url), 20), "20 times")


def _role(service: str) -> str:
    import boto3

    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = boto3.client("iam").create_role(RoleName=service.split(".")[0], AssumeRolePolicyDocument=policy)["Role"]
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    boto3.client("iam").attach_role_policy(RoleName=made["RoleName"], PolicyArn=administrator)
    return made["Arn"]
