"""Amazon SQS and SNS; Parameter Store, Secrets Manager, AWS KMS and AWS AppConfig."""

from __future__ import annotations

import json
import time

from .account import ACCOUNT, allow, policy
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = set()

GONE = "AWS.SimpleQueueService.NonExistentQueue|QueueDoesNotExist"


# SQS


@probe("orchestration")
def a_queue(aws):
    url = aws.queue()
    found = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert found["VisibilityTimeout"] == "30" and found["MessageRetentionPeriod"] == "345600"
    assert found["DelaySeconds"] == "0" and found["ReceiveMessageWaitTimeSeconds"] == "0"
    assert found["SqsManagedSseEnabled"] == "true" and url.endswith(f"/{ACCOUNT}/q")


@probe("orchestration")
def send_receive_delete(aws):
    url = aws.queue()
    aws.sqs.send_message(
        QueueUrl=url, MessageBody="hello", MessageAttributes={"kind": {"DataType": "String", "StringValue": "greeting"}}
    )
    found = aws.received(url)
    assert found[0]["Body"] == "hello" and found[0]["MessageAttributes"]["kind"]["StringValue"] == "greeting"
    assert aws.received(url) == []
    aws.sqs.delete_message(QueueUrl=url, ReceiptHandle=found[0]["ReceiptHandle"])
    found = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert found["ApproximateNumberOfMessages"] == found["ApproximateNumberOfMessagesNotVisible"] == "0"


@probe("orchestration")
def a_message_shows_again(aws):
    url = aws.queue()
    aws.sqs.send_message(QueueUrl=url, MessageBody="hello")
    handle = aws.received(url)[0]["ReceiptHandle"]
    aws.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    assert aws.received(url)[0]["Body"] == "hello"


def queue(aws, name="q", **attributes):
    return aws.queue(name, **attributes)


INVALID = "InvalidAttributeValue|InvalidParameterValue"
probes.table(
    "orchestration",
    queue,
    {
        "queue_name_with_a_blank": ("InvalidParameterValue", {"name": "my queue"}),
        "queue_name_of_81_letters": ("InvalidParameterValue", {"name": "q" * 81}),
        "queue_hidden_for_13_hours": (INVALID, {"VisibilityTimeout": "46800"}),
        "queue_hidden_for_12_hours": ("ok", {"VisibilityTimeout": "43200"}),
        "queue_kept_for_15_days": (INVALID, {"MessageRetentionPeriod": "1296000"}),
        "queue_kept_for_14_days": ("ok", {"MessageRetentionPeriod": "1209600"}),
        "queue_kept_for_59_seconds": (INVALID, {"MessageRetentionPeriod": "59"}),
        "queue_delayed_for_901_seconds": (INVALID, {"DelaySeconds": "901"}),
        "queue_waiting_for_21_seconds": (INVALID, {"ReceiveMessageWaitTimeSeconds": "21"}),
        "queue_with_an_attribute_that_is_none": ("InvalidAttributeName", {"Colour": "red"}),
        "fifo_queue": ("ok", {"name": "q.fifo", "FifoQueue": "true"}),
        "fifo_queue_without_the_ending": ("InvalidParameterValue", {"FifoQueue": "true"}),
        "ending_without_fifo": ("InvalidParameterValue", {"name": "q.fifo"}),
        "dead_letters_to_no_queue": (
            f"InvalidParameterValue|InvalidAttributeValue|{GONE}",
            {
                "RedrivePolicy": json.dumps(
                    {"deadLetterTargetArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:none", "maxReceiveCount": 3}
                )
            },
        ),
        "queue_with_a_policy_that_is_none": (INVALID, {"Policy": "{"}),
        "queue_with_a_kms_key": ("ok", {"KmsMasterKeyId": "alias/aws/sqs"}),
    },
)


@probe("orchestration")
def the_same_queue_twice(aws):
    assert aws.queue() == aws.queue()


@probe("orchestration", "QueueAlreadyExists|QueueNameExists")
def the_same_queue_with_other_attributes(aws):
    aws.queue()
    yield
    aws.queue(VisibilityTimeout="60")


