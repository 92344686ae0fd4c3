"""JupyterLab on a folder, and a headless browser in front of it, for the browser tests and the benchmark."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.lessons import ROOT

TOKEN = "tests"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser_path() -> str | None:
    """The browser of this machine; None when there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def lab(folder: Path):
    """JupyterLab as `make lab` starts it, on a free port; the address. Ends with everything that it started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder.parent / "jupyter-settings"
    own = {
        name: str(settings / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += [
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.expose_app_in_browser=True",
    ]
    log = folder.parent / "jupyterlab.log"
    with log.open("w") as written:
        server = subprocess.Popen(
            command, cwd=folder, stdout=written, stderr=written, start_new_session=True,
            env=os.environ | own | {"JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter")},
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: _answers(f"{address}/api?token={TOKEN}") or server.poll() is not None, 60, "JupyterLab to start")
        if server.poll() is not None:
            raise RuntimeError(f"JupyterLab did not start: {log.read_text()[-2000:]}")
        yield address
    finally:
        _end(server)


def _end(server: subprocess.Popen) -> None:
    # Kernels have sessions of their own: note them before their parent is gone.
    family = psutil.Process(server.pid).children(recursive=True) if server.poll() is None else []
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def _wait(condition, seconds: float, what: str):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise TimeoutError(f"waited {seconds} seconds for {what}")


@contextmanager
def browser():
    """A headless browser with one page; the page. RuntimeError when this machine has no browser."""
    from playwright.sync_api import sync_playwright

    path = browser_path()
    if path is None:
        raise RuntimeError(f"no browser was found; looked for: {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield started.new_page(viewport={"width": 1280, "height": 900})
        finally:
            started.close()


NOTEBOOK = "window.jupyterapp.shell.currentWidget"


class Notebook:
    """A notebook open in JupyterLab. Cells are named by their ids."""

    def __init__(self, page, address: str, path: str):
        self.page = page
        page.goto(f"{address}/lab/tree/{path}?reset&token={TOKEN}")
        page.wait_for_function(
            f"() => window.jupyterapp && {NOTEBOOK} && {NOTEBOOK}.context?.path === '{path}'", timeout=60_000
        )
        page.evaluate(f"() => {NOTEBOOK}.context.ready")
        self._until_idle()
        # A command sent sooner than about two seconds after the kernel's first rest is lost now and then.
        page.wait_for_timeout(2500)

    def run_all(self, seconds: float = 180) -> int:
        """Run all cells, as the menu does; how many ran. It ends at the first cell that raises, unless it is tagged so."""
        for _ in range(5):
            self.page.evaluate(
                "() => { window.ran = false; "
                "window.jupyterapp.commands.execute('notebook:run-all-cells').finally(() => { window.ran = true; }); }"
            )
            self.page.wait_for_function("() => window.ran", timeout=seconds * 1000)
            ran = self._settled()
            if ran:
                return ran
        raise TimeoutError("JupyterLab ran no cell")

    def _settled(self) -> int:
        # The command is over at the first error, while cells tagged raises-exception let the rest go on.
        ran, still = 0, 0
        while still < 3:
            self.page.wait_for_timeout(1000)
            self._until_idle()
            now = self.page.evaluate(
                f"() => {NOTEBOOK}.content.widgets.filter(cell => cell.model.executionCount).length"
            )
            ran, still = now, still + 1 if now == ran else 0
        return ran

    def _until_idle(self, seconds: float = 60) -> None:
        self.page.wait_for_function(
            f"() => {NOTEBOOK}.sessionContext.session?.kernel?.status === 'idle'", timeout=seconds * 1000
        )

    def cell(self, name: str):
        """A locator of the cell, scrolled into view: JupyterLab keeps only what is visible in the page."""
        found = self.page.evaluate(
            f"""async name => {{
                const notebook = {NOTEBOOK}.content;
                const index = notebook.widgets.findIndex(cell => cell.model.id === name);
                if (index < 0) return false;
                notebook.activeCellIndex = index;
                await notebook.scrollToItem(index, 'center');
                notebook.widgets[index].node.dataset.cell = name;
                return true;
            }}""",
            name,
        )
        if not found:
            raise KeyError(f"the notebook has no cell {name}")
        self.page.wait_for_timeout(500)
        located = self.page.locator(f"[data-cell='{name}']")
        located.wait_for(state="visible")
        return located
