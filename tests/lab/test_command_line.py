"""The real aws command in this process."""

import ast
import builtins
import importlib
import io
import json
import logging
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest

from course import lab
from course.lab import command_line, environment

VOLUME = "ec2 create-volume --size 10 --availability-zone us-east-1a --query VolumeId --output text"


def test_boto3_creates_and_aws_lists(volume):
    """Does the command see what boto3 made?"""
    made = volume()
    result = lab.aws("ec2 describe-volumes --query 'Volumes[].VolumeId'")
    assert (result.exit_code, json.loads(result.output), result.error) == (0, [made], "")


def test_aws_creates_and_boto3_sees(shown):
    """Does boto3 see what the command made?"""
    result = lab.aws(VOLUME.split())
    assert shown(result.output.strip())["Size"] == 10


@pytest.mark.parametrize(
    "command, code, says",
    [
        ("iam get-user --user-name nobody", 255, "An error occurred (NoSuchEntity) when calling the GetUser operation"),
        ("ec2 create-volume --size 10 --availability-zone us-east-1a --volume-type gp3 --iops 90000", 255, "An error occurred (InvalidParameter"),
        ("s3api head-object --bucket nothing-here --key x", 255, "An error occurred (404) when calling the HeadObject"),
        ("ec2 run-instancez", 2, "maybe you meant"),
        ("ec2 describe-volumes --size 1", 255, "Unknown options: --size, 1"),
        ("", 2, "usage: aws"),
        ("ec2 describe-volumes | wc", 2, "aws: '|' outside quotes needs a shell"),
        ("ec2 describe-volumes\nec2 describe-vpcs", 2, "several commands"),
        ("savingsplans describe-savings-plans", 255, "the offline account does not serve"),
        ("iam list-users --endpoint-url http://localhost:9", 255, "nothing was sent to the network"),
        ("iam create-policy --policy-name p --policy-document file://nowhere.json", 255, "No such file"),
        ("configure", 255, "use: aws configure set"),
    ],
)  # fmt: skip
def test_failing_commands(command, code, says):
    """Does a command that fails give AWS's message on stderr and awscli's exit code, and raise nothing?"""
    result = lab.aws(command)
    assert (result.exit_code, result.output) == (code, "")
    assert says in result.error and "Traceback" not in result.error


def test_a_rule_of_the_gate_speaks(volume):
    """Is the command refused as boto3 is, and is DryRun's promise the same?"""
    result = lab.aws(f"ec2 modify-volume --volume-id {volume(Size=20)} --size 10")
    assert result.exit_code == 255 and "An error occurred (Invalid" in result.error
    assert "(DryRunOperation)" in lab.aws(VOLUME + " --dry-run").error


def test_output_formats():
    """Do --output and --query give what awscli gives?"""
    volume = lab.aws(VOLUME).output.strip()
    listed = "ec2 describe-volumes --query Volumes[].[VolumeId,Size] --output "
    assert lab.aws(listed + "text").output == f"{volume}\t10\n"
    assert json.loads(lab.aws(listed + "json").output) == [[volume, 10]]
    table = lab.aws(listed + "table").output
    assert f"|  {volume}  |  10 |" in table and "\x1b" not in table


def test_all_pages(ec2):
    """Does the command read page after page, and only --max-items at will?"""
    for _ in range(3):
        lab.aws(VOLUME)
    every = "ec2 describe-volumes --query length(Volumes) "
    assert lab.aws("ec2 describe-volumes --query 'length(Volumes)' --page-size 5").output == "3\n"
    assert lab.aws(["ec2", "describe-volumes", "--query", "length(Volumes)", "--max-items", "2"]).output == "2\n"
    assert lab.aws(every).exit_code == 2  # a shell, too, would not take the bracket


