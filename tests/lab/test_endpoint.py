"""The offline account for other processes."""

import json
import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from email.message import Message

import boto3
import pytest

from course import lab
from course.lab import endpoint, environment

CHILD = """
import boto3, sys
print(boto3.client('ec2').create_volume(Size=5, AvailabilityZone='us-east-1a')['VolumeId'])
rule = boto3.client('rbin').create_rule(ResourceType='EBS_SNAPSHOT', RetentionPeriod={'RetentionPeriodValue': 7, 'RetentionPeriodUnit': 'DAYS'})
print(rule['Identifier'])
queue = boto3.client('sqs').create_queue(QueueName='q')['QueueUrl']
print(queue)
boto3.client('s3').create_bucket(Bucket='some-bucket')
boto3.client('s3').put_object(Bucket='some-bucket', Key='a/b c+ü', Body=b'x' * 100000, Metadata={'my_key': 'v'})
print(boto3.client('s3').get_object(Bucket='some-bucket', Key='a/b c+ü')['ContentLength'])
for service, call in (('iam', 'list_users'), ('route53', 'list_hosted_zones'), ('elbv2', 'describe_load_balancers'),
                      ('dynamodb', 'list_tables'), ('efs', 'describe_file_systems'), ('cloudwatch', 'list_metrics'), ('ses', 'list_identities'),
                      ('lambda', 'list_functions'), ('sns', 'list_topics'), ('dynamodbstreams', 'list_streams')):
    getattr(boto3.client(service), call)()
for service, call in (('ec2', 'describe_volume_status'), ('savingsplans', 'describe_savings_plans')):
    try: getattr(boto3.client(service), call)()
    except Exception as error: print(error.response['Error']['Code'])
"""


@pytest.fixture
def served(capsys):
    """The address while the endpoint is open."""
    yield lab.serve()
    lab.stop()


def shell(command, **more):
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, **more)


def asked(address, **headers):
    """The status and text of a bare GET."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_boto3_in_another_process(served, ec2, rbin, shown):
    """Does a child's boto3 act on this account, in every protocol, and read why something is not there?"""
    child = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True)
    assert child.returncode == 0, child.stderr
    volume, rule, queue, size, *missing = child.stdout.split()
    assert shown(volume)["Size"] == 5
    assert rbin.get_rule(Identifier=rule)["Status"] == "available"
    assert boto3.client("sqs").list_queues()["QueueUrls"] == [queue]
    assert size == "100000" and missing == ["NotOffline", "NotOffline"]
    head = boto3.client("s3").head_object(Bucket="some-bucket", Key="a/b c+ü")
    assert head["Metadata"] == {"my_key": "v"} and head["ContentLength"] == 100000


def test_aws_in_a_terminal(served, volume, tmp_path):
    """Does a terminal that reads the printed file in use this account, whatever it had before, and our aws?"""
    made = volume()
    mine = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "AWS_PROFILE": "company",
        "AWS_ENDPOINT_URL_EC2": "http://x",
    }
    line = f". {endpoint.account_file()}; aws ec2 describe-volumes --query 'Volumes[].VolumeId' --output text"
    done = shell(line, env=mine)
    assert (done.returncode, done.stdout, done.stderr) == (0, made + "\n", "")
    assert not list(tmp_path.iterdir())


def test_a_refusal_in_a_terminal(served):
    """Does the command in another process end as in this one, for a refusal and for SQS, which version 1 sends elsewhere?"""
    command = "iam get-user --user-name nobody"
    done, here = shell(f"aws {command}"), lab.aws(command)
    assert (done.returncode, done.stdout, done.stderr) == (here.exit_code, here.output, here.error)
    assert shell("aws sqs list-queues").returncode == 0


def test_this_process_needs_no_detour(served, ec2):
    """Do this process's own clients still go straight to the account?"""
    assert "AWS_ENDPOINT_URL" not in os.environ
    assert boto3.client("ec2").meta.endpoint_url == "https://ec2.us-east-1.amazonaws.com"


def test_stop_closes_the_port(capsys):
    """After stop(), is the port free, the thread gone, and do children know no endpoint?"""
    before = threading.active_count()
    address = lab.serve()
    assert str(endpoint.account_file()) in capsys.readouterr().out
    folder = environment.folder()
    assert "AWS_ENDPOINT_URL=" + address in shell("env").stdout
    lab.stop()
    assert "AWS_ENDPOINT_URL" not in shell("env").stdout and str(folder) not in shell("echo $PATH").stdout
    assert threading.active_count() == before and not folder.exists()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=2)


def test_serving_again(served):
    """Is a second call the same address, does a fresh account keep it, and does where() name it?"""
    assert lab.serve() == served and served in lab.where()
    lab.start("eu-west-1")
    assert lab.serve() == served
    assert "AWS_DEFAULT_REGION=eu-west-1" in endpoint.account_file().read_text()


