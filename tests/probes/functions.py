"""AWS Lambda as a learner uses it: packages, versions, errors, triggers, destinations, function URLs."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tempfile
import time
import zipfile
from pathlib import Path

from course import lab

from .account import ACCOUNT, allow, policy, zipped
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = set()


@probe("versions-and-aliases")
def a_new_function_is_described_in_full(aws):
    aws.function()
    found = aws.awslambda.get_function_configuration(FunctionName="f")
    assert found["Timeout"] == 3 and found["MemorySize"] == 128 and found["Version"] == "$LATEST"
    assert found["PackageType"] == "Zip" and found["Architectures"] == ["x86_64"]
    assert found["EphemeralStorage"] == {"Size": 512} and found["TracingConfig"] == {"Mode": "PassThrough"}
    assert found["Description"] == "" and found["State"] == "Active" and found["LastUpdateStatus"] == "Successful"
    assert found["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/f"}
    assert found["SnapStart"] == {"ApplyOn": "None", "OptimizationStatus": "Off"}
    assert found["RuntimeVersionConfig"]["RuntimeVersionArn"].startswith("arn:aws:lambda:us-east-1::runtime:")


@probe("versions-and-aliases")
def the_hash_of_the_package(aws):
    package = zipped("def handler(event, context): return 1\n")
    aws.function(Code={"ZipFile": package})
    found = aws.awslambda.get_function(FunctionName="f")
    assert found["Configuration"]["CodeSha256"] == base64.b64encode(hashlib.sha256(package).digest()).decode()
    assert found["Configuration"]["CodeSize"] == len(package)
    assert found["Code"]["RepositoryType"] == "S3" and found["Code"]["Location"].startswith("https://")


@probe("control-and-data-plane")
def a_new_function_is_pending_first(aws):
    aws.function(name="g")
    answer = aws.awslambda.create_function(
        FunctionName="f",
        Runtime="python3.13",
        Handler="index.handler",
        Role=aws._made["lambda role"],
        Code={"ZipFile": zipped("def handler(e, c): return 1")},
    )
    assert answer["State"] == "Pending" and answer["StateReasonCode"] == "Creating"
    aws.awslambda.get_waiter("function_active_v2").wait(FunctionName="f")


@probe("control-and-data-plane")
def wait_for_an_update(aws):
    aws.function()
    answer = aws.awslambda.update_function_configuration(FunctionName="f", Timeout=10)
    assert answer["LastUpdateStatus"] == "InProgress" and answer["Timeout"] == 10
    aws.awslambda.get_waiter("function_updated_v2").wait(FunctionName="f")


@probe("versions-and-aliases")
def publish_twice_without_a_change(aws):
    aws.function()
    one = aws.awslambda.publish_version(FunctionName="f", Description="first")
    two = aws.awslambda.publish_version(FunctionName="f")
    assert one["Version"] == two["Version"] == "1" and one["FunctionArn"].endswith(":f:1")


@probe("versions-and-aliases", "InvalidParameterValueException")
def publish_with_another_hash(aws):
    aws.function()
    yield
    aws.awslambda.publish_version(FunctionName="f", CodeSha256=base64.b64encode(b"x" * 32).decode())


@probe("versions-and-aliases", "PreconditionFailedException")
def publish_a_revision_that_is_past(aws):
    aws.function()
    old = aws.awslambda.get_function_configuration(FunctionName="f")["RevisionId"]
    aws.awslambda.update_function_configuration(FunctionName="f", Description="new")
    aws.awslambda.get_waiter("function_updated_v2").wait(FunctionName="f")
    yield
    aws.awslambda.publish_version(FunctionName="f", RevisionId=old)


@probe("versions-and-aliases", "PreconditionFailedException")
def update_an_alias_someone_else_changed(aws):
    aws.function(Publish=True)
    alias = aws.awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    aws.awslambda.update_alias(FunctionName="f", Name="live", Description="mine")
    yield
    aws.awslambda.update_alias(FunctionName="f", Name="live", Description="yours", RevisionId=alias["RevisionId"])


@probe("versions-and-aliases", "InvalidParameterValueException")
def delete_latest_only(aws):
    aws.function()
    yield
    aws.awslambda.delete_function(FunctionName="f", Qualifier="$LATEST")


@probe("versions-and-aliases", "ResourceConflictException")
def delete_a_version_an_alias_weighs(aws):
    aws.function(Publish=True)
    aws.awslambda.update_function_code(FunctionName="f", ZipFile=zipped("def handler(e, c): return 2"), Publish=True)
    aws.awslambda.create_alias(
        FunctionName="f", Name="live", FunctionVersion="1", RoutingConfig={"AdditionalVersionWeights": {"2": 0.1}}
    )
    yield
    aws.awslambda.delete_function(FunctionName="f", Qualifier="2")


@probe("versions-and-aliases", "InvalidParameterValueException")
def weigh_an_alias_of_latest(aws):
    aws.function(Publish=True)
    yield
    aws.awslambda.create_alias(
        FunctionName="f", Name="live", FunctionVersion="$LATEST", RoutingConfig={"AdditionalVersionWeights": {"1": 0.1}}
    )


@probe("versions-and-aliases", "InvalidParameterValueException")
def weigh_two_more_versions(aws):
    aws.function(Publish=True)
    for n in (2, 3):
        aws.awslambda.update_function_code(
            FunctionName="f", ZipFile=zipped(f"def handler(e, c): return {n}"), Publish=True
        )
    yield
    aws.awslambda.create_alias(
        FunctionName="f",
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.1, "3": 0.1}},
    )


@probe("deployment-strategies")
def canary_by_hand_and_roll_back(aws):
    aws.function("def handler(e, c): return c.function_version", Publish=True)
    aws.awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    aws.awslambda.update_function_code(
        FunctionName="f", ZipFile=zipped("def handler(e, c): return 'new ' + c.function_version"), Publish=True
    )
    aws.awslambda.update_alias(FunctionName="f", Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
    seen = set()
    for _ in range(40):
        payload, answer = aws.invoked("f:live")
        seen.add((payload, answer["ExecutedVersion"]))
    assert seen == {("1", "1"), ("new 2", "2")}, seen
    aws.awslambda.update_alias(FunctionName="f", Name="live", RoutingConfig={"AdditionalVersionWeights": {}})
    assert {aws.invoked("f:live")[0] for _ in range(10)} == {"1"}
    shown = aws.awslambda.get_alias(FunctionName="f", Name="live")
    assert not shown.get("RoutingConfig", {}).get("AdditionalVersionWeights")


@probe("versions-and-aliases")
def a_version_keeps_its_environment(aws):
    aws.function("import os\ndef handler(e, c): return os.environ['STAGE']", Environment={"Variables": {"STAGE": "1"}})
    aws.awslambda.publish_version(FunctionName="f")
    aws.awslambda.update_function_configuration(FunctionName="f", Environment={"Variables": {"STAGE": "2"}})
    assert aws.invoked(Qualifier="1")[0] == "1" and aws.invoked()[0] == "2"


@probe("versions-and-aliases")
def list_versions_and_aliases(aws):
    aws.function(Publish=True)
    aws.awslambda.update_function_code(FunctionName="f", ZipFile=zipped("def handler(e, c): return 2"), Publish=True)
    aws.awslambda.create_alias(FunctionName="f", Name="old", FunctionVersion="1")
    aws.awslambda.create_alias(FunctionName="f", Name="new", FunctionVersion="2")
    pages = aws.awslambda.get_paginator("list_versions_by_function").paginate(FunctionName="f")
    assert [one["Version"] for page in pages for one in page["Versions"]] == ["$LATEST", "1", "2"]
    found = aws.awslambda.list_aliases(FunctionName="f", FunctionVersion="2")["Aliases"]
    assert [one["Name"] for one in found] == ["new"]


@probe("versions-and-aliases", "ResourceNotFoundException")
def invoke_an_alias_that_is_not_there(aws):
    aws.function()
    yield
    aws.invoked("f:live")


@probe("versions-and-aliases")
def delete_an_alias_twice(aws):
    aws.function(Publish=True)
    aws.awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    aws.awslambda.delete_alias(FunctionName="f", Name="live")
    aws.awslambda.delete_alias(FunctionName="f", Name="live")


@probe("versions-and-aliases", "ResourceNotFoundException")
def an_alias_of_a_version_never_published(aws):
    aws.function()
    yield
    aws.awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="7")


@probe("versions-and-aliases", "ResourceConflictException")
def the_same_alias_twice(aws):
    aws.function(Publish=True)
    aws.awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    yield
    aws.awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")


@probe("function-isolation")
def the_context_object(aws):
    aws.function(
        "def handler(e, c):\n    return [c.function_name, c.function_version, c.invoked_function_arn,"
        " c.memory_limit_in_mb, c.log_group_name, len(c.aws_request_id), c.get_remaining_time_in_millis()]",
        Publish=True,
    )
    aws.awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    got, answer = aws.invoked(Qualifier="live")
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f:live"
    assert got[:6] == ["f", "1", arn, "128", "/aws/lambda/f", 36]
    assert 2000 < got[6] <= 3000


@probe("function-isolation")
def the_environment_of_a_function(aws):
    names = [
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_REGION",
        "_HANDLER",
        "LAMBDA_TASK_ROOT",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_DEFAULT_REGION",
        "TZ",
    ]
    aws.function(f"import os\ndef handler(e, c): return [os.environ.get(n) for n in {names}]")
    got, _ = aws.invoked()
    assert got == [
        "f",
        "$LATEST",
        "128",
        "us-east-1",
        "index.handler",
        "/var/task",
        "AWS_Lambda_python3.13",
        "on-demand",
        "us-east-1",
        ":UTC",
    ], got


@probe("function-isolation")
def tmp_is_kept_between_calls(aws):
    aws.function(
        "import os\ndef handler(e, c):\n    open('/tmp/seen', 'a').write('x')\n    return os.path.getsize('/tmp/seen')"
    )
    assert [aws.invoked()[0] for _ in range(3)] == [1, 2, 3]


@probe("function-isolation")
def a_new_configuration_starts_cold(aws):
    aws.function("n = 0\ndef handler(e, c):\n    global n\n    n += 1\n    return n")
    assert [aws.invoked()[0] for _ in range(2)] == [1, 2]
    aws.awslambda.update_function_configuration(FunctionName="f", MemorySize=256)
    assert aws.invoked()[0] == 1


@probe("function-isolation")
def the_package_cannot_be_written(aws):
    aws.function("def handler(e, c):\n    open('/var/task/x', 'w')")
    got, answer = aws.invoked()
    assert answer["FunctionError"] == "Unhandled" and got["errorType"] == "OSError", got
    assert "Read-only file system" in got["errorMessage"], got


@probe("lambda-limits")
def a_function_times_out(aws):
    aws.function("import time\ndef handler(e, c): time.sleep(5)", Timeout=1)
    got, answer = aws.invoked()
    assert answer["StatusCode"] == 200 and answer["FunctionError"] == "Unhandled"
    assert "Task timed out after 1.00 seconds" in got["errorMessage"] and got["errorType"] == "Sandbox.Timedout", got


@probe("payload-validation")
def an_exception_is_shown(aws):
    aws.function("def handler(e, c): raise ValueError('no price')")
    got, answer = aws.invoked()
    assert answer["FunctionError"] == "Unhandled" and answer["StatusCode"] == 200
    assert got["errorType"] == "ValueError" and got["errorMessage"] == "no price" and got["requestId"]
    assert any("index.py" in line for line in got["stackTrace"])


@probe("payload-validation")
def a_missing_key_is_shown(aws):
    aws.function("def handler(e, c): return e['id']")
    got, _ = aws.invoked()
    assert got["errorType"] == "KeyError" and got["errorMessage"] == "'id'"


@probe("tools-today")
def a_module_that_is_not_there(aws):
    aws.function(Handler="app.handler")
    got, answer = aws.invoked()
    assert got["errorType"] == "Runtime.ImportModuleError", got
    assert got["errorMessage"] == "Unable to import module 'app': No module named 'app'"


@probe("tools-today")
def a_handler_that_is_not_there(aws):
    aws.function(Handler="index.main")
    got, _ = aws.invoked()
    assert (
        got["errorType"] == "Runtime.HandlerNotFound"
        and "Handler 'main' missing on module 'index'" in got["errorMessage"]
    )


@probe("tools-today")
def a_syntax_error(aws):
    aws.function("def handler(e, c) return 1")
    got, _ = aws.invoked()
    assert (
        got["errorType"] == "Runtime.UserCodeSyntaxError" and "Syntax error in module 'index'" in got["errorMessage"]
    ), got


@probe("payload-validation")
def an_answer_that_is_no_json(aws):
    aws.function("import datetime\ndef handler(e, c): return {'at': datetime.datetime(2026, 1, 1)}")
    got, _ = aws.invoked()
    assert got["errorType"] == "Runtime.MarshalError" and "is not JSON serializable" in got["errorMessage"], got


@probe("payload-validation")
def a_function_that_exits(aws):
    aws.function("import sys\ndef handler(e, c): sys.exit(1)")
    got, _ = aws.invoked()
    assert got["errorType"] == "Runtime.ExitError" and "exit status 1" in got["errorMessage"], got


@probe("observability")
def the_end_of_the_log(aws):
    aws.function("def handler(e, c): print('hello'); return 1")
    _, answer = aws.invoked(LogType="Tail")
    text = base64.b64decode(answer["LogResult"]).decode()
    assert "START RequestId: " in text and "hello\n" in text and "END RequestId" in text
    assert (
        "REPORT RequestId" in text
        and "Memory Size: 128 MB" in text
        and "Billed Duration" in text
        and "Init Duration" in text
    )


@probe("control-and-data-plane")
def a_dry_run(aws):
    aws.function("def handler(e, c): 1/0")
    answer = aws.awslambda.invoke(FunctionName="f", InvocationType="DryRun")
    assert answer["StatusCode"] == 204


@probe("orchestration")
def an_asynchronous_call_answers_202(aws):
    aws.function("def handler(e, c): 1/0")
    got, answer = aws.invoked(InvocationType="Event")
    assert answer["StatusCode"] == 202 and got is None and "FunctionError" not in answer


@probe("lambda-limits", "RequestEntityTooLargeException|RequestTooLargeException")
def more_than_six_megabytes(aws):
    aws.function()
    yield
    aws.awslambda.invoke(FunctionName="f", Payload=json.dumps("x" * (6 * 1024 * 1024 + 10)))


@probe("lambda-limits")
def an_answer_that_is_too_large(aws):
    aws.function("def handler(e, c): return 'x' * (6 * 1024 * 1024 + 200)")
    got, answer = aws.invoked()
    assert answer["FunctionError"] == "Unhandled" and got["errorType"] == "Function.ResponseSizeTooLarge", got


@probe("payload-validation", "InvalidRequestContentException")
def invoke_with_what_is_no_json(aws):
    aws.function()
    yield
    aws.awslambda.invoke(FunctionName="f", Payload=b"{'a': 1}")


@probe("control-and-data-plane")
def invoke_without_a_payload(aws):
    aws.function("def handler(e, c): return e")
    assert aws.awslambda.invoke(FunctionName="f")["Payload"].read() == b"{}"


@probe("control-and-data-plane")
def the_client_context(aws):
    aws.function("def handler(e, c): return c.client_context.custom['a']")
    blob = base64.b64encode(json.dumps({"custom": {"a": "b"}}).encode()).decode()
    assert aws.invoked(ClientContext=blob)[0] == "b"


@probe("control-and-data-plane")
def name_a_function_in_five_ways(aws):
    aws.function(Publish=True)
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
    aws.awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    for name in ("f", arn, f"{ACCOUNT}:function:f", "f:live", arn + ":1"):
        assert aws.awslambda.invoke(FunctionName=name)["StatusCode"] == 200


# layers


def layer(aws, name="common", text="def greet(): return 'hi'", **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("python/greeting.py", text)
    return aws.awslambda.publish_layer_version(LayerName=name, Content={"ZipFile": out.getvalue()}, **more)


@probe("lambda-limits")
def a_layer_is_imported(aws):
    made = layer(aws, CompatibleRuntimes=["python3.13"])
    assert made["Version"] == 1 and made["LayerVersionArn"].endswith(":layer:common:1")
    aws.function("import greeting\ndef handler(e, c): return greeting.greet()", Layers=[made["LayerVersionArn"]])
    assert aws.invoked()[0] == "hi"
    found = aws.awslambda.get_function_configuration(FunctionName="f")["Layers"]
    assert found[0]["Arn"] == made["LayerVersionArn"] and found[0]["CodeSize"] > 0


@probe("lambda-limits", "InvalidParameterValueException")
def two_versions_of_a_layer(aws):
    arns = [layer(aws)["LayerVersionArn"], layer(aws, text="a = 2")["LayerVersionArn"]]
    aws.function()
    yield
    aws.awslambda.update_function_configuration(FunctionName="f", Layers=arns)


@probe("lambda-limits", "InvalidParameterValueException")
def six_layers(aws):
    arns = [layer(aws, f"l{n}")["LayerVersionArn"] for n in range(6)]
    aws.function()
    yield
    aws.awslambda.update_function_configuration(FunctionName="f", Layers=arns)


@probe("lambda-limits", "InvalidParameterValueException|ValidationException")
def a_layer_without_version(aws):
    arn = layer(aws)["LayerArn"]
    aws.function()
    yield
    aws.awslambda.update_function_configuration(FunctionName="f", Layers=[arn])


@probe("lambda-limits", "ResourceNotFoundException")
def a_deleted_layer_version(aws):
    layer(aws)
    aws.awslambda.delete_layer_version(LayerName="common", VersionNumber=1)
    yield
    aws.awslambda.get_layer_version(LayerName="common", VersionNumber=1)


@probe("lambda-limits")
def layers_are_listed(aws):
    layer(aws, CompatibleRuntimes=["python3.13"])
    layer(aws, text="b = 1", CompatibleRuntimes=["python3.12"])
    found = aws.awslambda.list_layers()["Layers"]
    assert found[0]["LayerName"] == "common" and found[0]["LatestMatchingVersion"]["Version"] == 2
    versions = aws.awslambda.list_layer_versions(LayerName="common")["LayerVersions"]
    assert [one["Version"] for one in versions] == [2, 1]


# concurrency


@probe("lambda-limits", "TooManyRequestsException")
def a_function_switched_off(aws):
    aws.function()
    aws.awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    yield
    aws.invoked()


@probe("lambda-limits", "InvalidParameterValueException")
def reserve_more_than_the_account_lets(aws):
    aws.function()
    yield
    aws.awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=901)


@probe("lambda-limits")
def what_the_account_has_left(aws):
    aws.function()
    assert "ReservedConcurrentExecutions" not in aws.awslambda.get_function_concurrency(FunctionName="f")
    aws.awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=100)
    found = aws.awslambda.get_account_settings()
    assert found["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert found["AccountLimit"]["UnreservedConcurrentExecutions"] == 900
    assert found["AccountUsage"]["FunctionCount"] == 1 and found["AccountUsage"]["TotalCodeSize"] > 0
    assert aws.awslambda.get_function(FunctionName="f")["Concurrency"] == {"ReservedConcurrentExecutions": 100}
    aws.awslambda.delete_function_concurrency(FunctionName="f")
    assert "ReservedConcurrentExecutions" not in aws.awslambda.get_function_concurrency(FunctionName="f")


@probe("lambda-limits", "InvalidParameterValueException")
def provisioned_concurrency_of_latest(aws):
    aws.function()
    yield
    aws.awslambda.put_provisioned_concurrency_config(
        FunctionName="f", Qualifier="$LATEST", ProvisionedConcurrentExecutions=1
    )


@probe("lambda-limits")
def provisioned_concurrency_becomes_ready(aws):
    aws.function("import os\ndef handler(e, c): return os.environ['AWS_LAMBDA_INITIALIZATION_TYPE']", Publish=True)
    made = aws.awslambda.put_provisioned_concurrency_config(
        FunctionName="f", Qualifier="1", ProvisionedConcurrentExecutions=2
    )
    assert made["Status"] == "IN_PROGRESS" and made["RequestedProvisionedConcurrentExecutions"] == 2
    for _ in range(20):
        found = aws.awslambda.get_provisioned_concurrency_config(FunctionName="f", Qualifier="1")
        if found["Status"] == "READY":
            break
        time.sleep(0.1)
    assert found["AvailableProvisionedConcurrentExecutions"] == 2
    assert aws.invoked(Qualifier="1")[0] == "provisioned-concurrency"


@probe("lambda-limits", "ProvisionedConcurrencyConfigNotFoundException")
def provisioned_concurrency_that_is_not_there(aws):
    aws.function(Publish=True)
    yield
    aws.awslambda.get_provisioned_concurrency_config(FunctionName="f", Qualifier="1")


@probe("lambda-limits", "InvalidParameterValueException")
def provision_more_than_reserved(aws):
    aws.function(Publish=True)
    aws.awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=2)
    yield
    aws.awslambda.put_provisioned_concurrency_config(FunctionName="f", Qualifier="1", ProvisionedConcurrentExecutions=3)


# configuration


def configured(aws, **more):
    aws.function()
    aws.awslambda.update_function_configuration(FunctionName="f", **more)


probes.table(
    "lambda-limits",
    configured,
    {
        "timeout_of_901_seconds": ("ValidationException|InvalidParameterValueException", {"Timeout": 901}),
        "ten_gigabytes_of_memory": ("ok", {"MemorySize": 10240}),
        "memory_of_10241": ("ValidationException|InvalidParameterValueException", {"MemorySize": 10241}),
        "ephemeral_storage_of_10241": ("ValidationException", {"EphemeralStorage": {"Size": 10241}}),
        "a_reserved_variable": ("InvalidParameterValueException", {"Environment": {"Variables": {"AWS_REGION": "x"}}}),
        "a_variable_that_begins_with_a_digit": (
            "ValidationException|InvalidParameterValueException",
            {"Environment": {"Variables": {"1A": "x"}}},
        ),
        "variables_of_more_than_4_kb": (
            "InvalidParameterValueException",
            {"Environment": {"Variables": {"BIG": "x" * 4097}}},
        ),
        "a_runtime_that_never_was": ("InvalidParameterValueException|ValidationException", {"Runtime": "python3.99"}),
        "a_runtime_that_is_gone": ("InvalidParameterValueException", {"Runtime": "python3.7"}),
        "a_role_that_is_not_there": ("InvalidParameterValueException", {"Role": f"arn:aws:iam::{ACCOUNT}:role/nobody"}),
        "a_role_that_is_no_arn": ("ValidationException", {"Role": "execution"}),
        "json_logs": ("ok", {"LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "WARN"}}),
        "a_log_level_for_text_logs": (
            "InvalidParameterValueException",
            {"LoggingConfig": {"LogFormat": "Text", "ApplicationLogLevel": "WARN"}},
        ),
        "snap_start": ("ok", {"SnapStart": {"ApplyOn": "PublishedVersions"}}),
        "active_tracing": ("ok", {"TracingConfig": {"Mode": "Active"}}),
    },
)


@probe("function-permissions", "InvalidParameterValueException")
def a_role_lambda_may_not_assume(aws):
    role = aws.role("ec2", {"Service": "ec2.amazonaws.com"})
    yield
    aws.function(Role=role)


@probe("tools-today", "InvalidParameterValueException")
def a_package_that_is_no_zip(aws):
    aws.function()
    yield
    aws.awslambda.update_function_code(FunctionName="f", ZipFile=b"def handler(e, c): pass")


@probe("tools-today", "InvalidParameterValueException")
def code_from_a_key_that_is_not_there(aws):
    aws.bucket()
    yield
    aws.function(Code={"S3Bucket": "ana-files", "S3Key": "app.zip"})


@probe("tools-today")
def code_from_s3(aws):
    aws.bucket()
    aws.s3.put_object(Bucket="ana-files", Key="app.zip", Body=zipped("def handler(e, c): return 's3'"))
    aws.function(Code={"S3Bucket": "ana-files", "S3Key": "app.zip"})
    assert aws.invoked()[0] == "s3"


@probe("tools-today", "ResourceConflictException")
def a_function_of_the_same_name(aws):
    aws.function()
    yield
    aws.function()


@probe("tools-today")
def only_look_whether_the_code_would_do(aws):
    aws.function("def handler(e, c): return 'old'")
    aws.awslambda.update_function_code(FunctionName="f", ZipFile=zipped("def handler(e, c): return 'new'"), DryRun=True)
    assert aws.invoked()[0] == "old"


@probe("tools-today")
def tags_of_a_function(aws):
    arn = aws.function(Tags={"team": "a"})
    aws.awslambda.tag_resource(Resource=arn, Tags={"stage": "test"})
    aws.awslambda.untag_resource(Resource=arn, TagKeys=["team"])
    assert aws.awslambda.list_tags(Resource=arn)["Tags"] == {"stage": "test"}
    assert aws.awslambda.get_function(FunctionName="f")["Tags"] == {"stage": "test"}


@probe("tools-today")
def many_functions_by_pages(aws):
    for n in range(5):
        aws.function(name=f"f{n}")
    pages = list(aws.awslambda.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(one["Functions"]) for one in pages] == [2, 2, 1]


@probe("tools-today", "ResourceNotFoundException")
def configure_a_function_that_is_not_there(aws):
    aws.awslambda.update_function_configuration(FunctionName="nobody", Timeout=5)


@probe("tools-today")
def delete_a_function_and_look(aws):
    aws.function()
    aws.awslambda.delete_function(FunctionName="f")
    try:
        aws.awslambda.get_function(FunctionName="f")
    except aws.awslambda.exceptions.ResourceNotFoundException as gone:
        assert gone.response["Error"]["Message"] == f"Function not found: arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
    else:
        raise AssertionError("still there")


# permissions


@probe("function-permissions", "ResourceNotFoundException")
def a_policy_that_is_not_there(aws):
    aws.function()
    yield
    aws.awslambda.get_policy(FunctionName="f")


@probe("function-permissions", "ResourceNotFoundException")
def remove_a_permission_that_is_not_there(aws):
    aws.function()
    yield
    aws.awslambda.remove_permission(FunctionName="f", StatementId="x")


@probe("function-permissions")
def the_policy_that_add_permission_writes(aws):
    arn = aws.function()
    answer = aws.awslambda.add_permission(
        FunctionName="f",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::ana-files",
        SourceAccount=ACCOUNT,
    )
    wanted = {
        "Sid": "s3",
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": arn,
        "Condition": {
            "StringEquals": {"AWS:SourceAccount": ACCOUNT},
            "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::ana-files"},
        },
    }
    assert json.loads(answer["Statement"]) == wanted, answer["Statement"]
    found = json.loads(aws.awslambda.get_policy(FunctionName="f")["Policy"])
    assert found == {"Version": "2012-10-17", "Id": "default", "Statement": [wanted]}


@probe("function-permissions")
def a_permission_for_an_alias_only(aws):
    aws.function(Publish=True)
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
    aws.awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    aws.awslambda.add_permission(
        FunctionName="f",
        Qualifier="live",
        StatementId="a",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
    )
    found = json.loads(aws.awslambda.get_policy(FunctionName="f", Qualifier="live")["Policy"])
    assert found["Statement"][0]["Resource"] == arn + ":live"
    try:
        aws.awslambda.get_policy(FunctionName="f")
    except aws.awslambda.exceptions.ResourceNotFoundException:
        return
    raise AssertionError("the function has a policy too")


@probe("function-permissions", "AccessDeniedException")
def a_user_who_may_not_invoke(aws):
    aws.function()
    ana = aws.user("ana", allow("lambda:GetFunction"))
    yield
    ana.awslambda.invoke(FunctionName="f")


@probe("function-permissions")
def the_role_decides_what_the_code_may(aws):
    role = aws.role("narrow", None, allow("logs:*"))
    aws.function(
        "import boto3\ndef handler(e, c):\n    return len(boto3.client('s3').list_buckets()['Buckets'])",
        Role=role,
        Timeout=20,
    )
    got, answer = aws.invoked()
    assert answer.get("FunctionError") == "Unhandled" and got["errorType"] in ("AccessDenied", "ClientError")
    assert "AccessDenied" in got["errorMessage"] and "assumed-role/narrow/f" in got["errorMessage"], got
    aws.iam.put_role_policy(RoleName="narrow", PolicyName="s3", PolicyDocument=policy(allow("s3:ListAllMyBuckets")))
    assert aws.invoked()[0] == 0


# destinations and dead letters


def sent_on(aws, url):
    return [json.loads(one["Body"]) for one in aws.received(url)]


@probe("orchestration")
def a_failure_goes_to_its_destination(aws):
    aws.function("def handler(e, c): raise ValueError('bad')")
    url = aws.queue("failed")
    aws.awslambda.put_function_event_invoke_config(
        FunctionName="f", MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": aws.queue_arn(url)}}
    )
    aws.invoked(event={"id": 1}, InvocationType="Event")
    record = sent_on(aws, url)[0]
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 1 and record["version"] == "1.0"
    assert record["requestPayload"] == {"id": 1} and record["responseContext"]["functionError"] == "Unhandled"
    assert record["responsePayload"]["errorType"] == "ValueError"
    assert record["requestContext"]["functionArn"].endswith(":function:f:$LATEST")


@probe("orchestration")
def a_success_goes_to_a_topic(aws):
    aws.function("def handler(e, c): return {'ok': e['id']}")
    url, topic = aws.queue("seen"), aws.topic()
    arn = aws.queue_arn(url)
    aws.sqs.set_queue_attributes(
        QueueUrl=url,
        Attributes={"Policy": policy(allow("sqs:SendMessage", on=arn, Principal={"Service": "sns.amazonaws.com"}))},
    )
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    aws.awslambda.put_function_event_invoke_config(
        FunctionName="f", DestinationConfig={"OnSuccess": {"Destination": topic}}
    )
    aws.invoked(event={"id": 3}, InvocationType="Event")
    record = sent_on(aws, url)[0]
    assert record["requestContext"]["condition"] == "Success" and record["responsePayload"] == {"ok": 3}


@probe("orchestration")
def a_synchronous_call_has_no_destination(aws):
    aws.function()
    url = aws.queue("seen")
    aws.awslambda.put_function_event_invoke_config(
        FunctionName="f", DestinationConfig={"OnSuccess": {"Destination": aws.queue_arn(url)}}
    )
    aws.invoked()
    assert aws.received(url) == []


@probe("orchestration", "InvalidParameterValueException")
def a_destination_the_role_may_not_use(aws):
    aws.function(Role=aws.role("narrow", None, allow("logs:*")))
    arn = aws.queue_arn(aws.queue("failed"))
    yield
    aws.awslambda.put_function_event_invoke_config(
        FunctionName="f", DestinationConfig={"OnFailure": {"Destination": arn}}
    )


@probe("orchestration", "ValidationException|InvalidParameterValueException")
def three_retries(aws):
    aws.function()
    yield
    aws.awslambda.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=3)


@probe("orchestration", "ResourceNotFoundException")
def an_invoke_config_that_is_not_there(aws):
    aws.function()
    yield
    aws.awslambda.get_function_event_invoke_config(FunctionName="f")


@probe("orchestration")
def a_dead_letter_queue_gets_the_event(aws):
    url = aws.queue("dead")
    aws.function("def handler(e, c): raise ValueError('bad')", DeadLetterConfig={"TargetArn": aws.queue_arn(url)})
    aws.awslambda.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)
    aws.invoked(event={"id": 1}, InvocationType="Event")
    message = aws.received(url)[0]
    assert json.loads(message["Body"]) == {"id": 1}
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"] == "bad"
    assert set(message["MessageAttributes"]) == {"RequestID", "ErrorCode", "ErrorMessage"}


# event sources

SENDS_ON = """
import boto3, json
def handler(event, context):
    url = boto3.client('sqs').get_queue_url(QueueName='out')['QueueUrl']
    boto3.client('sqs').send_message(QueueUrl=url, MessageBody=json.dumps(event))
