"""Command lines are read as a shell reads them."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.lab.shell_words import Unreadable, commands

READ = {
    "ec2 describe-volumes": [["ec2", "describe-volumes"]],
    "aws ec2 help\n\n$ aws iam help\r\n": [["ec2", "help"], ["iam", "help"]],
    "a \\\n  b\nc": [["a", "b"], ["c"]],
    "a # why\n# only this\nb c#d '#e'": [["a"], ["b", "c#d", "#e"]],
    "--query 'Volumes[?Size>`10`].{Id:VolumeId}'": [["--query", "Volumes[?Size>`10`].{Id:VolumeId}"]],
    '--doc \'{"a":\n "b"}\' end': [["--doc", '{"a":\n "b"}', "end"]],
    r'"a \"b\" \n" c\ d ""': [['a "b" \\n', "c d", ""]],
    "Key=Name,Value='two words'": [["Key=Name,Value=two words"]],
    "costs $5 ${aws:username} $x": [["costs", "$5", "${aws:username}", "$x"]],
    "": [],
    "aws": [["aws"]],
}


@pytest.mark.parametrize("text", READ, ids=range(len(READ)))
def test_words(text):
    """Are quotes, comments, continued lines and a leading aws read as a shell reads them?"""
    assert commands(text) == READ[text]


@given(st.lists(st.text(min_size=1, alphabet=st.characters(exclude_characters="\r\x00")), min_size=2))
def test_any_word_can_be_quoted(words):
    """Does what Python's shlex quotes come back as it was?"""
    assert commands("run " + shlex.join(words)) == [["run", *words]]


@pytest.mark.parametrize(
    "text, says",
    [
        ("a | jq", "'|' outside quotes needs a shell"),
        ("a > file", "'>'"),
        ("a; b", "';'"),
        ("a 'b", "single quote"),
        ('a "b', "double quote"),
    ],
)
def test_unreadable(text, says):
    """Is it said what a shell would be needed for, and which quote is open?"""
    with pytest.raises(Unreadable, match=says):
        commands(text)


def test_variables():
    """Does $name stand for a variable, except in single quotes, and are several values several words?"""
    values = {"id": "vol-1", "name": "two words", "ids": ["vol-1", "vol-2"]}
    text = """a $id ${id}x "$name" $name '$id' $ids "$ids" \\$id"""
    words = ["a", "vol-1", "vol-1x", "two words", "two words", "$id", "vol-1", "vol-2", "vol-1 vol-2", "$id"]
    assert commands(text, values.__getitem__) == [words]
    with pytest.raises(Unreadable, match="needs a shell"):
        commands("a $(b)", values.__getitem__)