@probe("orchestration", GONE)
def send_to_no_queue(aws):
    url = aws.queue()
    yield
    aws.sqs.send_message(QueueUrl=url[:-1] + "none", MessageBody="hello")


@probe("orchestration", GONE)
def find_no_queue(aws):
    aws.sqs.get_queue_url(QueueName="none")


@probe("orchestration", "InvalidParameterValue|InvalidMessageContents")
def a_message_of_more_than_1_mib(aws):
    url = aws.queue()
    yield
    aws.sqs.send_message(QueueUrl=url, MessageBody="x" * 1_048_577)


@probe("orchestration", "MissingParameter|InvalidParameterValue")
def an_empty_message(aws):
    url = aws.queue()
    yield
    aws.sqs.send_message(QueueUrl=url, MessageBody="")


@probe("orchestration", "ReceiptHandleIsInvalid|InvalidParameterValue")
def delete_with_a_handle_that_is_none(aws):
    url = aws.queue()
    yield
    aws.sqs.delete_message(QueueUrl=url, ReceiptHandle="none")


@probe("orchestration", "InvalidParameterValue|ReadCountOutOfRange")
def receive_eleven(aws):
    url = aws.queue()
    yield
    aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=11)


@probe("orchestration", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest|TooManyEntriesInBatchRequest")
def a_batch_of_eleven(aws):
    url = aws.queue()
    yield
    aws.sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "x"} for n in range(11)])


@probe("orchestration", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct|BatchEntryIdsNotDistinct")
def a_batch_with_an_id_twice(aws):
    url = aws.queue()
    yield
    aws.sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "x"}] * 2)


@probe("orchestration")
def dead_letters(aws):
    dead = aws.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": aws.queue_arn(dead), "maxReceiveCount": 1})
    url = aws.queue(VisibilityTimeout="0", RedrivePolicy=redrive)
    aws.sqs.send_message(QueueUrl=url, MessageBody="poison")
    aws.received(url), aws.received(url)
    assert [one["Body"] for one in aws.received(dead)] == ["poison"] and aws.received(url) == []


@probe("orchestration", INVALID)
def dead_letters_after_0_receives(aws):
    redrive = {"deadLetterTargetArn": aws.queue_arn(aws.queue("dead")), "maxReceiveCount": 0}
    yield
    aws.queue(RedrivePolicy=json.dumps(redrive))


def fifo(aws, **attributes):
    return aws.queue("q.fifo", FifoQueue="true", **attributes)


@probe("orchestration", "MissingParameter|InvalidParameterValue")
def fifo_without_a_group(aws):
    url = fifo(aws, ContentBasedDeduplication="true")
    yield
    aws.sqs.send_message(QueueUrl=url, MessageBody="a")


@probe("orchestration", "InvalidParameterValue")
def fifo_without_deduplication(aws):
    url = fifo(aws)
    yield
    aws.sqs.send_message(QueueUrl=url, MessageBody="a", MessageGroupId="g")


@probe("orchestration")
def fifo_keeps_the_order_and_drops_doubles(aws):
    url = fifo(aws, ContentBasedDeduplication="true")
    for body in ("1", "2", "2", "3"):
        aws.sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    assert [one["Body"] for one in aws.received(url)] == ["1", "2", "3"]


@probe("orchestration", "InvalidParameterValue|InvalidAttributeValue|InvalidAttributeName")
def a_standard_queue_deduplicates_nothing(aws):
    aws.queue(ContentBasedDeduplication="true")


@probe("orchestration")
def purge_a_queue(aws):
    url = aws.queue()
    aws.sqs.send_message(QueueUrl=url, MessageBody="a")
    aws.sqs.purge_queue(QueueUrl=url)
    assert aws.received(url) == []


# SNS


@probe("orchestration")
def a_topic(aws):
    arn = aws.topic()
    assert arn == f"arn:aws:sns:us-east-1:{ACCOUNT}:t" and aws.topic() == arn
    assert aws.sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Owner"] == ACCOUNT