def test_files_and_bytes(tmp_path, monkeypatch):
    """Are file:// and fileb:// read from the working directory, and do bytes go through unharmed?"""
    monkeypatch.chdir(tmp_path)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    Path("policy.json").write_text(json.dumps(policy))
    Path("data.bin").write_bytes(bytes(range(256)))
    made = lab.aws("iam create-policy --policy-name p --policy-document file://policy.json --query Policy.Arn")
    assert json.loads(made.output).endswith(":policy/p")
    key = json.loads(lab.aws("kms create-key --query KeyMetadata.KeyId").output)
    sealed = lab.aws(f"kms encrypt --key-id {key} --plaintext fileb://data.bin --query CiphertextBlob --output text")
    assert sealed.exit_code == 0 and sealed.output.strip()
    assert lab.aws("s3 mb s3://some-bucket").output == "make_bucket: some-bucket\n"
    assert lab.aws("s3 cp data.bin s3://some-bucket/data --no-progress").exit_code == 0
    assert lab.aws("s3 cp s3://some-bucket/data back.bin").exit_code == 0
    assert Path("back.bin").read_bytes() == bytes(range(256))
    Path("hello.txt").write_text("Grüße\n", encoding="utf-8")
    lab.aws("s3 cp hello.txt s3://some-bucket/hello.txt")
    assert lab.aws("s3 cp s3://some-bucket/hello.txt -").output == "Grüße\n"


def test_configure_writes_into_the_lab_only(tmp_path, monkeypatch):
    """Does aws configure write into the lab's folder and nowhere else, and do both ways read it?"""
    monkeypatch.setenv("HOME", str(tmp_path))
    for setting in ("region eu-west-1", "aws_access_key_id AKIAIOSFODNN7ALICE", "aws_secret_access_key x"):
        assert lab.aws(f"configure set {setting} --profile alice") == command_line.CommandResult(0, "", "")
    assert lab.aws("configure get region --profile alice").output == "eu-west-1\n"
    assert (
        "ALIC" not in lab.aws("configure list").output
        and "****************LICE" in lab.aws("configure list --profile alice").output
    )
    assert boto3.Session(profile_name="alice").get_credentials().access_key == "AKIAIOSFODNN7ALICE"
    assert "(AuthFailure)" in lab.aws("ec2 describe-vpcs --profile alice").error
    assert "could not be found" in lab.aws("s3 ls --profile bob").error
    assert {path.name for path in environment.folder().iterdir()} == {"config", "credentials"}
    assert not list(tmp_path.iterdir())


def test_a_role_profile_keeps_its_session_in_the_lab(tmp_path, monkeypatch):
    """Do the credentials of an assumed role stay in the lab's folder, and go with a reset?"""
    monkeypatch.setenv("HOME", str(tmp_path))
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}],
    }
    made = lab.aws(["iam", "create-role", "--role-name", "r", "--assume-role-policy-document", json.dumps(trust)])
    lab.aws(["configure", "set", "role_arn", json.loads(made.output)["Role"]["Arn"], "--profile", "r"])
    lab.aws("configure set credential_source Environment --profile r")
    assert ":assumed-role/r/" in lab.aws("sts get-caller-identity --profile r").output
    assert list((environment.folder() / "cli" / "cache").iterdir()) and not list(tmp_path.iterdir())
    lab.reset()
    assert not (environment.folder() / "cli").exists()


def test_help_is_text():
    """Is AWS's help shown as plain text, without a pager?"""
    result = lab.aws("ec2 create-volume help")
    assert result.exit_code == 0 and "--availability-zone" in result.output and "\x1b" not in result.output


def test_nothing_else_changes():
    """Are streams, environment, working directory, signal handlers, import hooks and logging as before, twice?"""

    def seen():
        loggers = [logging.getLogger(name) for name in ("awscli", "botocore", "s3transfer", "urllib3", None)]
        return (
            (sys.stdin, sys.stdout, sys.stderr, builtins.input), dict(os.environ), os.getcwd(), list(sys.meta_path),
            [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)],
            [(logger.level, list(logger.handlers)) for logger in loggers], threading.active_count(),
        )  # fmt: skip

    before = seen()
    for command in ("ec2 describe-vpcs", "ec2 describe-vpcs --debug", "ec2 nonsense", "--version", "s3 ls"):
        lab.aws(command)
    assert seen() == before


