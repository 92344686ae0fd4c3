"""What all tests share: an environment of their own, and the lines they report at the end."""

from __future__ import annotations

import os
import sys
import sysconfig

import pytest

# It would take a second of every start; nbformat does without.
sys.modules.setdefault("rfc3987_syntax", None)


@pytest.fixture(scope="session", autouse=True)
def no_personal_settings(tmp_path_factory):
    """No AWS account, no personal Jupyter settings; the commands of this Python are found by name."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "COURSE_"))]:
            patch.delenv(name)
        settings = tmp_path_factory.mktemp("settings")
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            patch.setenv(name, str(settings / name.lower()))
        patch.setenv("PATH", sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"])
        yield


def pytest_terminal_summary(terminalreporter):
    """Print what tests had to report, such as the length of the cells; it never fails a test."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    lines = [text for report in reports for name, text in report.user_properties if name == "report"]
    if lines:
        terminalreporter.section("reports")
        for line in lines:
            terminalreporter.write_line(line)