probes.table(
    "orchestration",
    lambda aws, **params: aws.topic(**params),
    {
        "topic_name_with_a_blank": ("InvalidParameter", {"name": "my topic"}),
        "topic_name_of_257_letters": ("InvalidParameter", {"name": "t" * 257}),
        "fifo_topic": ("ok", {"name": "t.fifo", "FifoTopic": "true"}),
        "fifo_topic_without_the_ending": ("InvalidParameter", {"FifoTopic": "true"}),
    },
)


@probe("orchestration", "NotFound")
def publish_to_no_topic(aws):
    aws.sns.publish(TopicArn=f"arn:aws:sns:us-east-1:{ACCOUNT}:none", Message="hello")


@probe("orchestration", "NotFound")
def subscribe_to_no_topic(aws):
    aws.sns.subscribe(TopicArn=f"arn:aws:sns:us-east-1:{ACCOUNT}:none", Protocol="email", Endpoint="a@example.com")


def subscribe(aws, topic, url, allowed=True, **attributes):
    """Subscribe a queue whose policy lets the topic in, unless said otherwise."""
    arn = aws.queue_arn(url)
    if allowed:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": allowed if isinstance(allowed, str) else topic}},
        }
        aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy(statement)})
    return aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)["SubscriptionArn"]


@probe("orchestration")
def a_topic_reaches_its_queue(aws):
    topic, url = aws.topic(), aws.queue()
    subscribe(aws, topic, url)
    aws.sns.publish(TopicArn=topic, Message="hello", Subject="greeting")
    found = json.loads(aws.received(url)[0]["Body"])
    assert (found["Type"], found["Message"], found["TopicArn"]) == ("Notification", "hello", topic)


@probe("defense-in-depth")
def a_topic_does_not_reach_a_queue_without_a_policy(aws):
    topic, url = aws.topic(), aws.queue()
    subscribe(aws, topic, url, allowed=False)
    aws.sns.publish(TopicArn=topic, Message="hello")
    assert aws.received(url) == []


@probe("defense-in-depth")
def a_topic_does_not_reach_a_queue_that_lets_in_another(aws):
    topic, url = aws.topic(), aws.queue()
    subscribe(aws, topic, url, allowed=f"arn:aws:sns:us-east-1:{ACCOUNT}:other")
    aws.sns.publish(TopicArn=topic, Message="hello")
    assert aws.received(url) == []


@probe("orchestration")
def fan_out(aws):
    topic = aws.topic()
    urls = [aws.queue("one"), aws.queue("two")]
    for url in urls:
        subscribe(aws, topic, url)
    aws.sns.publish(TopicArn=topic, Message="hello")
    assert [len(aws.received(url)) for url in urls] == [1, 1]


@probe("orchestration")
def a_filter_on_attributes(aws):
    topic, url = aws.topic(), aws.queue()
    subscribe(aws, topic, url, FilterPolicy=json.dumps({"kind": ["order"]}), RawMessageDelivery="true")
    for kind in ("order", "refund"):
        aws.sns.publish(
            TopicArn=topic, Message=kind, MessageAttributes={"kind": {"DataType": "String", "StringValue": kind}}
        )
    assert [one["Body"] for one in aws.received(url)] == ["order"]


@probe("orchestration")
def a_filter_on_the_body(aws):
    topic, url = aws.topic(), aws.queue()
    subscribe(
        aws, topic, url, FilterPolicy=json.dumps({"total": [{"numeric": [">", 5]}]}), FilterPolicyScope="MessageBody"
    )
    for total in (3, 7):
        aws.sns.publish(TopicArn=topic, Message=json.dumps({"total": total}))
    assert len(aws.received(url)) == 1


@probe("orchestration", "InvalidParameter")
def a_filter_that_is_none(aws):
    topic, url = aws.topic(), aws.queue()
    yield
    subscribe(aws, topic, url, FilterPolicy="{")


@probe("orchestration", "InvalidParameter")
def a_filter_without_lists(aws):
    topic, url = aws.topic(), aws.queue()
    yield
    subscribe(aws, topic, url, FilterPolicy=json.dumps({"kind": "order"}))


