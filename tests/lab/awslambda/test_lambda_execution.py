"""Invoke runs the learner's code, as AWS runs it."""

import base64
import json
import os
import subprocess
import sys
import threading
import time

import pytest
from botocore.exceptions import ClientError

from course import lab
from course.lab.awslambda import environment as lambda_environment
from course.lab.awslambda import environments, execution

COUNTS = """
count = 0
def handler(event, context):
    global count
    count += 1
    return count
"""


def processes():
    """The supervisors and environments that run below this process, whatever they call themselves."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True).stdout.splitlines()[
        1:
    ]
    parents = {int(pid): int(parent) for pid, parent, *_ in (line.split(None, 2) for line in listed)}
    mine = {pid for pid in parents if "supervisor.py" in next(x for x in listed if x.split()[0] == str(pid))}
    return {pid for pid in mine if _below(pid, parents)}


def _below(pid, parents):
    while pid in parents:
        pid = parents[pid]
        if pid == os.getpid():
            return True
    return False


def gone(marker):
    """Whether no process with this marker in its command line is left, a moment later at most."""
    for _ in range(100):
        if not subprocess.run(["pgrep", "-f", marker], capture_output=True).stdout:
            return True
        time.sleep(0.02)
    return False


def test_event_in_and_result_out(deploy, invoke):
    """Does the handler get the event and its result come back?"""
    deploy("def handler(event, context): return {'sum': sum(event['numbers']), 'word': 'h\u00e9'}")
    payload, response = invoke(event={"numbers": [1, 2, 3]})
    assert payload == {"sum": 6, "word": "h\u00e9"}
    assert response["StatusCode"] == 200 and response["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in response and "LogResult" not in response


def test_context(deploy, invoke):
    """Is the context object AWS's?"""
    names = "function_name function_version invoked_function_arn memory_limit_in_mb aws_request_id log_group_name log_stream_name"
    deploy(
        f"def handler(event, c): return {{**{{n: getattr(c, n) for n in '{names}'.split()}}, "
        "'left': c.get_remaining_time_in_millis()}",
        MemorySize=256,
        Timeout=7,
    )
    payload, _ = invoke()
    assert payload["invoked_function_arn"] == "arn:aws:lambda:us-east-1:123456789012:function:f"
    assert (payload["function_name"], payload["function_version"], payload["memory_limit_in_mb"]) == (
        "f",
        "$LATEST",
        "256",
    )
    assert payload["log_group_name"] == "/aws/lambda/f" and "/[$LATEST]" in payload["log_stream_name"]
    assert 6000 < payload["left"] <= 7000 and len(payload["aws_request_id"]) == 36


def test_warm_reuse(deploy, invoke, awslambda):
    """Does a global survive in a warm environment, and begin anew after an update, in a version and after a reset?"""
    deploy(COUNTS)
    assert [invoke()[0] for _ in range(3)] == [1, 2, 3]
    version = awslambda.publish_version(FunctionName="f")["Version"]
    assert [invoke(Qualifier=version)[0], invoke(Qualifier=version)[0], invoke()[0]] == [1, 2, 4]
    awslambda.update_function_configuration(FunctionName="f", Environment={"Variables": {"KEY": "1"}})
    assert [invoke()[0], invoke(Qualifier=version)[0]] == [1, 3]
    assert processes()
    lab.reset()
    assert not processes()


def test_logs_and_report(deploy, invoke):
    """Are print, logging and errors in the log, with an Init Duration on the cold start only?"""
    deploy(
        "import logging, sys\nlogging.getLogger().setLevel('INFO')\n"
        "def handler(e, c):\n    print('printed')\n    print('to stderr', file=sys.stderr)\n    logging.info('logged')"
    )
    logs = [base64.b64decode(invoke(LogType="Tail")[1]["LogResult"]).decode() for _ in range(2)]
    for log in logs:
        assert "printed\n" in log and "to stderr\n" in log and "[INFO]\t" in log and log.rstrip().count("\tlogged") == 1
        assert log.index("START RequestId") < log.index("printed") < log.index("END RequestId") < log.index("REPORT")
        assert "Memory Size: 128 MB\tMax Memory Used: " in log
    assert "Init Duration" in logs[0] and "INIT_START" in logs[0]
    assert "Init Duration" not in logs[1] and "INIT_START" not in logs[1]
    stream = _only_stream()
    events = _logs().get_log_events(logGroupName="/aws/lambda/f", logStreamName=stream)["events"]
    assert [one["message"].split(" ")[0].rstrip() for one in events].count("printed") == 2


