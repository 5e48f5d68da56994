from pathlib import Path

from sphinx.application import Sphinx

CONF = 'project = "Handbook"\nextensions = []\nhtml_theme = "basic"\n'


def publish(pages, source, target):
    """Write the pages of the handbook as reStructuredText and build them."""
    source, target = Path(source), Path(target)
    source.mkdir(parents=True, exist_ok=True)
    (source / "conf.py").write_text(CONF)
    index = ["Handbook", "========", "", ".. toctree::", ""] + [f"   {name}" for name in pages]
    (source / "index.rst").write_text("\n".join(index) + "\n")
    for name, text in pages.items():
        title = name.replace("-", " ").capitalize()
        (source / f"{name}.rst").write_text(f"{title}\n{'=' * len(title)}\n\n{text}\n")
    app = Sphinx(source, source, target, target / ".doctrees", "html", status=None, warning=None, freshenv=True)
    app.build()
    return sorted(path.name for path in target.glob("*.html"))
