"""A course on AWS: lessons, pictures, checks and an offline account.

Importing `course` imports nothing else; each wing loads what it needs when it is used.
"""

__version__ = "0.1.0"
