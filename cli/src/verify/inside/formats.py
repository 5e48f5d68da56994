"""Texts of structured formats, bent as what they say: JSON by its values, markup by its elements. Part of Gu Wu.

A text in which signs are changed at random is mostly no JSON any more, and a parser refuses it before anything happens.
Written for CPython 3.6 and later, so without annotations.
"""

import json
import re

# What a text may be that code reads: any place for a text begins with these, too.
SEEDS = [
    '{"a": 1}',
    '[{"a": [1]}]',
    "<p>a</p>",
    '<ul><li a="b">c</li></ul>',
    '<a href="/b?c=1&amp;d=&#38;">e</a>',
    "see http://a.b/?c=1&d=2 now",
    "a=1&b=2",
    "[a]\nb = 1\n",
    "a: 1\nb:\n  - c\n",
    "a,b\n1,2\n",
    'a/b; c="d", e;q=0.5',
]
_NAME = re.compile(r"[A-Za-z][\w.:-]*\Z")
_TAG = re.compile(r"(<[^<>]*>)")
_OPEN = re.compile(r"<([A-Za-z][\w.:-]*)(\s[^<>]*?)?(/?)>\Z")
_CLOSE = re.compile(r"</([A-Za-z][\w.:-]*)\s*>\Z")
_VOID = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
_ATTRIBUTE = re.compile(r"""\s*([A-Za-z_:][\w.:-]*)(\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>=]+))?""")
_ATTRIBUTES = re.compile(r"""(\s+[A-Za-z_:][\w.:-]*(\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>=]+))?)*\s*\Z""")
_ELEMENTS = ["p", "a", "b", "ul", "ol", "li", "table", "tr", "td", "div", "span", "br", "img", "pre"]
_VALUES = ["", "a", "1", "0", "-1", "1.5", "none", "#", "100%", "a b"]
_LEAVES = [None, "", 0, 1, "a", [], {}, True]
_MOST_ELEMENTS = 30
_MOST_AROUND = 15


def held(text):
    """What a JSON text holds, in a list of one; None: it is none."""
    if text.strip()[:1] not in ("{", "["):
        return None
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        return None


def written(value):
    """A value as JSON; None where it can not be."""
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return None


def is_markup(text):
    """Whether there are tags in it."""
    return "<" in text and any(_OPEN.match(part) for part in _TAG.split(text))


def is_in_form(value):
    """Whether a text that looks like JSON is such, and whether markup closes every element where it has to; any other
    value is."""
    if not isinstance(value, str):
        return True
    if value.strip()[:1] in ("{", "["):
        return held(value) is not None
    if "<" not in value:
        return True
    if any(sign in part for part in _TAG.split(value)[::2] for sign in "<>"):
        return False
    opened = []
    for part in _TAG.split(value)[1::2]:
        start = _OPEN.match(part)
        if part.startswith("</"):
            closed = _CLOSE.match(part)
            if not closed or not opened or opened.pop() != closed.group(1).lower():
                return False
        elif start:
            if not _ATTRIBUTES.match(start.group(2) or ""):
                return False
            if not start.group(3) and start.group(1).lower() not in _VOID:
                opened.append(start.group(1).lower())
        elif part[1] not in "!?":
            return False
    return not opened


def json_steps(value, words, texts):
    """Every value one plain step away: a word as a key, a text as a value wherever one can be."""
    leaves = _LEAVES + texts
    if isinstance(value, (dict, list)):
        places = list(value) if isinstance(value, dict) else list(range(len(value)))
        for place in places:
            yield _dropped(value, place)
            for leaf in leaves:
                yield _put(value, place, leaf)
            yield _put(value, place, [value[place]])
            for word in words:
                yield _put(value, place, {word: value[place]})
                yield _put(value, place, {word: None})
                yield _put(value, place, {word: []})
                if isinstance(value, dict):
                    yield {word if key == place else key: one for key, one in value.items()}
            for other in json_steps(value[place], words, texts):
                yield _put(value, place, other)
        for leaf in leaves if isinstance(value, dict) else ():
            for word in words:
                yield dict(value, **{word: leaf})
    else:
        for word in words:
            yield {word: value}


def wrapped(value, words):
    """A value within others."""
    yield [value]
    for word in ["a"] + words:
        yield {word: value}


def _put(value, place, other):
    made = value.copy()
    made[place] = other
    return made


def _dropped(value, place):
    made = value.copy()
    del made[place]
    return made


# --- markup ---------------------------------------------------------------------------------------------------------


def _named(words):
    return [word for word in words if _NAME.match(word) and len(word) < 20]


def markup_steps(text, words):
    """Every text one plain step away: an element or an attribute more, another name, a tag less."""
    parts = _TAG.split(text)[:41]
    names = _named(words.as_keys())
    elements = list(dict.fromkeys(_named(words.as_names())[:_MOST_ELEMENTS] + _ELEMENTS))
    for at, part in enumerate(parts):
        before, after = "".join(parts[:at]), "".join(parts[at + 1 :])
        opened = _OPEN.match(part)
        yield before + after
        if opened:
            name, rest, end = opened.groups("")
            for word in names:
                for value in ("a", ""):
                    yield '%s<%s%s %s="%s"%s>%s' % (before, name, rest, word, value, end, after)
            for element in elements:
                closed = after.replace("</%s>" % name, "</%s>" % element, 1)
                yield "%s<%s%s%s>%s" % (before, element, rest, end, closed)
            for attribute in _ATTRIBUTE.finditer(rest):
                first, last = rest[: attribute.start()], rest[attribute.end() :]
                for value in _VALUES:
                    changed = '%s %s="%s"%s' % (first, attribute.group(1), value, last)
                    yield "%s<%s%s%s>%s" % (before, name, changed, end, after)
        elif not part.startswith("<"):
            for element in elements[:_MOST_AROUND]:
                yield "%s<%s>%s</%s>%s" % (before, element, part, element, after)
                yield "%s<%s>%s%s" % (before, element, part, after)
                yield "%s%s</%s>%s" % (before, part, element, after)


def bent_markup(text, variety):
    """One change at random."""
    choose = variety.random.choice
    parts = _TAG.split(text)
    at = variety.random.randrange(len(parts))
    kind = variety.random.randrange(8)
    opened = [number for number, part in enumerate(parts) if _OPEN.match(part)]
    element = choose(_named(variety.words.as_names())[:_MOST_ELEMENTS] + _ELEMENTS)
    if kind == 0:
        end = variety.random.randrange(at, len(parts)) + 1
        parts[at:end] = ["<%s>" % element] + parts[at:end] + ["</%s>" % element]
    elif kind == 1:
        parts.insert(at, choose(["<%s>", "</%s>", "<%s/>"]) % element)
    elif kind == 2:
        del parts[at]
    elif kind == 3:
        end = min(len(parts), at + choose([1, 2, 3]))
        parts[at:at] = parts[at:end]
    elif kind in (4, 5) and opened:
        number = choose(opened)
        name, rest, end = _OPEN.match(parts[number]).groups("")
        attribute = choose(_named(variety.words.as_keys()) or ["a"])
        parts[number] = '<%s%s %s="%s"%s>' % (name, rest, attribute, choose(_VALUES + [variety.word()]), end)
    elif kind == 6 and opened:
        number = choose(opened)
        name, rest, end = _OPEN.match(parts[number]).groups("")
        parts[number] = "<%s%s%s>" % (element, choose([rest, rest, ""]), end)
    elif not parts[at].startswith("<"):
        parts[at] = choose(["", "a", variety.word(), parts[at] + variety.word()])
    return "".join(parts)