def test_another_notebook(served, volume):
    """Does a second kernel on this machine have its own port and account?"""
    volume()
    code = (
        "from course import lab; import os, boto3; lab.start(); print(lab.serve()); "
        "print(len(boto3.client('ec2').describe_volumes()['Volumes']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *_, address, volumes = done.stdout.split()
    assert address != served and volumes == "0"


def test_a_forked_process(served):
    """Does a process forked while the port is open start with a port of its own, or none, and leave ours alone?"""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        before = endpoint.address()
        own = endpoint.open_endpoint()
        os.write(write, f"{before} {own}".encode())
        endpoint.close_endpoint()
        environment._remove_folder()
        os._exit(0)
    os.waitpid(child, 0)
    before, own = os.read(read, 1000).decode().split()
    os.close(read), os.close(write)
    assert before == "None" and own != served
    assert shell("aws sts get-caller-identity").returncode == 0


def test_a_taken_port():
    """Is a port that is in use a clear error, with the account unharmed?"""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match=f"cannot answer at port {port} of 127.0.0.1"):
            lab.serve(port)
    assert endpoint.address() is None and lab.aws("s3 ls").exit_code == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_web_pages_are_refused(served, headers):
    """Does a page in a browser not reach the account, by a name that resolves to this machine or directly?"""
    assert asked(served, **headers)[0] == 403


def test_only_this_machine(served):
    """Does it listen on the loopback address alone?"""
    assert endpoint._server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("length", ["-5", "x", "99999999999999", "1_0"])
def test_odd_lengths(served, length):
    """Is a body of an impossible length refused at once?"""
    with socket.create_connection(("127.0.0.1", int(served.rsplit(":", 1)[1])), timeout=5) as line:
        line.sendall(f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n".encode())
        assert line.recv(1000).startswith(b"HTTP/1.1 400")


def test_unsigned_requests(served):
    """Is an unsigned request refused as AWS refuses it, except to S3?"""
    done = shell("aws iam list-users --no-sign-request")
    assert done.returncode == 255 and "(MissingAuthenticationToken)" in done.stderr
    boto3.client("s3").create_bucket(Bucket="some-bucket")
    boto3.client("s3").put_object(Bucket="some-bucket", Key="k", Body=b"hello")
    assert asked(f"{served}/some-bucket/k")[0] == 403
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::some-bucket/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    boto3.client("s3").delete_public_access_block(Bucket="some-bucket")
    boto3.client("s3").put_bucket_policy(Bucket="some-bucket", Policy=policy)
    assert asked(f"{served}/some-bucket/k") == (200, "hello")


def test_presigned(served):
    """Does a presigned address of a child work?"""
    boto3.client("s3").create_bucket(Bucket="some-bucket")
    boto3.client("s3").put_object(Bucket="some-bucket", Key="k", Body=b"hello")
    assert asked(shell("aws s3 presign s3://some-bucket/k").stdout.strip()) == (200, "hello")


def scope(service, region="us-east-1", **more):
    headers = Message()
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential=AKIA/20261123/{region}/{service}/aws4_request, SignedHeaders=x"
    )
    for name, value in more.items():
        headers[name.replace("_", "-")] = value
    return headers


def test_every_service_of_moto_has_its_address():
    """Is the address the one that this process's clients use, for the services that lessons name?"""
    names = (
        "acm apigateway apigatewayv2 appconfig autoscaling budgets cloudformation cloudfront cloudtrail cloudwatch codebuild "
        "codecommit codedeploy codepipeline config dynamodb ecr ecs efs elb elbv2 events guardduty iam inspector2 kinesis "
        "kms lambda logs organizations pipes rbin rds resource-groups route53 s3 scheduler secretsmanager securityhub ses "
        "sesv2 sns sqs ssm stepfunctions sts synthetics wafv2 xray"
    )
    wrong = {}
    for name in names.split():
        client = boto3.client(name, region_name="eu-west-1")
        there = endpoint.aws_url("/", scope(client._request_signer.signing_name, client._request_signer.region_name))
        if there != client.meta.endpoint_url.replace("-eu-west-1", "") + "/":
            wrong[name] = (there, client.meta.endpoint_url)
    assert not wrong
    assert endpoint.aws_url("/", scope("dynamodb", X_Amz_Target="DynamoDBStreams_20120810.ListStreams")) == (
        "https://streams.dynamodb.us-east-1.amazonaws.com/"
    )
    data = "https://appconfigdata.us-east-1.amazonaws.com"
    for path in ("/configurationsessions", "/configuration?configuration_token=t"):
        assert endpoint.aws_url(path, scope("appconfig")) == data + path


def test_a_crash_inside_is_an_error_for_the_client(served, monkeypatch):
    """Is a failure of the account itself one error message in the other process, with no retries?"""
    calls = []

    def broken(request):
        calls.append(request)
        raise KeyError("lost")

    monkeypatch.setattr("course.lab.transport._answer", broken)
    done = shell("aws sts get-caller-identity")
    assert done.returncode == 255 and "(InternalFailure)" in done.stderr and len(calls) == 1