@probe("orchestration", "InvalidParameter")
def a_protocol_that_is_none(aws):
    topic = aws.topic()
    yield
    aws.sns.subscribe(TopicArn=topic, Protocol="fax", Endpoint="1")


@probe("orchestration", "InvalidParameter")
def an_address_that_is_none(aws):
    topic = aws.topic()
    yield
    aws.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="nobody")


@probe("orchestration")
def an_address_must_be_confirmed(aws):
    topic = aws.topic()
    made = aws.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")["SubscriptionArn"]
    assert made == "pending confirmation"


@probe("orchestration", "InvalidParameter")
def an_empty_notification(aws):
    topic = aws.topic()
    yield
    aws.sns.publish(TopicArn=topic, Message="")


@probe("orchestration", "InvalidParameter")
def a_notification_of_more_than_256_kib(aws):
    topic = aws.topic()
    yield
    aws.sns.publish(TopicArn=topic, Message="x" * 262_145)


@probe("orchestration")
def no_longer_subscribed(aws):
    topic, url = aws.topic(), aws.queue()
    aws.sns.unsubscribe(SubscriptionArn=subscribe(aws, topic, url))
    aws.sns.publish(TopicArn=topic, Message="hello")
    assert aws.received(url) == []


# Parameter Store


def put(aws, name="/app/url", value="x", kind="String", **more):
    return aws.ssm.put_parameter(Name=name, Value=value, Type=kind, **more)


@probe("configuration")
def put_and_get(aws):
    assert put(aws)["Version"] == 1
    found = aws.ssm.get_parameter(Name="/app/url")["Parameter"]
    assert (found["Value"], found["Version"], found["Type"], found["DataType"]) == ("x", 1, "String", "text")
    assert found["ARN"] == f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/app/url"


@probe("configuration", "ParameterAlreadyExists")
def put_without_overwriting(aws):
    put(aws)
    yield
    put(aws)


@probe("configuration")
def put_a_new_version(aws):
    put(aws)
    assert aws.ssm.put_parameter(Name="/app/url", Value="y", Overwrite=True)["Version"] == 2
    assert aws.ssm.get_parameter(Name="/app/url:1")["Parameter"]["Value"] == "x"
    assert aws.ssm.get_parameter(Name="/app/url")["Parameter"]["Value"] == "y"
    assert len(aws.ssm.get_parameter_history(Name="/app/url")["Parameters"]) == 2


@probe("configuration", "ParameterNotFound")
def a_parameter_that_is_not_there(aws):
    aws.ssm.get_parameter(Name="/app/url")


@probe("configuration", "ParameterVersionNotFound")
def a_version_that_is_not_there(aws):
    put(aws)
    yield
    aws.ssm.get_parameter(Name="/app/url:7")


@probe("configuration")
def parameters_that_are_not_there(aws):
    put(aws)
    found = aws.ssm.get_parameters(Names=["/app/url", "/app/none"])
    assert [one["Name"] for one in found["Parameters"]] == ["/app/url"] and found["InvalidParameters"] == ["/app/none"]


@probe("configuration")
def all_below_a_path(aws):
    for name in ("/app/url", "/app/db/host", "/other/url"):
        put(aws, name)
    flat = aws.ssm.get_parameters_by_path(Path="/app")["Parameters"]
    deep = aws.ssm.get_parameters_by_path(Path="/app", Recursive=True)["Parameters"]
    assert [one["Name"] for one in flat] == ["/app/url"]
    assert {one["Name"] for one in deep} == {"/app/url", "/app/db/host"}


@probe("configuration")
def a_secure_string(aws):
    put(aws, value="secret", kind="SecureString")
    closed = aws.ssm.get_parameter(Name="/app/url")["Parameter"]["Value"]
    opened = aws.ssm.get_parameter(Name="/app/url", WithDecryption=True)["Parameter"]["Value"]
    assert closed != "secret" and opened == "secret"


