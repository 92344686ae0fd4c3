"""What cfn-lint finds in a template, also in one of SAM's."""

from course.lab.cloudformation.lint import findings

SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: x
      Timeout: TIMEOUT
      Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}}
  Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
"""


def errors(template):
    return {one.rule: one.path for one in findings(template) if one.level == "error"}


def test_sam():
    """Are mistakes found that show only in the expanded template?"""
    assert errors(SAM.replace("TIMEOUT", "10")) == {}
    found = errors(SAM.replace("TIMEOUT", "1000"))
    assert found["E3717"] == "Resources/Hello/Properties/Timeout"
    assert found["E3505"] == "Resources/Queue/Properties/VisibilityTimeout"  # less than the function's
    told = findings(SAM.replace("TIMEOUT", "10").replace("Handler", "Handlers"))
    assert [(one.rule, one.level) for one in told] == [("E0001", "error")]
    assert "Invalid Serverless Application Specification document" in str(told[0])


def test_plain():
    """What does it say of plain templates, and of texts that are none?"""
    assert errors("Resources: {B: {Type: AWS::S3::Bucket, Properties: {BucketNam: x}}}") == {
        "E3002": "Resources/B/Properties/BucketNam"
    }
    assert "E3006" in errors("Resources: {B: {Type: AWS::S3::Buckit}}")
    assert errors("Resources: [}") == {"E0000": ""}