"""


def mapped(aws, arn, **more):
    return aws.awslambda.create_event_source_mapping(FunctionName="f", EventSourceArn=arn, **more)


@probe("orchestration")
def a_queue_calls_a_function(aws):
    out, url = aws.queue("out"), aws.queue()
    aws.function(SENDS_ON, Timeout=20)
    made = mapped(aws, aws.queue_arn(url))
    assert made["BatchSize"] == 10 and made["State"] in ("Creating", "Enabled") and made["UUID"]
    aws.sqs.send_message(
        QueueUrl=url, MessageBody="hi", MessageAttributes={"a": {"DataType": "String", "StringValue": "b"}}
    )
    record = sent_on(aws, out)[0]["Records"][0]
    assert record["body"] == "hi" and record["eventSource"] == "aws:sqs" and record["awsRegion"] == "us-east-1"
    assert record["eventSourceARN"] == aws.queue_arn(url) and record["messageAttributes"]["a"]["stringValue"] == "b"
    assert set(record["attributes"]) >= {
        "ApproximateReceiveCount",
        "SentTimestamp",
        "SenderId",
        "ApproximateFirstReceiveTimestamp",
    }
    counts = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessages"] == "0" and counts["ApproximateNumberOfMessagesNotVisible"] == "0"


@probe("orchestration")
def only_failed_messages_come_back(aws):
    url, dead = aws.queue("work"), aws.queue("dead")
    aws.sqs.set_queue_attributes(
        QueueUrl=url,
        Attributes={
            "VisibilityTimeout": "3",
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": aws.queue_arn(dead), "maxReceiveCount": "1"}),
        },
    )
    aws.function(
        "def handler(e, c): return {'batchItemFailures': [{'itemIdentifier': r['messageId']} for r in e['Records'] if r['body'] == 'bad']}"
    )
    mapped(aws, aws.queue_arn(url), FunctionResponseTypes=["ReportBatchItemFailures"])
    aws.sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": b, "MessageBody": b} for b in ("good", "bad", "fine")])
    time.sleep(3.1)
    for _ in range(3):
        aws.sqs.receive_message(QueueUrl=url)
    assert [one["Body"] for one in aws.received(dead)] == ["bad"]


def refused_mapping(aws, queue=None, role=None, fifo=False, **more):
    url = aws.queue("q.fifo", FifoQueue="true") if fifo else aws.queue("q", **(queue or {}))
    aws.function(**({"Role": aws.role("narrow", None, *role)} if role else {}))
    mapped(aws, aws.queue_arn(url), **more)


probes.table(
    "orchestration",
    refused_mapping,
    {
        "a_queue_the_role_may_not_read": ("InvalidParameterValueException", {"role": [allow("logs:*")]}),
        "a_queue_that_hides_too_short": ("InvalidParameterValueException", {"queue": {"VisibilityTimeout": "2"}}),
        "a_hundred_messages_without_window": ("InvalidParameterValueException", {"BatchSize": 100}),
        "a_hundred_messages_with_window": ("ok", {"BatchSize": 100, "MaximumBatchingWindowInSeconds": 5}),
        "a_fifo_queue_with_window": (
            "InvalidParameterValueException",
            {"fifo": True, "MaximumBatchingWindowInSeconds": 5},
        ),
        "a_fifo_queue_with_eleven": ("InvalidParameterValueException", {"fifo": True, "BatchSize": 11}),
        "where_to_begin_in_a_queue": ("InvalidParameterValueException", {"StartingPosition": "LATEST"}),
        "a_batch_of_10001": (
            "ValidationException|InvalidParameterValueException",
            {"BatchSize": 10001, "MaximumBatchingWindowInSeconds": 1},
        ),
        "a_maximum_concurrency_of_1001": (
            "ValidationException|InvalidParameterValueException",
            {"ScalingConfig": {"MaximumConcurrency": 1001}},
        ),
        "a_maximum_concurrency_of_two": ("ok", {"ScalingConfig": {"MaximumConcurrency": 2}}),
        "a_filter_that_is_no_json": (
            "InvalidParameterValueException",
            {"FilterCriteria": {"Filters": [{"Pattern": "{body"}]}},
        ),
    },
)


@probe("orchestration", "ResourceConflictException")
def the_same_mapping_twice(aws):
    arn = aws.queue_arn(aws.queue())
    aws.function()
    mapped(aws, arn)
    yield
    mapped(aws, arn)


@probe("orchestration", "InvalidParameterValueException")
def map_a_queue_that_is_not_there(aws):
    aws.function()
    yield
    mapped(aws, f"arn:aws:sqs:us-east-1:{ACCOUNT}:nobody")


@probe("orchestration")
def switch_a_mapping_off(aws):
    url = aws.queue()
    aws.function()
    made = mapped(aws, aws.queue_arn(url))
    aws.awslambda.update_event_source_mapping(UUID=made["UUID"], Enabled=False)
    assert aws.awslambda.get_event_source_mapping(UUID=made["UUID"])["State"] in ("Disabling", "Disabled")
    aws.sqs.send_message(QueueUrl=url, MessageBody="hi")
    assert [one["Body"] for one in aws.received(url)] == ["hi"]
    found = aws.awslambda.list_event_source_mappings(FunctionName="f")["EventSourceMappings"]
    assert [one["UUID"] for one in found] == [made["UUID"]]
    assert aws.awslambda.delete_event_source_mapping(UUID=made["UUID"])["State"] == "Deleting"


@probe("orchestration", "ResourceNotFoundException")
def a_mapping_that_is_not_there(aws):
    aws.awslambda.get_event_source_mapping(UUID="14e0db71-5d35-4eb5-b481-8945cf9d10c2")


@probe("payload-validation")
def a_filter_on_the_body(aws):
    out, url = aws.queue("out"), aws.queue()
    aws.function(SENDS_ON, Timeout=20)
    mapped(
        aws,
        aws.queue_arn(url),
        FilterCriteria={
            "Filters": [{"Pattern": json.dumps({"body": {"kind": ["order"], "price": [{"numeric": [">", 10]}]}})}]
        },
    )
    for body in ({"kind": "order", "price": 5}, {"kind": "order", "price": 15}, {"kind": "note", "price": 99}):
        aws.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
    events = sent_on(aws, out)
    assert [json.loads(r["body"])["price"] for e in events for r in e["Records"]] == [15]


@probe("orchestration")
def a_table_calls_a_function(aws):
    out = aws.queue("out")
    aws.function(SENDS_ON, Timeout=20)
    made = aws.dynamodb.create_table(
        TableName="orders",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]
    mapped(aws, made["LatestStreamArn"], StartingPosition="TRIM_HORIZON", BatchSize=1)
    aws.dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}, "n": {"N": "1"}})
    aws.dynamodb.update_item(
        TableName="orders",
        Key={"id": {"S": "1"}},
        UpdateExpression="SET n = :two",
        ExpressionAttributeValues={":two": {"N": "2"}},
    )
    aws.dynamodb.delete_item(TableName="orders", Key={"id": {"S": "1"}})
    records = [r for e in sent_on(aws, out) for r in e["Records"]]
    assert [one["eventName"] for one in records] == ["INSERT", "MODIFY", "REMOVE"], records
    assert records[1]["dynamodb"]["OldImage"]["n"] == {"N": "1"} and records[1]["dynamodb"]["NewImage"]["n"] == {
        "N": "2"
    }
    assert (
        records[0]["dynamodb"]["StreamViewType"] == "NEW_AND_OLD_IMAGES" and records[0]["eventSource"] == "aws:dynamodb"
    )


@probe("orchestration", "InvalidParameterValueException")
def a_table_without_a_place_to_begin(aws):
    aws.function()
    arn = aws.dynamodb.create_table(
        TableName="orders",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )["TableDescription"]["LatestStreamArn"]
    yield
    mapped(aws, arn)


def trigger_out(aws):
    out = aws.queue("out")
    arn = aws.function(SENDS_ON, Timeout=20)
    return out, arn


@probe("function-permissions")
def a_topic_needs_a_permission(aws):
    out, arn = trigger_out(aws)
    topic = aws.topic()
    aws.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    aws.sns.publish(TopicArn=topic, Message="lost")
    assert aws.received(out) == []
    aws.awslambda.add_permission(
        FunctionName="f",
        StatementId="sns",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=topic,
    )
    aws.sns.publish(TopicArn=topic, Message="hi", Subject="S")
    record = sent_on(aws, out)[0]["Records"][0]
    assert record["EventSource"] == "aws:sns" and record["Sns"]["Message"] == "hi" and record["Sns"]["Subject"] == "S"
    assert record["Sns"]["TopicArn"] == topic and record["Sns"]["Type"] == "Notification"


@probe("orchestration")
def a_bus_calls_a_function(aws):
    out, arn = trigger_out(aws)
    rule = aws.events.put_rule(
        Name="orders", EventPattern=json.dumps({"source": ["shop"], "detail": {"price": [{"numeric": [">", 10]}]}})
    )["RuleArn"]
    answer = aws.events.put_targets(
        Rule="orders",
        Targets=[
            {
                "Id": "f",
                "Arn": arn,
                "InputTransformer": {"InputPathsMap": {"p": "$.detail.price"}, "InputTemplate": '{"price": <p>}'},
            }
        ],
    )
    assert answer["FailedEntryCount"] == 0
    aws.awslambda.add_permission(
        FunctionName="f",
        StatementId="bus",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule,
    )
    for price in (5, 50):
        aws.events.put_events(
            Entries=[{"Source": "shop", "DetailType": "order", "Detail": json.dumps({"price": price})}]
        )
    assert sent_on(aws, out) == [{"price": 50}]


@probe("function-permissions")
def a_bus_without_permission_calls_nothing(aws):
    out, arn = trigger_out(aws)
    aws.events.put_rule(Name="orders", EventPattern=json.dumps({"source": ["shop"]}))
    aws.events.put_targets(Rule="orders", Targets=[{"Id": "f", "Arn": arn}])
    aws.events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    assert aws.received(out) == []


def notified(aws, arn, **more):
    aws.s3.put_bucket_notification_configuration(
        Bucket="ana-files",
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"], **more}]
        },
    )


@probe("function-permissions", "InvalidArgument")
def a_bucket_without_permission(aws):
    arn = aws.function()
    aws.bucket()
    yield
    notified(aws, arn)


@probe("orchestration")
def a_bucket_calls_a_function(aws):
    out, arn = trigger_out(aws)
    aws.bucket()
    aws.awslambda.add_permission(
        FunctionName="f",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::ana-files",
    )
    notified(aws, arn, Filter={"Key": {"FilterRules": [{"Name": "suffix", "Value": ".jpg"}]}})
    aws.s3.put_object(Bucket="ana-files", Key="a.txt", Body=b"1")
    aws.s3.put_object(Bucket="ana-files", Key="my photo.jpg", Body=b"123")
    events = [e for e in sent_on(aws, out) if "Records" in e]
    assert len(events) == 1
    record = events[0]["Records"][0]
    assert record["s3"]["object"]["key"] == "my+photo.jpg" and record["s3"]["object"]["size"] == 3
    assert record["eventName"] == "ObjectCreated:Put" and record["s3"]["bucket"]["name"] == "ana-files"


# function URLs


def addressed(aws, code="def handler(e, c): return e", **more):
    aws.function(code)
    url = aws.awslambda.create_function_url_config(FunctionName="f", AuthType="NONE", **more)["FunctionUrl"]
    return url


def opened(aws):
    aws.awslambda.add_permission(
        FunctionName="f", StatementId="u", Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE"
    )
    aws.awslambda.add_permission(
        FunctionName="f", StatementId="i", Action="lambda:InvokeFunction", Principal="*", InvokedViaFunctionUrl=True
    )


@probe("function-permissions")
def a_function_url_without_permission(aws):
    url = addressed(aws)
    answer = lab.request("GET", url)
    assert answer.status == 403 and "Forbidden" in answer.text


@probe("function-permissions")
def a_function_url_answers(aws):
    url = addressed(aws)
    opened(aws)
    answer = lab.request("POST", url + "a/b?x=1&x=2", {"X-Me": "1", "Content-Type": "application/json"}, {"k": 1})
    event = answer.json()
    assert answer.status == 200 and event["version"] == "2.0" and event["rawPath"] == "/a/b"
    assert event["requestContext"]["http"]["method"] == "POST" and event["queryStringParameters"] == {"x": "1,2"}
    assert (
        event["headers"]["x-me"] == "1" and json.loads(event["body"]) == {"k": 1} and event["isBase64Encoded"] is False
    )


@probe("function-permissions")
def a_function_url_with_a_status(aws):
    url = addressed(aws, "def handler(e, c): return {'statusCode': 404, 'headers': {'X-A': 'b'}, 'body': 'gone'}")
    opened(aws)
    answer = lab.request("GET", url)
    assert answer.status == 404 and answer.text == "gone" and answer.headers["x-a"] == "b"


@probe("function-permissions")
def a_function_url_of_a_broken_function(aws):
    url = addressed(aws, "def handler(e, c): 1/0")
    opened(aws)
    answer = lab.request("GET", url)
    assert answer.status == 502 and answer.text == "Internal Server Error", (answer.status, answer.text)


@probe("function-permissions", "ValidationException")
def a_function_url_of_a_version(aws):
    aws.function(Publish=True)
    yield
    aws.awslambda.create_function_url_config(FunctionName="f", Qualifier="1", AuthType="NONE")


@probe("function-permissions")
def a_function_url_with_cors(aws):
    url = addressed(aws, Cors={"AllowOrigins": ["https://example.com"], "AllowMethods": ["GET"]})
    opened(aws)
    answer = lab.request("GET", url, {"Origin": "https://example.com"})
    assert answer.headers["access-control-allow-origin"] == "https://example.com"


@probe("lambda-limits")
def recursion_and_runtime_management(aws):
    aws.function()
    assert aws.awslambda.get_function_recursion_config(FunctionName="f")["RecursiveLoop"] == "Terminate"
    aws.awslambda.put_function_recursion_config(FunctionName="f", RecursiveLoop="Allow")
    assert aws.awslambda.get_function_recursion_config(FunctionName="f")["RecursiveLoop"] == "Allow"
    assert aws.awslambda.get_runtime_management_config(FunctionName="f")["UpdateRuntimeOn"] == "Auto"


@probe("tools-today")
def lambda_from_the_command_line(aws):
    aws.function("def handler(e, c): return {'got': e}")
    with tempfile.TemporaryDirectory() as folder:
        answer = lab.aws(f"lambda invoke --function-name f --payload '{{\"a\": 1}}' {folder}/out.json")
        text = Path(folder, "out.json").read_text()
    assert answer.exit_code == 0 and json.loads(answer.output) == {"StatusCode": 200, "ExecutedVersion": "$LATEST"}
    assert json.loads(text) == {"got": {"a": 1}}


@probe("tools-today")
def the_command_line_refuses_as_aws(aws):
    answer = lab.aws("lambda get-function --function-name nobody")
    assert (
        answer.exit_code in (254, 255)
        and "(ResourceNotFoundException) when calling the GetFunction operation: Function not found:" in answer.error
    ), answer
    answer = lab.aws("lambda wait function-active-v2 --function-name nobody")
    assert answer.exit_code == 255