PARAMETER = "ValidationException|ParameterPatternMismatchException"
probes.table(
    "configuration",
    put,
    {
        "parameter_of_4097_bytes": ("ValidationException", {"value": "x" * 4097}),
        "parameter_of_4096_bytes": ("ok", {"value": "x" * 4096}),
        "advanced_parameter_of_8192_bytes": ("ok", {"value": "x" * 8192, "Tier": "Advanced"}),
        "advanced_parameter_of_8193_bytes": ("ValidationException", {"value": "x" * 8193, "Tier": "Advanced"}),
        "parameter_of_a_type_that_is_none": ("ValidationException", {"kind": "Number"}),
        "parameter_below_aws": ("ValidationException|AccessDeniedException", {"name": "/aws/url"}),
        "parameter_named_ssm": ("ValidationException", {"name": "ssm-url"}),
        "parameter_with_a_blank": ("ValidationException", {"name": "/app/my url"}),
        "parameter_16_levels_deep": ("HierarchyLevelLimitExceededException", {"name": "/a" * 16}),
        "parameter_as_its_pattern_wants": ("ok", {"value": "42", "AllowedPattern": r"\d+"}),
        "parameter_against_its_pattern": (
            "ParameterPatternMismatchException",
            {"value": "x", "AllowedPattern": r"\d+"},
        ),
        "parameter_with_a_pattern_that_is_none": ("InvalidAllowedPatternException", {"AllowedPattern": "["}),
        "parameter_of_a_tier_that_is_none": ("ValidationException", {"Tier": "Gold"}),
    },
)


@probe("configuration", "ParameterNotFound")
def delete_a_parameter_that_is_not_there(aws):
    aws.ssm.delete_parameter(Name="/app/url")


# Secrets Manager


def secret(aws, text="x", name="db", **more):
    return aws.secretsmanager.create_secret(Name=name, SecretString=text, **more)