def _logs():
    import boto3

    return boto3.client("logs")


def _only_stream():
    (stream,) = _logs().describe_log_streams(logGroupName="/aws/lambda/f")["logStreams"]
    return stream["logStreamName"]


def test_error_payload(deploy, invoke):
    """Is an exception the payload, with type, message and a stack trace in /var/task?"""
    deploy("class OrderError(Exception): pass\ndef handler(event, context):\n    raise OrderError('no stock')")
    payload, response = invoke()
    assert response["FunctionError"] == "Unhandled" and response["StatusCode"] == 200
    assert (payload["errorType"], payload["errorMessage"]) == ("OrderError", "no stock")
    assert payload["stackTrace"] == [
        "  File \"/var/task/index.py\", line 3, in handler\n    raise OrderError('no stock')\n"
    ]


@pytest.mark.parametrize(
    ("code", "handler", "kind", "words"),
    [
        ("import nothing_like_it", "index.handler", "Runtime.ImportModuleError", "No module named 'nothing_like_it'"),
        ("import matplotlib", "index.handler", "Runtime.ImportModuleError", "No module named 'matplotlib'"),
        ("x = 1", "index.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'index'"),
        ("x = 1", "main.handler", "Runtime.ImportModuleError", "Unable to import module 'main'"),
        ("def handler(:", "index.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'index'"),
        ("x = 1", "handler", "Runtime.MalformedHandlerName", "Bad handler 'handler'"),
        ("1/0", "index.handler", "ZeroDivisionError", "division by zero"),
        ("def handler(e, c): return {1, 2}", "index.handler", "Runtime.MarshalError", "type set is not JSON"),
        ("def handler(e, c): return float('nan')", "index.handler", "Runtime.MarshalError", "not JSON compliant"),
        ("def handler(e, c): raise SystemExit(3)", "index.handler", "Runtime.ExitError", "exit status 3"),
        (
            "import os\ndef handler(e, c): os._exit(0)",
            "index.handler",
            "Runtime.ExitError",
            "without providing a reason",
        ),
        (
            "import os\ndef handler(e, c): os.kill(os.getpid(), 9)",
            "index.handler",
            "Runtime.ExitError",
            "signal: killed",
        ),
        (
            "import os, time\ndef handler(e, c): os.kill(os.getppid(), 9); time.sleep(1)",
            "index.handler",
            "Runtime.ExitError",
            "Runtime exited",
        ),
        (
            "import os\ndef handler(e, c): os.closerange(0, 99); return 1",
            "index.handler",
            "Runtime.ExitError",
            "Runtime",
        ),
        ("def handler(e, c): return 'x' * 7_000_000", "index.handler", "Function.ResponseSizeTooLarge", "6291556"),
        ("def handler(e, c):\n    def f(): f()\n    f()", "index.handler", "RecursionError", "recursion"),
    ],
)
def test_faults(deploy, invoke, code, handler, kind, words):
    """Has every way to fail AWS's error type, and does the next invocation start afresh?"""
    deploy(code, Handler=handler)
    for _ in range(2):
        payload, response = invoke()
        assert response["FunctionError"] == "Unhandled"
        assert payload["errorType"] == kind and words in payload["errorMessage"], payload


def test_timeout(deploy, invoke):
    """Is a function that hangs ended at its time-out, with everything it started, even outside its process group?"""
    deploy(
        "import os, subprocess, time\n"
        "def handler(e, c):\n"
        "    subprocess.Popen(['sleep', '98.7651'], start_new_session=True)\n"
        "    subprocess.Popen(['sleep', '98.7652'])\n"
        "    for _ in range(20):\n"
        "        if os.fork() == 0:\n"
        "            os.setsid()\n            time.sleep(98)\n"
        "    while True: pass\n",
        Timeout=1,
    )
    before, begun = len(processes()), time.monotonic()
    payload, response = invoke(LogType="Tail")
    assert time.monotonic() - begun < 2
    assert payload["errorType"] == "Sandbox.Timedout" and payload["errorMessage"].endswith(
        "Task timed out after 1.00 seconds"
    )
    assert "Status: timeout" in base64.b64decode(response["LogResult"]).decode()
    assert gone("sleep 98.765") and len(processes()) == before


