"""The start page: it runs, and leads to what is there."""

from __future__ import annotations

import re

from nbclient import NotebookClient

from tests.lessons import LESSONS, ROOT, read

INDEX = ROOT / "index.ipynb"


def test_the_start_page_runs(tmp_path):
    """Does the map of a learner who has done nothing yet show, without a word on stderr?"""
    notebook = read(INDEX)
    assert not [cell.id for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert outputs and not [output for output in outputs if output.get("name") == "stderr"]


def test_the_links_of_the_start_page_lead_somewhere():
    """Does every link to a file of the course find it, and is every section linked?"""
    links = re.findall(r"\]\(([^)#]+)\)", "\n".join(cell.source for cell in read(INDEX).cells))
    files = [link for link in links if "://" not in link]
    assert not [link for link in files if not (ROOT / link).exists()]
    assert {f"exercises/{lesson.section}/{lesson.word}.ipynb" for lesson in LESSONS} <= set(files)