@probe("secrets")
def a_secret(aws):
    made = secret(aws)
    found = aws.secretsmanager.get_secret_value(SecretId="db")
    assert found["SecretString"] == "x" and found["VersionStages"] == ["AWSCURRENT"]
    assert made["ARN"].startswith(f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:db-")


@probe("secrets", "ResourceExistsException")
def the_same_secret_twice(aws):
    secret(aws)
    yield
    secret(aws)


@probe("secrets", "ResourceNotFoundException")
def a_secret_that_is_not_there(aws):
    aws.secretsmanager.get_secret_value(SecretId="db")


@probe("secrets")
def stages_of_a_secret(aws):
    secret(aws)
    aws.secretsmanager.put_secret_value(SecretId="db", SecretString="y")
    value = lambda stage: aws.secretsmanager.get_secret_value(SecretId="db", VersionStage=stage)["SecretString"]  # noqa: E731
    assert (value("AWSCURRENT"), value("AWSPREVIOUS")) == ("y", "x")


@probe("secrets", "ResourceNotFoundException")
def a_stage_that_is_not_there(aws):
    secret(aws)
    yield
    aws.secretsmanager.get_secret_value(SecretId="db", VersionStage="AWSPENDING")


@probe("secrets")
def a_secret_to_be_deleted(aws):
    secret(aws)
    aws.secretsmanager.delete_secret(SecretId="db", RecoveryWindowInDays=7)
    assert "DeletedDate" in aws.secretsmanager.describe_secret(SecretId="db")
    aws.secretsmanager.restore_secret(SecretId="db")
    assert aws.secretsmanager.get_secret_value(SecretId="db")["SecretString"] == "x"


@probe("secrets", "InvalidRequestException")
def read_a_secret_to_be_deleted(aws):
    secret(aws)
    aws.secretsmanager.delete_secret(SecretId="db")
    yield
    aws.secretsmanager.get_secret_value(SecretId="db")


@probe("secrets", "InvalidRequestException")
def make_a_secret_to_be_deleted_again(aws):
    secret(aws)
    aws.secretsmanager.delete_secret(SecretId="db")
    yield
    secret(aws)


@probe("secrets")
def delete_a_secret_at_once(aws):
    secret(aws)
    aws.secretsmanager.delete_secret(SecretId="db", ForceDeleteWithoutRecovery=True)
    secret(aws)


def _delete(aws, **params):
    secret(aws)
    yield
    aws.secretsmanager.delete_secret(SecretId="db", **params)


for _name, _params in [
    ("delete_a_secret_in_6_days", {"RecoveryWindowInDays": 6}),
    ("delete_a_secret_in_31_days", {"RecoveryWindowInDays": 31}),
    ("delete_a_secret_at_once_and_later", {"RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True}),
]:
    probes.add(_name, "secrets", "InvalidParameterException", lambda aws, a=_params: (yield from _delete(aws, **a)))


@probe("secrets", "ValidationException|InvalidParameterException")
def a_secret_of_more_than_64_kib(aws):
    secret(aws, "x" * 65_537)


@probe("secrets", "ValidationException")
def a_secret_with_a_blank_in_its_name(aws):
    secret(aws, name="my db")


@probe("secrets", "InvalidRequestException")
def rotate_without_a_function(aws):
    secret(aws)
    yield
    aws.secretsmanager.rotate_secret(SecretId="db")


ROTATES = """
import boto3
def handler(event, context):
    client, id, token = boto3.client("secretsmanager"), event["SecretId"], event["ClientRequestToken"]
    if event["Step"] == "createSecret":
        client.put_secret_value(SecretId=id, ClientRequestToken=token, SecretString="rotated", VersionStages=["AWSPENDING"])
    elif event["Step"] == "finishSecret":
        stages = client.describe_secret(SecretId=id)["VersionIdsToStages"]
        old = next(version for version, held in stages.items() if "AWSCURRENT" in held)
        client.update_secret_version_stage(SecretId=id, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=old)
"""


@probe("secrets")
def rotate_a_secret(aws):
    secret(aws)
    arn = aws.function(ROTATES, "rotate")
    aws.awslambda.add_permission(
        FunctionName="rotate", StatementId="s", Action="lambda:InvokeFunction", Principal="secretsmanager.amazonaws.com"
    )
    aws.secretsmanager.rotate_secret(SecretId="db", RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 30})
    for _ in range(30):
        if aws.secretsmanager.get_secret_value(SecretId="db")["SecretString"] == "rotated":
            break
        time.sleep(0.1)
    assert aws.secretsmanager.get_secret_value(SecretId="db")["SecretString"] == "rotated"
    assert aws.secretsmanager.describe_secret(SecretId="db")["RotationEnabled"]


@probe("secrets")
def a_random_password(aws):
    found = aws.secretsmanager.get_random_password(PasswordLength=20, ExcludePunctuation=True)["RandomPassword"]
    assert len(found) == 20 and found.isalnum()


# KMS


@probe("defense-in-depth")
def encrypt_and_decrypt(aws):
    key = aws.kms_key()
    sealed = aws.kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext={"app": "a"})["CiphertextBlob"]
    opened = aws.kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"app": "a"})
    assert opened["Plaintext"] == b"secret" and sealed != b"secret" and opened["KeyId"].endswith(key)


@probe("defense-in-depth", "InvalidCiphertextException")
def decrypt_with_another_context(aws):
    sealed = aws.kms.encrypt(KeyId=aws.kms_key(), Plaintext=b"x", EncryptionContext={"app": "a"})["CiphertextBlob"]
    yield
    aws.kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"app": "b"})


@probe("defense-in-depth", "InvalidCiphertextException")
def decrypt_what_is_not_encrypted(aws):
    aws.kms_key()
    yield
    aws.kms.decrypt(CiphertextBlob=b"plain")


@probe("defense-in-depth", "IncorrectKeyException")
def decrypt_with_another_key(aws):
    sealed = aws.kms.encrypt(KeyId=aws.kms_key(), Plaintext=b"x")["CiphertextBlob"]
    other = aws.kms_key()
    yield
    aws.kms.decrypt(CiphertextBlob=sealed, KeyId=other)


@probe("defense-in-depth", "NotFoundException")
def encrypt_with_no_key(aws):
    aws.kms.encrypt(KeyId="12345678-1234-1234-1234-123456789012", Plaintext=b"x")


@probe("defense-in-depth", "DisabledException")
def encrypt_with_a_disabled_key(aws):
    key = aws.kms_key()
    aws.kms.disable_key(KeyId=key)
    yield
    aws.kms.encrypt(KeyId=key, Plaintext=b"x")


