"""The lessons: a slider in the browser, and a submission graded by nbgrader."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import time
from pathlib import Path

from tests.bench.timing import ROOT, show
from tests.jupyter import Notebook, browser, browser_path, lab
from tests.lessons import LESSONS, is_test, read

STORAGE = next(lesson for lesson in LESSONS if lesson.word == "storage")

SLIDER = """node => new Promise(resolve => {
    const old = node.querySelector('svg[role=img]').getAttribute('aria-label');
    let pressed;
    node.addEventListener('keydown', () => { pressed = performance.now(); }, {capture: true, once: true});
    const look = () => {
        const now = node.querySelector('svg[role=img]')?.getAttribute('aria-label');
        pressed && now && now !== old ? resolve(performance.now() - pressed) : requestAnimationFrame(look);
    };
    look();
})"""


def slider(folder: Path) -> None:
    """From the key to the new picture, in the browser."""
    if browser_path() is None:
        print("no browser on this machine: the slider was not timed")
        return
    course = folder / "browser" / "course"
    course.mkdir(parents=True)
    shutil.copy(STORAGE.path("solutions"), course / "storage.ipynb")
    with lab(course) as address, browser() as page:
        notebook = Notebook(page, address, "storage.ipynb")
        started = time.perf_counter()
        notebook.run_all()
        show(
            "the whole solved lesson in JupyterLab",
            time.perf_counter() - started,
            "once; 4 to 5 s of it are waiting to be sure",
        )
        cell = notebook.cell("volume-types-gp2-demo")
        handle, runs = cell.element_handle(), []
        cell.get_by_role("slider").first.focus()
        for step in range(20):
            page.evaluate("([node, watch]) => { window.moved = eval(watch)(node); }", [handle, SLIDER])
            page.keyboard.press("ArrowRight" if step % 8 < 4 else "ArrowLeft")
            runs.append(page.evaluate("() => window.moved") / 1000)
            page.wait_for_timeout(250)
        show("slider: key to new picture", statistics.median(runs), f"20 moves, slowest {1000 * max(runs):.0f} ms")


def grading(folder: Path) -> None:
    """One submission by nbgrader, and what its cells take of it."""
    shutil.copytree(ROOT / "source", folder / "source")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    subprocess.run(["nbgrader", "generate_assignment", STORAGE.section], cwd=folder, check=True, capture_output=True)
    submitted = folder / "submitted" / "one" / STORAGE.section
    submitted.mkdir(parents=True)
    notebook = read(folder / "exercises" / STORAGE.section / "storage.ipynb")
    known = {cell.id: cell.source for cell in STORAGE.source.cells if cell.id.endswith("-answer")}
    for cell in notebook.cells:
        cell.source = known.get(cell.id, cell.source)
    import nbformat

    nbformat.write(notebook, submitted / "storage.ipynb")
    started = time.perf_counter()
    subprocess.run(["nbgrader", "autograde", STORAGE.section], cwd=folder, check=True, capture_output=True)
    whole = time.perf_counter() - started
    graded = read(folder / "autograded" / "one" / STORAGE.section / "storage.ipynb").cells
    by_cell = {cell.id: seconds(cell) for cell in graded if cell.cell_type == "code"}
    cells = sum(by_cell.values())
    tests = sum(by_cell[cell.id] for cell in graded if is_test(cell))
    show("nbgrader autograde of one submission", whole, "once, with the start of the command")
    show("  of it our cells", cells, f"{100 * cells / whole:.0f} %")
    show("    of them the setup cell", by_cell["setup"], f"{100 * by_cell['setup'] / whole:.0f} %")
    show("    of them the test cells", tests, f"{100 * tests / whole:.0f} %")
    show("  of it nbgrader and the start of the kernel", whole - cells, f"{100 * (whole - cells) / whole:.0f} %")
    slowest = sorted(by_cell.items(), key=lambda item: -item[1])[:4]
    print("  slowest cells: " + ", ".join(f"{name} {taken:.2f} s" for name, taken in slowest))


def seconds(cell) -> float:
    """How long a cell ran, from the times that nbgrader leaves in it."""
    from datetime import datetime

    times = cell.metadata.get("execution", {})
    ends = [
        datetime.fromisoformat(times[key]) for key in ("iopub.execute_input", "shell.execute_reply") if key in times
    ]
    return (ends[-1] - ends[0]).total_seconds() if len(ends) == 2 else 0.0
