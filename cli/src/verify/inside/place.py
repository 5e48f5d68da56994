"""One test with places for values, and how far a call of it comes: what is looked for. Part of Gu Wu.

Written for CPython 3.6 and later, so without annotations.
"""

import ast
import copy
import re
import traceback

import guwu_formats
import guwu_sequences
import guwu_watch

# A call that takes longer is no short test.
_LONGEST = 0.5
# What responses call their body; what is read of a text for its words, and of how many texts.
_CONTENT = ("text", "content", "data", "body")
_MOST_READ = 4096
_MOST_TEXTS = 200
_DIGITS = re.compile(r"\d+")


class Place:
    """One test with places for values, and what is looked for."""

    def __init__(self, plan, function, watch, chain_of, limit, logged):
        self.function = function
        self.wanted_type, self.wanted_message = plan["type"], plan["message"]
        steps = [(step["path"], step["function"], step["line"]) for step in plan["steps"]]
        self.steps, self.innermost = set(steps), steps[-1] if steps else None
        self.watch, self.chain_of, self.limit, self.logged = watch, chain_of, limit, logged
        watch.files = tuple("/" + step[0] for step in steps)
        self.seeds = [[ast.literal_eval(code) for code in codes] for codes in plan["values"]]
        # Places for sequences of calls.
        self.calls = {int(at): calls for at, calls in plan["calls"].items()}
        for at in self.calls:
            self.seeds[at] = [guwu_sequences.read(calls) for calls in self.seeds[at]]
        # Who makes other values for each place.
        self.kinds = {}
        self.bound, self.result = [], None
        self.hangs = 0
        # What was read for its words, so that nothing is read twice.
        self.read = set()

    def value(self, number):
        """What the test calls for a value."""
        return self.bound[number]

    def play(self, number, subject, makers):
        """What the test calls for a sequence of calls."""
        failed = self.kinds[number].play(subject, self.bound[number], makers)
        if failed:
            self.result.failed[number] = failed

    def answer(self, response):
        """What the test was answered: it may say what it misses."""
        for name in _CONTENT:
            content = getattr(response, name, None)
            if isinstance(content, (bytes, bytearray)):
                content = bytes(content[:_MOST_READ]).decode("utf-8", "replace")
            if isinstance(content, str):
                self._learn(content)
                break

    def _learn(self, text):
        if len(self.read) >= _MOST_TEXTS:
            return
        text = text[:_MOST_READ]
        shape = _DIGITS.sub("0", text)
        if shape not in self.read:
            self.read.add(shape)
            # What was sent comes back in many an answer.
            self.watch.words.hear(text, repr(self.bound))

    def run(self, values):
        """One call, with sequences in which every call could be made; also the values as they were then."""
        for _ in range(3):
            result = self._run(values)
            if not result.failed:
                return result, values
            values = [
                guwu_sequences.without(value, result.failed[at]) if at in result.failed else value
                for at, value in enumerate(values)
            ]
        return guwu_watch.Result(), values

    def _run(self, values):
        result = self.result = guwu_watch.Result()
        result.is_in_form = are_in_form(values)
        del self.logged[:]
        error = None
        self.bound = [copy.deepcopy(value) for value in values]
        self.watch.start(result)
        try:
            with self.limit(_LONGEST):
                self.function()
        except BaseException as raised:
            error = raised
        finally:
            self.watch.stop()
        if error is not None and self.limit.is_late(error):
            self.hangs += 1
            return result
        result.passes = error is None and not self.logged
        for one in ([error] if error is not None else []) + list(self.logged):
            for link in self.chain_of(one):
                self._judge(link, result)
        return result

    def _judge(self, error, result):
        self._learn(_text(error))
        if type(error).__name__ != self.wanted_type:
            return
        result.is_same_type = True
        there = set()
        innermost = None
        for frame in traceback.extract_tb(error.__traceback__):
            path = frame.filename.replace("\\", "/")
            for step in self.steps:
                if step[1] == frame.name and step[2] == frame.lineno and path.endswith("/" + step[0]):
                    there.add(step)
                    innermost = step
        if innermost != self.innermost or innermost is None:
            return
        message = _likeness(_text(error), self.wanted_message)
        if (True, message, len(there)) > (result.is_found, result.message, result.matched):
            result.is_found, result.message, result.matched = True, message, len(there)

    def is_best(self, result):
        """Nothing better can come."""
        return result.is_found and result.is_in_form and result.message == 2 and result.matched == len(self.steps)


def _text(error):
    try:
        return str(error)[:4096]
    except Exception:
        return ""


def _likeness(text, wanted):
    """2: the same; 1: the same but for values; 0: another."""
    if text == wanted:
        return 2
    return int(_template(text) == _template(wanted))


def _template(text):
    kept = []
    quote = None
    for sign in text:
        if quote is not None:
            quote = None if sign == quote else quote
        elif sign in "'\"`":
            quote = sign
            kept.append("'")
        elif not sign.isdigit():
            kept.append(sign)
    return "".join(kept)


def are_in_form(values):
    """Whether all texts are well-formed, each in its format."""
    return all(map(guwu_formats.is_in_form, values))
