"""Moves the handbook of a hospital's kitchen from an old wiki's HTML to Markdown."""
import re

from markdownify import markdownify


def convert(html):
    text = markdownify(html, heading_style="ATX", bullets="-", strip=["script", "font"])
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