def test_memory(deploy, invoke):
    """Is a function that uses more memory than it has killed, and one huge allocation refused?"""
    deploy("def handler(e, c):\n    x = []\n    while True: x.append(bytearray(b'x') * 1_000_000)", Timeout=10)
    payload, response = invoke(LogType="Tail")
    assert payload["errorType"] == "Runtime.ExitError" and payload["errorMessage"].endswith("signal: killed")
    assert "Max Memory Used: 128 MB" in base64.b64decode(response["LogResult"]).decode()
    deploy("def handler(e, c): return len(bytearray(10**10))", "huge")
    assert invoke("huge")[0]["errorType"] == "MemoryError"


def test_output(deploy, invoke, monkeypatch):
    """Are megabytes of output cut and a closed stdout no reason to fail?"""
    deploy("def handler(e, c):\n    for _ in range(50_000): print('x' * 99)\n    return 'done'", Timeout=10)
    payload, response = invoke(LogType="Tail")
    assert payload == "done"
    events = _logs().get_log_events(logGroupName="/aws/lambda/f", logStreamName=_only_stream())["events"]
    assert sum(len(one["message"]) for one in events) < 1.2 * 1024 * 1024
    deploy(
        "import os, sys\ndef handler(e, c):\n    os.close(1); os.close(2); sys.stdout.close()\n    return 'done'",
        "closed",
    )
    assert invoke("closed")[0] == "done" and invoke("closed")[0]["errorType"] == "OSError"


def test_nothing_of_the_host(deploy, invoke, monkeypatch):
    """Does the process see its own variables and the role's credentials, and nothing of this one's?"""
    monkeypatch.setenv("MY_PASSWORD", "secret")
    deploy("import os\ndef handler(e, c): return dict(os.environ)", Environment={"Variables": {"STAGE": "test"}})
    seen, _ = invoke()
    assert "MY_PASSWORD" not in seen and "HOME" not in seen
    assert seen["STAGE"] == "test" and seen["_HANDLER"] == "index.handler"
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "f" and seen["AWS_REGION"] == "us-east-1"
    assert seen["AWS_ACCESS_KEY_ID"] not in ("", os.environ["AWS_ACCESS_KEY_ID"])


def test_own_tmp(deploy, invoke, awslambda):
    """Is /tmp each environment's own, alive while it is warm, and the zip in /var/task?"""
    deploy(
        "import os, pathlib, tempfile\n"
        "def handler(e, c):\n"
        "    with open('/tmp/lab-test-file', 'a') as f: f.write('x')\n"
        "    assert pathlib.Path('/tmp/lab-test-file').exists() and os.listdir('/tmp') == ['lab-test-file']\n"
        "    tempfile.NamedTemporaryFile().close()\n"
        "    return [open('/tmp/lab-test-file').read(), os.listdir('/var/task'), os.listdir('.')]\n"
    )
    assert invoke()[0][0] == "x" and invoke()[0][0] == "xx"
    assert "index.py" in invoke()[0][1] and "index.py" in invoke()[0][2]
    assert not os.path.exists("/tmp/lab-test-file")
    awslambda.publish_version(FunctionName="f")
    assert invoke(Qualifier="1")[0][0] == "x"


def test_same_account_from_inside(deploy, invoke):
    """Does boto3 in the handler reach this account, as the function's role, from threads as well?"""
    deploy(
        "import boto3\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "sqs, sts = boto3.client('sqs'), boto3.client('sts')\n"
        "def handler(e, c):\n"
        "    with ThreadPoolExecutor(4) as pool:\n"
        "        list(pool.map(lambda n: sqs.create_queue(QueueName=f'q{n}'), range(8)))\n"
        "    try: sqs.get_queue_url(QueueName='none')\n"
        "    except sqs.exceptions.QueueDoesNotExist as error: code = error.response['Error']['Code']\n"
        "    return [sts.get_caller_identity()['Arn'], code]\n",
        Timeout=20,
    )
    import boto3

    payload, _ = invoke()
    assert payload == ["arn:aws:sts::123456789012:assumed-role/role/f", "AWS.SimpleQueueService.NonExistentQueue"]
    assert len(boto3.client("sqs").list_queues()["QueueUrls"]) == 8


def test_long_call_does_not_outlive_the_timeout(deploy, invoke):
    """Is a function ended in time while it waits in a long poll?"""
    deploy(
        "import boto3\nsqs = boto3.client('sqs')\nurl = sqs.create_queue(QueueName='q')['QueueUrl']\n"
        "def handler(e, c): sqs.receive_message(QueueUrl=url, WaitTimeSeconds=3)",
        Timeout=1,
    )
    begun = time.monotonic()
    assert invoke()[0]["errorType"] == "Sandbox.Timedout" and time.monotonic() - begun < 2.5


