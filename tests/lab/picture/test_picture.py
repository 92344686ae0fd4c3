"""The picture of the account: everything in it, where it is, and no trace of looking."""

import json
from html.parser import HTMLParser

import pytest
from conftest import OK, account, client

from course import lab
from course.lab.looking import unseen
from course.lab.picture import services
from course.lab.picture.thing import Picture, Thing


class Nested(HTMLParser):
    """Fails where an element is not closed in order; keeps the text."""

    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def read(html):
    parser = Nested()
    parser.feed(html)
    assert parser.open == []
    return parser.text


def test_an_empty_account():
    """Does a fresh account say that nothing is there?"""
    shown = lab.show()
    assert str(shown).splitlines()[1:] == ["  nothing but the default VPCs"]
    assert "nothing but the default VPCs" in read(shown._repr_html_())


def test_zones_and_what_hangs_on_what(ec2, launch, volume):
    """Is an instance in its zone with its volumes, an unattached volume beside it, another Region apart?"""
    server = launch("us-east-1b")
    ec2.create_tags(Resources=[server], Tags=[{"Key": "Name", "Value": "web"}])
    loose = volume(AvailabilityZone="us-east-1c", Size=7)
    client("ec2", "eu-west-1").create_volume(AvailabilityZone="eu-west-1a", Size=1, Encrypted=True)
    lines = str(lab.show()).splitlines()
    at = [n for n, line in enumerate(lines) if server in line][0]
    assert lines[at - 1].strip() == "Availability Zone us-east-1b"
    assert '"web", t3.micro, running' in lines[at] and "8 GiB, gp3, not encrypted, at /dev/xvda" in lines[at + 1]
    assert len(lines[at + 1]) - len(lines[at + 1].lstrip()) == len(lines[at]) - len(lines[at].lstrip()) + 2
    assert lines[at + 2].strip() == "Availability Zone us-east-1c" and loose in lines[at + 3]
    assert "attached to nothing" in lines[at + 3]
    assert "  Region eu-west-1" in lines and "1 GiB, gp2, encrypted" in "\n".join(lines)
    assert "eu-west-1" not in str(lab.show("us-east-1")) and loose in str(lab.show("us-east-1"))


def test_everything_that_is_there(ec2, elb, balancer, listener, target_group, launch, deploy, asg, role):
    """Does something of every service that the picture knows show up by name, with what belongs to it?"""
    deploy("def handler(event, context): return 1", "greet")
    one, arn = launch(), target_group()
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    listener(balancer(), arn)
    asg("fleet")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    database = ec2.create_security_group(GroupName="database", Description="d", VpcId=vpc)["GroupId"]
    permission = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": database}]}
    ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=[permission])
    ec2.create_key_pair(KeyName="laptop")
    ec2.allocate_address(Domain="vpc")
    ec2.create_snapshot(VolumeId=ec2.describe_volumes()["Volumes"][0]["VolumeId"])
    client("efs").create_file_system(CreationToken="t")
    client("s3").create_bucket(Bucket="kept-bucket")
    client("sqs").create_queue(QueueName="orders")
    topic = client("sns").create_topic(Name="news")["TopicArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:orders")
    client("ssm").put_parameter(Name="/shop/size", Value="1", Type="String")
    client("secretsmanager").create_secret(Name="password", SecretString="x")
    client("kms").create_key()
    client("route53").create_hosted_zone(Name="example.com", CallerReference="1")
    client("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    client("iam").create_user(UserName="ana")
    client("iam").create_access_key(UserName="ana")
    text = str(lab.show())
    for words in (
        "function greet: python3.13, 128 MB, 3 s", "target group", "initial", "Auto Scaling group fleet: 1 to 4, 1 wanted",
        "security group database", "lets in TCP 5432 from database", "key pair laptop", "on nothing", "snapshot snap-",
        "EFS file system", "bucket kept-bucket: us-east-1, no objects", "queue orders: no messages", "topic news",
        "notifies sqs orders", "parameter /shop/size: String, version 1", "secret password", "KMS key", "hosted zone",
        "EventBridge rule nightly: rate(1 day)", "IAM user ana: 1 active access key, no MFA", "assumed by lambda.amazonaws.com",
        "launch template web",
    ):  # fmt: skip
        assert words in text, words
    seen = read(lab.show()._repr_html_())
    assert "function greet" in seen and "security group database" in seen


def test_looking_changes_nothing(elb, balancer, listener, target_group, launch):
    """Is the account the same after it was drawn: a new target still initial, nobody's access remembered, no id used up?"""
    one, arn = launch(), target_group()
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one}])
    listener(balancer(), arn)
    before = account("ec2", ["us-east-1"])
    for _ in range(2):
        assert "initial" in str(lab.show())
    assert account("ec2", ["us-east-1"]) == before
    with unseen():
        client("dynamodb").list_tables()
    arn = "arn:aws:iam::123456789012:user/administrator"
    job = client("iam").generate_service_last_accessed_details(Arn=arn)["JobId"]
    listed = client("iam").get_service_last_accessed_details(JobId=job)["ServicesLastAccessed"]
    assert "dynamodb" not in [each["ServiceNamespace"] for each in listed if each.get("LastAuthenticated")]


def test_a_learner_without_permissions_sees_the_same(monkeypatch):
    """Is the picture the lab's and not a request of whoever works there now?"""
    client("iam").create_user(UserName="nobody")
    key = client("iam").create_access_key(UserName="nobody")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    assert "IAM user nobody" in str(lab.show())


def test_names_are_text_and_no_markup():
    """Is a name with markup shown as it is?"""
    drawn = Picture("<b>", (Thing("queue", "<script>alert(1)</script>", ("a & b",), (Thing("x"),)),))._repr_html_()
    assert "<script>" not in drawn and "<b>" not in drawn
    assert "<script>alert(1)</script>" in read(drawn) and "a & b" in read(drawn)


@pytest.mark.parametrize("document", ["{}", '{"Statement": []}'])
def test_a_role_that_nobody_may_assume(document):
    """Does a trust policy without a principal say so?"""
    assert services._trusted({"AssumeRolePolicyDocument": json.loads(document)}) == "nobody"


def test_rules_of_a_listener_are_counted(elb, balancer, listener, target_group):
    """Does a listener with rules beside its default one say how many?"""
    used = listener(balancer())
    condition = [{"Field": "path-pattern", "Values": ["/a"]}]
    elb.create_rule(ListenerArn=used, Priority=1, Conditions=condition, Actions=[OK])
    assert "listener HTTP 80: 2 rules" in str(lab.show())
