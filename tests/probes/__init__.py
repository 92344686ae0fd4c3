"""Probes of the offline account: what a caller does, and what AWS's documentation says it answers.

They are written from AWS's documentation, never from the account's rules, and are run whole by `tests/test_probes.py`;
`python tests/probes/report.py` prints the table.
"""