def test_layers(deploy, invoke, awslambda, role):
    """Is a layer's python folder importable?"""
    from conftest import zipped

    layer = awslambda.publish_layer_version(
        LayerName="tools", Content={"ZipFile": zipped("answer = 42", "python/tools.py")}
    )
    deploy("import tools\ndef handler(e, c): return tools.answer", Layers=[layer["LayerVersionArn"]])
    assert invoke()[0] == 42


def test_dry_run_and_bad_requests(deploy, awslambda, invoke):
    """Does DryRun run nothing, and is an event that is no JSON or too large refused?"""
    deploy(COUNTS)
    assert awslambda.invoke(FunctionName="f", InvocationType="DryRun")["StatusCode"] == 204
    for payload, code in (
        ("{no", "InvalidRequestContentException"),
        ('"' + "x" * 6_300_000 + '"', "RequestTooLargeException"),
    ):
        with pytest.raises(ClientError) as caught:
            awslambda.invoke(FunctionName="f", Payload=payload)
        assert caught.value.response["Error"]["Code"] == code
    with pytest.raises(awslambda.exceptions.ResourceNotFoundException):
        awslambda.invoke(FunctionName="nothing")
    assert invoke()[0] == 1


def test_throttled(deploy, awslambda, invoke):
    """Is an invocation above the reserved concurrency refused with 429?"""
    deploy(
        "import boto3\ndef handler(e, c):\n    try: boto3.client('lambda').invoke(FunctionName='f')\n"
        "    except Exception as error: return type(error).__name__",
        Timeout=20,
        Environment={"Variables": {"AWS_MAX_ATTEMPTS": "1"}},
    )
    awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=1)
    assert invoke()[0] == "TooManyRequestsException"
    awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    with pytest.raises(awslambda.exceptions.TooManyRequestsException) as caught:
        invoke()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert caught.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    awslambda.delete_function_concurrency(FunctionName="f")


def test_endless_recursion_ends(deploy, invoke, monkeypatch):
    """Does a function that calls itself end in AWS's throttle and not in this machine's memory?"""
    monkeypatch.setattr(execution, "value", lambda name: 3 if name == "lab.lambda.running" else _value(name))
    deploy(
        "import boto3\ndef handler(e, c):\n    return boto3.client('lambda').invoke(FunctionName='f')['Payload'].read().decode()",
        Timeout=20,
        Environment={"Variables": {"AWS_MAX_ATTEMPTS": "1"}},
    )
    assert "TooManyRequestsException" in json.dumps(invoke()[0])


def _value(name):
    from course.data import value

    return value(name)


def test_hanging_import(deploy, invoke, monkeypatch):
    """Is an import that hangs ended when the time of INIT is over?"""
    monkeypatch.setattr(lambda_environment, "value", lambda name: 0.5 if name.endswith(".init") else _value(name))
    deploy("import time\ntime.sleep(60)\ndef handler(e, c): pass")
    assert invoke()[0]["errorType"] == "Sandbox.Timedout" and not processes()


def test_reset_while_a_function_runs(deploy, invoke):
    """Does a reset end what runs, at once, and leave the new account empty?"""
    deploy("import time\ndef handler(e, c): time.sleep(60)", Timeout=90)
    outcome = []

    def call():
        try:
            outcome.append(invoke())
        except ClientError as error:
            outcome.append(error.response["Error"])

    thread = threading.Thread(target=call)
    thread.start()
    while not processes():
        time.sleep(0.01)
    time.sleep(0.1)
    lab.reset()
    thread.join(5)
    assert outcome[0]["Code"] == "ServiceException" and not processes()
    assert _logs().describe_log_groups()["logGroups"] == []


def test_thread_that_outlives_its_invocation(deploy, invoke):
    """Does a thread left running go on in the next invocation, as AWS thaws it?"""
    deploy(
        "import boto3, threading, time\nsts, seen = boto3.client('sts'), []\n"
        "def ask():\n    time.sleep(0.05)\n    seen.append(sts.get_caller_identity()['Account'])\n"
        "def handler(e, c):\n    threading.Thread(target=ask).start()\n    time.sleep(e.get('wait', 0))\n    return len(seen)",
        Timeout=9,
    )
    assert invoke()[0] == 0
    # The first thread is in a later invocation, where its request can be answered.
    assert any(invoke(event={"wait": 0.2})[0] >= 2 for _ in range(20))