@probe("defense-in-depth", "DisabledException")
def decrypt_with_a_disabled_key(aws):
    key = aws.kms_key()
    sealed = aws.kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    aws.kms.disable_key(KeyId=key)
    yield
    aws.kms.decrypt(CiphertextBlob=sealed)


@probe("defense-in-depth")
def enable_a_key_again(aws):
    key = aws.kms_key()
    aws.kms.disable_key(KeyId=key)
    aws.kms.enable_key(KeyId=key)
    aws.kms.encrypt(KeyId=key, Plaintext=b"x")


@probe("defense-in-depth", "ValidationException|InvalidPlaintextException")
def encrypt_4097_bytes(aws):
    key = aws.kms_key()
    yield
    aws.kms.encrypt(KeyId=key, Plaintext=b"x" * 4097)


@probe("defense-in-depth")
def a_data_key(aws):
    made = aws.kms.generate_data_key(KeyId=aws.kms_key(), KeySpec="AES_256")
    assert len(made["Plaintext"]) == 32
    assert aws.kms.decrypt(CiphertextBlob=made["CiphertextBlob"])["Plaintext"] == made["Plaintext"]


@probe("defense-in-depth")
def delete_a_key_in_7_days(aws):
    key = aws.kms_key()
    aws.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert aws.kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    aws.kms.cancel_key_deletion(KeyId=key)
    assert aws.kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"


def _schedule(aws, days):
    key = aws.kms_key()
    yield
    aws.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=days)


for _days in (3, 31):
    probes.add(
        f"delete_a_key_in_{_days}_days",
        "defense-in-depth",
        "ValidationException",
        lambda aws, days=_days: (yield from _schedule(aws, days)),
    )


@probe("defense-in-depth", "KMSInvalidStateException")
def encrypt_with_a_key_to_be_deleted(aws):
    key = aws.kms_key()
    aws.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    yield
    aws.kms.encrypt(KeyId=key, Plaintext=b"x")


@probe("defense-in-depth")
def an_alias_of_a_key(aws):
    key = aws.kms_key()
    aws.kms.create_alias(AliasName="alias/app", TargetKeyId=key)
    assert aws.kms.describe_key(KeyId="alias/app")["KeyMetadata"]["KeyId"] == key


@probe("defense-in-depth", "AlreadyExistsException")
def the_same_alias_of_a_key_twice(aws):
    key = aws.kms_key()
    aws.kms.create_alias(AliasName="alias/app", TargetKeyId=key)
    yield
    aws.kms.create_alias(AliasName="alias/app", TargetKeyId=key)


@probe("defense-in-depth", "NotAuthorizedException|InvalidAliasNameException|ValidationException")
def an_alias_below_aws(aws):
    key = aws.kms_key()
    yield
    aws.kms.create_alias(AliasName="alias/aws/app", TargetKeyId=key)


@probe("defense-in-depth", "ValidationException|InvalidAliasNameException")
def an_alias_without_its_beginning(aws):
    key = aws.kms_key()
    yield
    aws.kms.create_alias(AliasName="app", TargetKeyId=key)


@probe("defense-in-depth")
def rotation_of_a_key(aws):
    key = aws.kms_key()
    assert aws.kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    aws.kms.enable_key_rotation(KeyId=key)
    assert aws.kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True


@probe("defense-in-depth", "MalformedPolicyDocumentException")
def a_key_policy_that_is_none(aws):
    aws.kms_key(Policy="{")


@probe("defense-in-depth", "MalformedPolicyDocumentException")
def a_key_policy_that_locks_everybody_out(aws):
    bob = {"Principal": {"AWS": "210987654321"}}
    aws.kms_key(Policy=policy({**allow("kms:*"), **bob}))


# AppConfig


def application(aws):
    app = aws.appconfig.create_application(Name="orders")["Id"]
    environment = aws.appconfig.create_environment(ApplicationId=app, Name="prod")["Id"]
    profile = aws.appconfig.create_configuration_profile(ApplicationId=app, Name="flags", LocationUri="hosted")["Id"]
    return app, environment, profile


