"""The load balancing section: what a load balancer does with a request, as plain functions.

Nothing here needs Jupyter or boto3; what it takes and gives has the shape of boto3's responses.
"""
