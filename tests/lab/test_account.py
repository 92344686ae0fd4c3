"""Which account a notebook works on."""

import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import boto3
import pytest
from botocore.httpsession import URLLib3Session

from course import lab
from course.lab import transport

EMULATOR = "http://127.0.0.1:4566"


@pytest.fixture(autouse=True)
def _stopped(monkeypatch):
    lab.stop()
    yield
    lab.stop()


def test_offline_by_default(monkeypatch, capsys):
    """Without COURSE_ACCOUNT, is it the offline account, silently, whatever endpoint or key the environment has?"""
    monkeypatch.setenv("AWS_ENDPOINT_URL", EMULATOR)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.delenv("COURSE_ACCOUNT", raising=False)
    lab.start()
    assert capsys.readouterr() == ("", "")
    assert lab.where() == "the offline account 123456789012, Region us-east-1; nothing reaches AWS"
    assert boto3.client("ec2").describe_vpcs()["Vpcs"]


class Emulator(BaseHTTPRequestHandler):
    """Knows one answer."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.headers["Host"])
        body = (
            b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>999999999999</Account>"
            b"</GetCallerIdentityResult></GetCallerIdentityResponse>"
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def test_another_endpoint_is_loud(monkeypatch, capsys):
    """Do boto3 and aws go to the endpoint that was named, and is that said at the start in one line?"""
    server = HTTPServer(("127.0.0.1", 0), Emulator)
    server.asked = []
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    for name, value in {
        "COURSE_ACCOUNT": "endpoint", "AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    lab.start("eu-west-1")
    said = capsys.readouterr().out
    assert said == f"NOT the offline account: calls go to {address}, Region eu-west-1\n" == lab.where() + "\n"
    assert not transport.is_open() and URLLib3Session.send is transport._real_send
    assert boto3.client("sts").get_caller_identity()["Account"] == "999999999999"
    assert lab.aws("sts get-caller-identity --query Account").output == '"999999999999"\n'
    assert len(server.asked) == 2
    for call in (lab.reset, lab.serve, lab.describe, lambda: lab.data_sources("vol-1")):
        with pytest.raises(RuntimeError, match="NOT the offline account"):
            call()
    lab.stop()
    assert "AWS_DEFAULT_REGION" not in os.environ
    server.shutdown()
    server.server_close()


def test_from_one_account_to_another(monkeypatch, capsys):
    """Does a later start with another choice leave the first account altogether?"""
    monkeypatch.setenv("AWS_ENDPOINT_URL", EMULATOR)
    lab.start()
    monkeypatch.setenv("COURSE_ACCOUNT", "endpoint")
    with pytest.raises(ValueError, match="needs AWS_ENDPOINT_URL"):
        lab.start()  # the offline account hides the endpoint
    lab.stop()
    lab.start()
    assert EMULATOR in lab.where() and not transport.is_open()
    monkeypatch.setenv("COURSE_ACCOUNT", "offline")
    lab.start()
    assert "offline account 123456789012" in lab.where() and transport.is_open()


def test_real_aws_only_when_asked(monkeypatch, capsys):
    """Does COURSE_ACCOUNT=aws warn that it is real and may cost money?"""
    monkeypatch.setenv("COURSE_ACCOUNT", "aws")
    monkeypatch.setenv("AWS_PROFILE", "company")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    lab.start()
    assert "REAL account (profile company, Region eu-west-1)" in capsys.readouterr().out
    with pytest.raises(RuntimeError, match="empties the offline account and no other"):
        lab.reset()


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"COURSE_ACCOUNT": "prod"}, "names no account; there are: offline, endpoint, aws"),
        ({"COURSE_ACCOUNT": "endpoint"}, "needs AWS_ENDPOINT_URL"),
        ({"COURSE_ACCOUNT": "endpoint", "AWS_ENDPOINT_URL": "localhost:4566"}, "it is localhost:4566"),
        ({"COURSE_ACCOUNT": "endpoint", "AWS_ENDPOINT_URL": "https://ec2.us-east-1.amazonaws.com"}, "is AWS itself"),
        (
            {"COURSE_ACCOUNT": "endpoint", "AWS_ENDPOINT_URL": EMULATOR, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
            "would send calls to AWS",
        ),
    ],
)
def test_unclear_choices(monkeypatch, settings, says):
    """Is a choice that could mean another account than meant an error, before anything starts?"""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=says):
        lab.start()
    assert not transport.is_open()


def test_where_needs_an_account():
    """Is it an error to ask before the start?"""
    with pytest.raises(RuntimeError, match="lab.start()"):
        lab.where()
