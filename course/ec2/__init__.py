"""The EC2 section: what reaches what in a network, as plain functions.

Nothing here needs Jupyter or boto3; what it takes and gives has the shape of boto3's responses.
"""
