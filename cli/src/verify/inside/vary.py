"""Values near a value: literals bent at random, within what a test can write down. Part of Gu Wu.

It knows no project. What it is given and what it gives are texts, bytes, numbers, None, True, False, and lists, tuples,
sets and dictionaries of such; so ``repr`` of any of them is a literal.
Written for CPython 3.6 and later, so without annotations.
"""

import itertools
import re

import guwu_formats

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_BLANKS = re.compile(r"([\s,;]+)")
# What formats are made of.
_SIGNS = list(" \n\t.,:;-_/\\|*+=<>()[]{}'\"`#%&@!?$~^0") + ["\x00", "\u00e9", "\u20ac", "  ", "\n\n", "--", "::", "=="]
_PAIRS = [("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ('"', '"'), ("'", "'"), ("`", "`"), ("**", "**")]
_NUMBERS = [0, 1, -1, 2, 3, 5, 10, 100, 1000, 10**6, 2**31, 255, 256, 0.5, -0.5]
_KEYS = [None, 0, 1, "", "a", b"a", ("a", 1), True]
_OTHERS = [None, "", 0, 1, True, False, [], {}, (), "a", b"", 1.5]
_PLAIN = ["a", 1, None, [], {}]
# What breaks a number that stands in a text.
_ENDS = ["0", "-1", "/0", ":0", ".", "-", "=", "()", "[]", "{}", '""', " "]
_LONGEST = 4096
_WIDEST = 200
_MOST_STEPS = 3000
_MOST_SHORTENED = 24
_MOST_COMPARED = 20


class Variety:
    """Makes other values of a value. ``words`` are the texts that may matter; there may be more while it is used."""

    def __init__(self, random, words):
        self.random = random
        self.words = words

    def of(self, value, others=()):
        """Another value; ``others`` are values of the same place, to take parts from."""
        if others and self.random.random() < 0.08:
            return self.random.choice(others)
        for _ in range(4):
            same = [other for other in others if type(other) is type(value) and other != value]
            made = self._once(value, same)
            if made != value or type(made) is not type(value):
                value = made
                if self.random.random() < 0.6:
                    break
        return value

    def _once(self, value, same):
        if isinstance(value, str):
            return self._text(value, same)[:_LONGEST]
        if isinstance(value, bytes):
            others = [other.decode("latin-1") for other in same]
            text = self._text(value.decode("latin-1"), others)[:_LONGEST]
            return text.encode("latin-1", "replace")
        if isinstance(value, bool) or value is None:
            return self.random.choice(_OTHERS)
        if isinstance(value, (int, float)):
            return self._number(value)
        if isinstance(value, dict):
            return self._mapping(value)
        if isinstance(value, (list, tuple, set)):
            made = self._elements(list(value))
            try:
                return type(value)(made)
            except TypeError:
                return value
        return value

    @staticmethod
    def smaller(value):
        """Shorter values of the same type."""
        return smaller(value)

    def steps(self, value):
        """Every value that is one plain step away, in no particular order; but at the end those with another structure, and
        those with a word less."""
        steps = list(itertools.islice(self._steps(value), _MOST_STEPS))
        self.random.shuffle(steps)
        if isinstance(value, str):
            structured = list(self._structured_steps(value))
            self.random.shuffle(structured)
            steps += structured + self._shortened(value)
        return steps

    @staticmethod
    def _shortened(value):
        tokens = _TOKEN.findall(value)[:_MOST_SHORTENED]
        rest = value[sum(map(len, tokens)) :]
        return ["".join(tokens[:at] + tokens[at + 1 :]) + rest for at in reversed(range(len(tokens)))]

    def _steps(self, value):
        if isinstance(value, str):
            tokens = _TOKEN.findall(value)[:40]
            rest = value[sum(map(len, tokens)) :]
            words = _ENDS + self.words.near[:60]
            if len(tokens) <= 6:
                words += _SIGNS + self.words.far[:300]
            for at in range(len(tokens) + 1):
                before, after = "".join(tokens[:at]), "".join(tokens[at + 1 :]) + rest
                there = tokens[at] if at < len(tokens) else ""
                for word in words:
                    yield before + word + there + after
                    if there and word != there:
                        yield before + word + after
                if there:
                    yield before + after
            parts = _BLANKS.split(value)[:21]
            for one, other in itertools.permutations(range(0, len(parts), 2), 2):
                yield "".join(parts[:one] + [parts[other]] + parts[one + 1 :])
        elif isinstance(value, bytes):
            for text in self._steps(value.decode("latin-1")):
                yield text.encode("latin-1", "replace")
        elif isinstance(value, dict):
            for key in value:
                yield {k: v for k, v in value.items() if k != key}
                for other in self._steps(value[key]):
                    made = dict(value)
                    made[key] = other
                    yield made
            for key in self.words.as_keys():
                if key not in value:
                    for other in _PLAIN:
                        made = dict(value)
                        made[key] = other
                        yield made
        elif isinstance(value, (list, tuple)):
            for at in range(len(value)):
                yield value[:at] + value[at + 1 :]
                for other in self._steps(value[at]):
                    yield value[:at] + type(value)([other]) + value[at + 1 :]
        elif isinstance(value, bool) or value is None:
            for other in _OTHERS:
                yield other
        elif isinstance(value, (int, float)):
            for other in itertools.chain([None, value + 1, value - 1, -value], _NUMBERS):
                yield other

    def _structured_steps(self, text):
        held = guwu_formats.held(text)
        if held is not None:
            words, texts = self.words.as_keys(), self.words.compared[:_MOST_COMPARED]
            steps = itertools.chain(guwu_formats.wrapped(held[0], words), guwu_formats.json_steps(held[0], words, texts))
            made = map(guwu_formats.written, steps)
            return itertools.islice((other for other in made if other is not None), _MOST_STEPS)
        if guwu_formats.is_markup(text):
            return itertools.islice(guwu_formats.markup_steps(text, self.words), _MOST_STEPS)
        return ()

    # --- texts ------------------------------------------------------------------------------------------------------

    def word(self):
        """One of the texts that matter, or a sign."""
        chance = self.random.random()
        if self.words.near and chance < 0.5:
            return self.random.choice(self.words.near)
        if self.words.far and chance < 0.75:
            return self.random.choice(self.words.far)
        return self.random.choice(_SIGNS if chance < 0.95 else _ENDS)

    def _structured(self, text):
        """A text of a structured format with another structure; None: it is no such text."""
        held = guwu_formats.held(text)
        if held is not None:
            return guwu_formats.written(self.of(held[0]))
        return guwu_formats.bent_markup(text, self) if guwu_formats.is_markup(text) else None

    def _text(self, text, same):
        choose = self.random.choice
        made = self._structured(text) if self.random.random() < 0.6 else None
        if made is not None:
            return made
        tokens = _TOKEN.findall(text)
        kind = self.random.randrange(14)
        at = self.random.randrange(len(tokens) + 1)
        there = min(at, len(tokens) - 1)
        if not tokens or kind == 0:
            word = self.word()
            tokens[at:at] = choose([[word], [word], [word, " "], [" ", word]])
        elif kind in (1, 2):
            tokens[there] = self.word()
        elif kind == 3:
            del tokens[there : there + choose([1, 1, 1, 2, 3, 8])]
        elif kind == 4:
            tokens[at:at] = tokens[max(0, there - 1) : there + choose([1, 2, 3])]
        elif kind == 5:
            other = self.random.randrange(len(tokens))
            tokens[there], tokens[other] = tokens[other], tokens[there]
        elif kind == 6:
            numbers = [n for n, token in enumerate(tokens) if token.isdigit()]
            if numbers:
                tokens[choose(numbers)] = str(choose(_NUMBERS))
            else:
                tokens[at:at] = [str(choose(_NUMBERS))]
        elif kind == 7:
            before, after = choose(_PAIRS)
            end = there + choose([0, 1, 1, 2, 3])
            tokens[there:end] = [before] + tokens[there:end] + [after]
        elif kind == 8:
            tokens[at:at] = [choose(_SIGNS)]
        elif kind == 9:
            cut = self.random.randrange(len(text) + 1)
            return choose([text[:cut], text[cut:], text[:cut] + text[cut + 1 :]])
        elif kind == 10 and same:
            other = _TOKEN.findall(choose(same))
            cut = self.random.randrange(len(other) + 1)
            tokens[at:] = choose([other[cut:], other[:cut] + tokens[at:]])
        elif kind == 11:
            lines = text.split("\n")
            line = self.random.randrange(len(lines))
            if len(lines) > 1 and choose([True, False]):
                del lines[line]
            else:
                lines.insert(line, choose(lines))
            return "\n".join(lines)
        elif kind == 12:
            # What blanks or commas keep apart, one put in another's place.
            parts = _BLANKS.split(text)
            fields = range(0, len(parts), 2)
            one, other = choose(fields), choose(fields)
            parts[one], parts[other] = choose([(parts[other], parts[one]), (parts[other], parts[other])])
            return "".join(parts)
        else:
            token = tokens[there]
            tokens[there] = choose([token.upper(), token.lower(), token * 2, token[:-1], token[::-1]])
        return "".join(tokens)

    def _leaf(self):
        """A plain value, or a text that the code compares with."""
        compared = self.words.compared
        return self.random.choice(compared if compared and self.random.random() < 0.4 else _OTHERS)

    # --- numbers ----------------------------------------------------------------------------------------------------

    def _number(self, number):
        choose = self.random.choice
        if self.random.random() < 0.1:
            return choose(_OTHERS)
        made = choose([number + 1, number - 1, -number, number * 10, number // 2, choose(_NUMBERS), choose(_NUMBERS)])
        return made if abs(made) < 10**18 else 0

    # --- containers -------------------------------------------------------------------------------------------------

    def _elements(self, items):
        choose = self.random.choice
        kind = self.random.randrange(6)
        at = self.random.randrange(len(items)) if items else 0
        if not items or kind == 0:
            new = self.of(choose(items)) if items else choose(_OTHERS)
            items.insert(at, new)
        elif kind == 1:
            del items[at]
        elif kind == 2 and len(items) < _WIDEST:
            items.insert(at, items[at])
        elif kind == 3 and self.random.random() < 0.3:
            items[at] = self._leaf()
        elif kind == 4 and items and self.random.random() < 0.3:
            items[at] = choose([[items[at]], {self.word(): items[at]}])
        else:
            items[at] = self.of(items[at])
        return items

    def _mapping(self, mapping):
        choose = self.random.choice
        made = dict(mapping)
        kind = self.random.randrange(6)
        key = choose(list(made)) if made else None
        if not made or kind == 0:
            keys = self.words.as_keys()
            chance = self.random.random()
            new = choose(keys) if keys and chance < 0.5 else self.word() if chance < 0.8 else choose(_KEYS)
            made[new] = choose(list(made.values())) if made and choose([True, False]) else self._leaf()
        elif kind == 1:
            del made[key]
        elif kind == 2:
            value = made.pop(key)
            made[self.of(key) if isinstance(key, str) else choose(_KEYS)] = value
        elif kind == 3 and self.random.random() < 0.3:
            made[key] = self._leaf()
        elif kind == 4 and self.random.random() < 0.5:
            made[key] = choose([[made[key]], {self.word(): made[key]}])
        else:
            made[key] = self.of(made[key])
        return made


def smaller(value):
    """Shorter values of the same type, the shortest first."""
    held = guwu_formats.held(value) if isinstance(value, str) else None
    if held is not None:
        for less in smaller(held[0]):
            yield guwu_formats.written(less)
    if isinstance(value, (str, bytes)):
        yield value[:0]
        parts = _TOKEN.findall(value) if isinstance(value, str) else [value[n : n + 1] for n in range(len(value))]
        size = len(parts) // 2
        while size:
            for at in range(0, len(parts), size):
                yield value[:0].join(parts[:at] + parts[at + size :])
            size //= 2
        for at in range(len(value) if len(value) < 40 else 0):
            yield value[:at] + value[at + 1 :]
    elif isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
        for key in value:
            for less in smaller(value[key]):
                yield dict(value, **{key: less}) if isinstance(key, str) else {**value, key: less}
    elif isinstance(value, (list, tuple)):
        for at in range(len(value)):
            yield value[:at] + value[at + 1 :]
        for at in range(len(value)):
            for less in smaller(value[at]):
                yield value[:at] + type(value)([less]) + value[at + 1 :]
    elif isinstance(value, set):
        for one in value:
            if len(value) > 1:
                yield value - {one}
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        for less in (0, 1):
            if abs(value) > less:
                yield less
