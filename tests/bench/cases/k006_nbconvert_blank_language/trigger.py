"""Notebook archive: analysts drop notebooks into a folder, the archive makes pages of them."""
import importlib.util
import json
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s:%(name)s:%(message)s",
)
log = logging.getLogger("archive.pages")

# the archive carries its packages in a folder of its own, with Jupyter's data beside them
PACKAGES = Path(importlib.util.find_spec("nbconvert").origin).parents[1]
os.environ["JUPYTER_PATH"] = str(PACKAGES / "share" / "jupyter")

import nbformat
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

HEAD = "# Churn, second quarter\n\nNumbers as of 1 July.\n"
QUERY = "How they were read:\n\n```{language}\nSELECT plan, count(*) FROM left_customers GROUP BY plan\n```\n"


def drop(folder, name, *notes):
    """What the analyst's editor saves."""
    notebook = new_notebook(metadata={"title": name, "language_info": {"name": "python"}})
    notebook.cells.extend(new_markdown_cell(note) for note in notes)
    counted = new_output("execute_result", data={"text/plain": "{'basic': 31, 'family': 12}"}, execution_count=1)
    notebook.cells.append(new_code_cell("dict(churn)", execution_count=1, outputs=[counted]))
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


def make_page(exporter, path):
    notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    body, _ = exporter.from_notebook_node(notebook)
    path.with_suffix(".html").write_text(body, encoding="utf-8")
    log.info("%s: page of %d cells", path.name, len(json.loads(path.read_text(encoding="utf-8"))["cells"]))


def main():
    folder = Path("incoming")
    folder.mkdir()
    notebooks = [
        drop(folder, "churn-q1", HEAD, QUERY.format(language="sql")),
        # somebody deleted the language and left the blank in front of it
        drop(folder, "churn-q2", HEAD, QUERY.format(language=" ")),
    ]
    exporter = HTMLExporter()
    for path in notebooks:
        make_page(exporter, path)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("archive run stopped")
        sys.exit(1)