def test_idle_environments_are_few(deploy, invoke, monkeypatch):
    """Is the environment that was unused longest ended when there are too many?"""
    monkeypatch.setattr(environments, "value", lambda name: 2 if name == "lab.lambda.idle" else _value(name))
    for name in "abc":
        deploy(COUNTS, name)
        invoke(name)
    assert [invoke(name)[0] for name in "cba"] == [2, 2, 1]


def test_a_forked_process_ends_nothing(deploy, invoke):
    """Does a process forked from this one (a grader's worker) leave the environments alone?"""
    deploy(COUNTS)
    invoke()
    child = os.fork()
    if child == 0:
        try:
            environments.end_environments()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert invoke()[0] == 2


def test_only_python_runs(deploy, invoke):
    """Is a runtime that this machine does not have a clear error?"""
    deploy("exports.handler = async () => 1", Runtime="nodejs22.x")
    with pytest.raises(NotImplementedError, match="runs Python functions"):
        invoke()


def test_delete_ends_the_process(deploy, invoke, awslambda):
    """Does a deleted function leave no process?"""
    before = processes()
    deploy(COUNTS)
    invoke()
    assert processes() > before
    awslambda.delete_function(FunctionName="f")
    assert processes() == before


KILLED = """
import io, json, os, signal, sys
sys.path.insert(0, {tests!r})
from course import lab
lab.start()
from conftest import client, zipped
statement = {{"Effect": "Allow", "Principal": {{"Service": "lambda.amazonaws.com"}}, "Action": "sts:AssumeRole"}}
policy = json.dumps({{"Version": "2012-10-17", "Statement": [statement]}})
role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
code = "import subprocess\\ndef handler(e, c): subprocess.Popen(['sleep', '87.654'], start_new_session=True)"
client("lambda").create_function(
    FunctionName="f", Runtime="python3.13", Role=role, Handler="index.handler", Code={{"ZipFile": zipped(code)}}
)
client("lambda").invoke(FunctionName="f")
{end}
"""


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", ""])
def test_nothing_is_left_when_the_notebook_ends(end, tmp_path):
    """Do environments and what they started end with this process, even when it is killed?"""
    code = KILLED.format(tests=os.path.dirname(os.path.dirname(__file__)), end=end)
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=not end, env=environment)
    assert gone("sleep 87.654")
    for _ in range(100):
        # A kill also leaves the account's configuration folder, which holds nothing of a function.
        if not list(tmp_path.glob("lab-lambda-*")):
            return
        time.sleep(0.02)
    raise AssertionError("files are left")


def test_repeatable(deploy, invoke):
    """Do the same calls after a reset give the same request ids, and do invocations change no other id?"""
    deploy("def handler(e, c): return c.aws_request_id")
    first = [invoke()[0], invoke()[0]]
    assert len(set(first)) == 2


@pytest.mark.parametrize(
    ("does", "failed"),
    [
        ("open('/var/task/x', 'w')", True),
        ("open('x', 'a')", True),
        ("open('/opt/x', 'wb')", True),
        ("os.mkdir('/home/x')", True),
        ("os.remove('/var/task/index.py')", True),
        ("open('/tmp/x', 'w').write('1')", False),
        ("os.mkdir('/tmp/x')", False),
        ("open(os.devnull, 'w').write('1')", False),
        ("open('/var/task/index.py').read()", False),
        ("tempfile.NamedTemporaryFile().write(b'1')", False),
    ],
)
def test_only_tmp_can_be_written(deploy, invoke, does, failed):
    """Is the file system read-only but for /tmp, as on AWS?"""
    deploy(f"import os, tempfile\ndef handler(e, c):\n    {does}\n    return 'done'")
    answer, response = invoke()
    if failed:
        assert answer["errorType"] == "OSError" and "[Errno 30] Read-only file system" in answer["errorMessage"]
    else:
        assert answer == "done" and "FunctionError" not in response


def test_client_context(deploy, invoke):
    """Does the handler find what the caller told of itself as attributes, and None without it?"""
    deploy(
        "def handler(e, c): return c.client_context and [c.client_context.custom, c.client_context.client.app_title]"
    )
    told = {"custom": {"a": "b"}, "client": {"app_title": "shop"}}
    assert invoke(ClientContext=base64.b64encode(json.dumps(told).encode()).decode())[0] == [{"a": "b"}, "shop"]
    assert invoke()[0] is None