def version(aws, app, profile, content=b'{"dark": true}', kind="application/json"):
    return aws.appconfig.create_hosted_configuration_version(
        ApplicationId=app, ConfigurationProfileId=profile, Content=content, ContentType=kind
    )["VersionNumber"]


def deploy(aws, app, environment, profile, number, strategy="AppConfig.AllAtOnce"):
    return aws.appconfig.start_deployment(
        ApplicationId=app,
        EnvironmentId=environment,
        DeploymentStrategyId=strategy,
        ConfigurationProfileId=profile,
        ConfigurationVersion=str(number),
    )


@probe("configuration")
def versions_of_a_configuration(aws):
    app, _, profile = application(aws)
    assert [version(aws, app, profile) for _ in range(2)] == [1, 2]
    found = aws.appconfig.get_hosted_configuration_version(
        ApplicationId=app, ConfigurationProfileId=profile, VersionNumber=1
    )
    assert found["Content"].read() == b'{"dark": true}'


@probe("configuration")
def deploy_and_read(aws):
    app, environment, profile = application(aws)
    made = deploy(aws, app, environment, profile, version(aws, app, profile))
    assert made["DeploymentNumber"] == 1 and made["State"] in ("BAKING", "DEPLOYING", "COMPLETE", "VALIDATING")
    token = aws.appconfigdata.start_configuration_session(
        ApplicationIdentifier=app, EnvironmentIdentifier=environment, ConfigurationProfileIdentifier=profile
    )["InitialConfigurationToken"]
    found = aws.appconfigdata.get_latest_configuration(ConfigurationToken=token)
    assert found["Configuration"].read() == b'{"dark": true}' and found["NextPollConfigurationToken"] != token


@probe("configuration")
def nothing_new_to_read(aws):
    app, environment, profile = application(aws)
    deploy(aws, app, environment, profile, version(aws, app, profile))
    token = aws.appconfigdata.start_configuration_session(
        ApplicationIdentifier=app, EnvironmentIdentifier=environment, ConfigurationProfileIdentifier=profile
    )["InitialConfigurationToken"]
    again = aws.appconfigdata.get_latest_configuration(ConfigurationToken=token)["NextPollConfigurationToken"]
    assert aws.appconfigdata.get_latest_configuration(ConfigurationToken=again)["Configuration"].read() == b""


@probe("configuration", "ResourceNotFoundException")
def deploy_a_version_that_is_not_there(aws):
    app, environment, profile = application(aws)
    yield
    deploy(aws, app, environment, profile, 7)


@probe("configuration", "ResourceNotFoundException")
def an_application_that_is_not_there(aws):
    aws.appconfig.get_application(ApplicationId="abcdefg")


@probe("configuration", "ResourceNotFoundException")
def an_environment_of_no_application(aws):
    aws.appconfig.create_environment(ApplicationId="abcdefg", Name="prod")


@probe("configuration", "ResourceNotFoundException")
def deploy_by_a_strategy_that_is_not_there(aws):
    app, environment, profile = application(aws)
    number = version(aws, app, profile)
    yield
    deploy(aws, app, environment, profile, number, "abcdefg")


@probe("configuration")
def a_strategy_of_ones_own(aws):
    made = aws.appconfig.create_deployment_strategy(
        Name="slow", DeploymentDurationInMinutes=10, GrowthFactor=20, FinalBakeTimeInMinutes=5, ReplicateTo="NONE"
    )
    assert (made["GrowthType"], made["GrowthFactor"], made["DeploymentDurationInMinutes"]) == ("LINEAR", 20.0, 10)


@probe("configuration", "BadRequestException")
def read_with_a_token_that_is_none(aws):
    aws.appconfigdata.get_latest_configuration(ConfigurationToken="none")


@probe("configuration", "ResourceNotFoundException")
def read_what_is_not_there(aws):
    aws.appconfigdata.start_configuration_session(
        ApplicationIdentifier="none", EnvironmentIdentifier="prod", ConfigurationProfileIdentifier="flags"
    )