def test_boto3_keeps_its_own_libraries():
    """Do boto3's botocore and s3transfer stay those of the process, although awscli brings copies?"""
    lab.aws("--version")
    for name in ("botocore", "s3transfer"):
        assert "awscli" not in importlib.import_module(name).__file__


def test_awscli_fits_boto3s_botocore():
    """Is there everything in boto3's botocore and s3transfer that awscli imports from its copies?"""
    import awscli

    root, missing = Path(awscli.__file__).parent, []
    for path in root.rglob("*.py"):
        if path.relative_to(root).parts[0] in ("botocore", "s3transfer", "examples", "testutils.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("botocore", "s3transfer"):
                module = importlib.import_module(node.module)
                missing += [
                    (path.name, node.module, name.name) for name in node.names if not hasattr(module, name.name)
                ]
    assert not missing


def test_time_limit(ec2, volume):
    """Is a command that waits too long given up, with timeout's exit code, and does the next one work?"""
    result = lab.aws(f"ec2 wait volume-deleted --volume-ids {volume()}", timeout=0.5)
    assert result.exit_code == 124 and "did not end within 0.5 seconds" in result.error
    assert lab.aws("ec2 describe-volumes").exit_code == 0


def test_two_threads(ec2):
    """Do commands of several threads keep their outputs apart, and does another thread's print stay its own?"""
    names = [f"user-{number}" for number in range(6)]
    printed, stop = io.StringIO(), threading.Event()
    before, sys.stdout = sys.stdout, printed

    def chatter():
        while not stop.wait(0.001):
            print("chatter")

    try:
        talker = threading.Thread(target=chatter)
        talker.start()
        with ThreadPoolExecutor(2) as pool:
            results = list(
                pool.map(lambda name: lab.aws(f"iam create-user --user-name {name} --query User.UserName"), names)
            )
    finally:
        stop.set()
        talker.join()
        sys.stdout = before
    assert [result.output for result in results] == [f'"{name}"\n' for name in names]
    assert set(printed.getvalue().split()) == {"chatter"}


def test_a_stream_replaced_meanwhile_works_on():
    """Does whoever kept sys.stdout during a command still write to the right place afterwards?"""
    kept = []
    with command_line._own_streams(io.StringIO(), io.StringIO()):
        kept.append(sys.stdout)
    assert kept[0].write is not None and kept[0].name == sys.stdout.name


def test_without_awscli(monkeypatch):
    """Does a missing awscli give one sentence and the shell's exit code for a missing command?"""
    monkeypatch.setattr(command_line, "_load", lambda: importlib.import_module("awscli_is_not_here"))
    with pytest.raises(ModuleNotFoundError):
        command_line._driver()

    def missing():
        raise ModuleNotFoundError("No module named 'awscli'", name="awscli")

    monkeypatch.setattr(command_line, "_driver", missing)
    assert lab.aws("s3 ls") == command_line.CommandResult(
        127, "", "aws: the command is not installed here; pip install awscli brings it\n"
    )


def test_wrong_arguments_and_no_account():
    """Is a command that is no text an error at once, and a stopped account one that says what to do?"""
    with pytest.raises(TypeError, match="list of words"):
        lab.aws(["s3", 5])
    lab.stop()
    with pytest.raises(RuntimeError, match="lab.start()"):
        lab.aws("s3 ls")


def test_a_result_shows_itself(capsys):
    """Does a result at the end of a cell look as in a terminal?"""
    command_line.CommandResult(255, "out\n", "err\n")._ipython_display_()
    assert capsys.readouterr() == ("out\n", "err\n")
