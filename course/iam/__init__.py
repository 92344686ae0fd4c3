"""The IAM section: policy documents, their evaluation and its explanation, as plain functions.

`evaluation.evaluate(request, policies)` is the one place where the course decides whether AWS would allow a request:
the demos, the checks and the offline account ask it. Nothing here needs boto3 or Jupyter.

>>> from course.iam.evaluation import Policies, Request, evaluate
>>> policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}
>>> request = Request("arn:aws:iam::111122223333:user/ana", "s3:PutObject", "arn:aws:s3:::photos/cat.jpg")
>>> evaluate(request, Policies(identity=policy)).decision
'implicitDeny'
"""
