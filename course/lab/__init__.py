"""The offline AWS account: plain boto3 in a notebook, answered in this process, refused where AWS refuses.

    from course import lab
    lab.start()
    import boto3
    boto3.client("ec2").describe_vpcs()
    %aws ec2 describe-vpcs

The keys in the environment are those of the IAM user `administrator`, who may do everything. Keys made with
create_access_key, assume_role, get_session_token or get_federation_token may what their policies allow, as on AWS, in
every service (S3 too); `lab.context(mfa=True, source_ip=..., time=...)` sets what their conditions see.

moto is the engine; `gate` stands in front of it. Nothing here reaches the network, and no real credential is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .iam.context import context
from .prepared_accounts import prepared

if TYPE_CHECKING:
    from course.ec2.reachability import Reachability
    from course.serverless.http_messages import HttpResponse

    from .command_line import CommandResult
    from .picture.thing import Picture
    from .saved_accounts import SavedAccount

__all__ = [
    "aws",
    "context",
    "data_sources",
    "describe",
    "listen",
    "local_address",
    "prepared",
    "reach",
    "request",
    "reset",
    "restore",
    "serve",
    "show",
    "snapshot",
    "start",
    "stop",
    "where",
]

# Each lists its modules with rules. Those import moto, so they are imported by start() and not with this package.
_SERVICES = (
    "parameters",
    "iam",
    "s3",
    "ec2",
    "efs",
    "elb",
    "auto_scaling",
    "cloudfront",
    "awslambda",
    "step_functions",
    "sqs",
    "sns",
    "route53",
    "codepipeline",
    "codebuild",
    "codedeploy",
    "wafv2",
    "guardduty",
    "config",
    "inspector2",
    "securityhub",
    "apigateway",
    "kms",
    "secretsmanager",
    "ssm",
    "appconfig",
    "cloudformation",
    "logs",
    "cloudwatch",
    "events",
    "scheduler",
    "xray",
)

_started = False
_elsewhere: str | None = None


def start(region: str = "us-east-1", seed: int = 0) -> None:
    """Begin with a fresh offline account: default VPC in every Region, a few images, nothing else.

    region: where boto3 clients work unless they name another. seed: the same seed and calls give the same ids.
    Called again, it gives a fresh account again. ValueError for a Region that does not exist; no account runs then.
    COURSE_ACCOUNT=endpoint or =aws uses another account instead and says so (`account`).
    """
    global _started, _elsewhere
    from . import account, environment

    kind = account.chosen()
    if kind != account.OFFLINE or _elsewhere:
        stop()
    if kind != account.OFFLINE:
        # stop() may have brought the learner's own variables back.
        kind = account.chosen()
        environment.name_region(region)
        _elsewhere = account.elsewhere(kind)
        print(_elsewhere)
        return _magics().register()
    environment.enter(region)
    from . import speed

    speed.read_models_once()
    import boto3
    import moto.core.models
    from moto.core.config import default_user_config

    from . import gate, ids, transport  # noqa: F401  ids replaces what moto draws at random

    known = boto3.Session().get_available_regions("ec2")
    if region not in known:
        stop() if _started else environment.leave()
        raise ValueError(f"there is no Region {region!r}; there are: {', '.join(known)}")
    environment.switch_moto()
    speed.count_regions_once()
    for service in _SERVICES:
        package = import_module(f"{__name__}.{service}")
        for name in package.RULES:
            import_module(f"{package.__name__}.{name}")
    # moto's own start() would patch 12,000 addresses of `requests`; the door in botocore is enough.
    default_user_config["iam"] = {"load_aws_managed_policies": True}
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    # A default session made earlier would go on with its own profile and Region.
    boto3.DEFAULT_SESSION = None
    moto.core.models.botocore_stubber.enabled = False
    gate.stand()
    transport.open_door(transport.moto_answer)
    _started = True
    reset(seed)
    from . import endpoint, web

    web.take_urlopen()

    if endpoint.address():
        endpoint.open_endpoint()
    _magics().register()


def reset(seed: int = 0) -> None:
    """Empty the account again, in milliseconds; clients stay usable. RuntimeError before `start()`."""
    _require_started("lab.reset() empties the offline account and no other")
    from moto.core.base_backend import BackendDict, backend_lock
    from moto.core.model_instances import reset_model_data

    from . import environment, ids
    from .awslambda import environments, events
    from .step_functions import executions

    environment.forget_role_sessions()
    executions.end_executions()
    environments.end_environments()
    events.forget()
    with backend_lock:
        # moto's reset() builds every backend anew before it throws it away: a default VPC per Region, for nothing.
        for backend in BackendDict._instances:
            backend.clear()
            # Who owns a bucket's name, and who belongs to which organization, moto keeps beside the accounts.
            for beside in ("bucket_accounts", "master_accounts"):
                getattr(backend, beside, {}).clear()
        BackendDict._instances.clear()
    reset_model_data()
    ids.seed(seed)


def snapshot() -> SavedAccount:
    """Keep the whole account as it is now, all Regions and services, for `restore()`; nothing that follows changes it.

    Files of `aws configure` belong to the computer, not to the account, and are left out. RuntimeError before `start()`
    and while an execution of a state machine runs.
    """
    _require_started("lab.snapshot() keeps the offline account and no other")
    from . import saved_accounts

    return saved_accounts.save()


def restore(saved: SavedAccount) -> None:
    """Make the account what it was at `snapshot()`, as often as you like; the ids to come are those that came then.

    Clients stay usable, keys and sessions of then are valid again; functions start cold. TypeError for anything else.
    """
    _require_started("lab.restore() changes the offline account and no other")
    from . import saved_accounts

    if not isinstance(saved, saved_accounts.SavedAccount):
        raise TypeError(f"lab.restore() takes what lab.snapshot() gave, not {saved!r:.80}")
    reset()
    saved_accounts.put_back(saved)


def stop() -> None:
    """End the offline account: environment and network are as before `start()`. Without a start it does nothing."""
    global _started, _elsewhere
    if not (_started or _elsewhere):
        return
    import boto3

    from . import environment

    _magics().unregister()
    boto3.DEFAULT_SESSION = None
    if _elsewhere:
        _elsewhere = None
        environment.leave()
        return
    from . import endpoint, gate, transport, web
    from .cloudformation import mailbox

    endpoint.close_endpoint()
    mailbox.close()
    web.leave_urlopen()
    reset()
    transport.close_door()
    gate.leave()
    environment.leave()
    _started = False


def where() -> str:
    """Which account boto3 and `aws` work on here, in one sentence. RuntimeError before `start()`."""
    if _elsewhere:
        return _elsewhere
    _require_started()
    import os

    from . import account, endpoint

    return account.offline(os.environ.get("AWS_DEFAULT_REGION"), endpoint.address())


def aws(command: str | Sequence[str], *, timeout: float = 60) -> CommandResult:
    """Run the real `aws` command in this process: exit_code, output, error; `command_line.aws` says more."""
    if not _elsewhere:
        _require_started()
    from . import command_line

    return command_line.aws(command, timeout=timeout)


def serve(port: int = 0) -> str:
    """Let other processes use this account, at an address on 127.0.0.1; prints what to type in a terminal.

    `!aws` needs no call of it. It ends with `stop()` or this process. RuntimeError before `start()`, or for a port
    that is taken.
    """
    _require_started("lab.serve() opens the offline account and no other")
    from . import endpoint

    address = endpoint.open_endpoint(port)
    print(f"To use this account in a terminal, type there:  . {endpoint.account_file()}")
    return address


def request(
    method: str, url: str, headers: Mapping[str, Any] | None = None, body: str | bytes | list | dict | None = None
) -> HttpResponse:
    """Send one HTTP request to an API or function URL of the account: status, headers, text, json(); see `web`."""
    _require_started("lab.request() reaches the offline account and no other")
    from . import web

    return web.request(method, url, headers, body)


def local_address(url: str) -> str:
    """An API's or function's address as `!curl` and other programs reach it, at 127.0.0.1; opens the endpoint."""
    _require_started("lab.local_address() is about the offline account")
    from . import endpoint, web

    return web.local_address(url, endpoint.open_endpoint())


def _require_started(why: str = "this is about the offline account") -> None:
    if _elsewhere:
        raise RuntimeError(f"{why}; this is {_elsewhere}")
    if not _started:
        raise RuntimeError("the offline account is not running: call lab.start() first")


def _magics():
    from . import magics

    return magics


def describe() -> dict[str, list[str]]:
    """What the lab adds to moto: operation -> names of its rules, answers and corrections. Needs `start()`."""
    _require_started()
    from . import gate

    return gate.operations()


def data_sources(resource_id: str, region: str = "us-east-1") -> list[str]:
    """The ids of the volumes whose data a volume or snapshot holds, oldest first; empty if it is not there."""
    _require_started()
    from .ec2 import lineage

    return lineage.data_sources(resource_id, region)


def show(region: str | None = None) -> Picture:
    """A picture of what the account holds: in which Region and Availability Zone it is, and what hangs on what.

    In a notebook it is drawn; `print()` gives it as text. `region` shows one Region only. Looking changes nothing.
    """
    _require_started("lab.show() shows the offline account and no other")
    from .picture.account import picture

    return picture(region)


def listen(instance_id: str, *ports: int, region: str | None = None) -> None:
    """Say which ports the software on an instance listens to; before that it is SSH (Windows: RDP) and no other.

    Kept with the instance, so `reach()` and the health checks of load balancers see it. ValueError for an instance that is
    not there and for what is no port.
    """
    _require_started()
    from .ec2 import listening

    listening.listen(instance_id, ports, region or _region())


def reach(source: str, target: str, port: int, protocol: str = "tcp", region: str | None = None) -> Reachability:
    """What a client at `source` sees when it connects to `target` in this account: allowed, timed out or refused.

    Both are an instance id, a network interface id, a load balancer's name or an IP address; the answer's `steps` say what
    let the connection pass and what stopped it. ValueError for what is not there.
    """
    _require_started()
    from .ec2 import listening

    return listening.reached(source, target, port, protocol, region or _region())


def _region() -> str:
    import os

    return os.environ["AWS_DEFAULT_REGION"]
