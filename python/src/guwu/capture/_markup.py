"""Elements of XML and HTML, of the standard library, lxml and Beautiful Soup, by the text that they are parsed from.

Only elements of exactly their own classes are read, whose parts are texts; an element comes with what is in it, without
what it is in. What lies in an element or attribute whose name is a secret's is replaced in a copy.
"""

from __future__ import annotations

import sys
from itertools import islice
from typing import Any

from guwu.capture._known import Write, call

#: Larger trees are notes of their type.
_ELEMENTS, _BYTES = 400, 16_384


def _write_element(encoder: Any, value: Any, _: int, secret: int) -> Any:
    etree = sys.modules["xml.etree.ElementTree"]
    if secret or not _is_small(value) or not _is_plain(value, etree.Element):
        return encoder.opaque(type(value), "limit" if not secret else "native")
    root = etree.Element(value.tag, value.attrib)
    open_ = [(value, root)]
    while open_:
        old, new = open_.pop()
        new.text = old.text
        for child in old:
            made = etree.SubElement(new, child.tag, child.attrib)
            made.tail = child.tail
            open_.append((child, made))
    return _parsed(encoder, value, "xml.etree.ElementTree", root, etree.tostring)


def _write_lxml(module: str) -> Write:
    def write(encoder: Any, value: Any, _: int, secret: int) -> Any:
        library = sys.modules[module]
        if secret or not _is_small(value):
            return encoder.opaque(type(value), "limit" if not secret else "native")
        text = library.tostring(value, with_tail=False)
        try:
            copy = library.fromstring(text)
        except sys.modules["lxml.etree"].LxmlError:
            return encoder.opaque(type(value), "native")
        return _parsed(encoder, value, module, copy, library.tostring)

    return write


def _write_soup(encoder: Any, value: Any, _: int, secret: int) -> Any:
    """A document is parsed again, a tag is the first of one."""
    if secret or sum(1 for _ in islice(value.descendants, _ELEMENTS + 1)) > _ELEMENTS:
        return encoder.opaque(type(value), "limit" if not secret else "native")
    copied = value.__copy__()
    for tag in [copied, *copied.find_all(True)]:
        if encoder.secrets.weight(tag.name) and tag.string:
            tag.string.replace_with(_stand_in(encoder, str(tag.string)))
        for key, held in list(tag.attrs.items()):
            if encoder.secrets.weight(key):
                tag.attrs[key] = _stand_in(encoder, " ".join(held) if type(held) is list else str(held))
    text = str(copied.decode())
    if len(text) > encoder.limits.text:
        return encoder.opaque(type(value), "limit")
    parser = "xml" if getattr(value, "is_xml", False) or getattr(value, "_is_xml", False) else "html.parser"
    document = call("bs4:BeautifulSoup", [encoder.text(text, 0), parser])
    if type(value).__name__ == "BeautifulSoup":
        return encoder.known_as(value, document)
    return encoder.known_as(value, call("bs4:Tag.find", [document]))


def _is_small(value: Any) -> bool:
    return sum(1 for _ in islice(value.iter(), _ELEMENTS + 1)) <= _ELEMENTS


def _stand_in(encoder: Any, text: str) -> str:
    encoder.secrets.remember(text)
    return str(encoder.secrets.stand_in(text))


def _is_plain(value: Any, cls: Any) -> bool:
    """Tell whether every element is of exactly that class, and all that it holds texts."""
    return all(
        type(element) is cls
        and type(element.tag) is str
        and all(type(text) is str for text in (element.text or "", element.tail or ""))
        and all(type(part) is str for pair in element.attrib.items() for part in pair)
        for element in value.iter()
    )


def _parsed(encoder: Any, value: Any, module: str, copy: Any, tostring: Any) -> Any:
    """Return the node of an element by the text of its copy, from which secrets are taken."""
    secrets = encoder.secrets
    for element in copy.iter():
        if type(element.tag) is not str:
            continue
        local = element.tag.rpartition("}")[2]
        if secrets.weight(local) and (element.text or "").strip():
            element.text = _stand_in(encoder, element.text)
        for key, held in list(element.attrib.items()):
            if held and secrets.weight(key.rpartition("}")[2]):
                element.set(key, _stand_in(encoder, held))
    # In ASCII, other characters by their numbers.
    text = tostring(copy)
    if len(text) > _BYTES:
        return encoder.opaque(type(value), "limit")
    node = encoder.known_as(value, call(f"{module}:fromstring"))
    is_short = len(text) <= encoder.limits.text
    node["args"] = [encoder.text(text.decode(), 0) if is_short else encoder.raw(text, "bytes", 0, _BYTES)]
    return node


BY_NAME: dict[str, Write] = {
    "xml.etree.ElementTree:Element": _write_element,
    "lxml.etree:_Element": _write_lxml("lxml.etree"),
    "lxml.html:HtmlElement": _write_lxml("lxml.html"),
    "bs4:BeautifulSoup": _write_soup,
    "bs4.element:Tag": _write_soup,
}
