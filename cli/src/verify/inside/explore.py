"""Calls a test's function many times with other values, led by how far each call comes along the recorded chain. Part
of Gu Wu.

What it finds is only a proposal: the test that is written with the values is run and judged as any other.
Written for CPython 3.6 and later, so without annotations.
"""

import ast
import copy
import difflib
import itertools
import random
import sys
import time
import traceback

import guwu_vary

# Values that are kept to be changed further, passing ones, and those from which plain steps are taken.
_KEPT = 60
_PASSING = 4000
_STEPPED = 40
# Runs in all, and those that make what was found smaller.
_MOST_RUNS = 50000
_SHRINKING = 250
_WORDS = 600
# How much longer than its own time a search may take.
_SLOWEST = 3
# Passing values that are compared with what was found.
_LIKEST = 300
_NEIGHBOURS = 60
# A call that takes longer is no short test; more than a few of them and the place is left.
_LONGEST = 0.5
_HANGS = 4


class Clock:
    """The time of this process, so that others on the machine take nothing from the search; but never far beyond it."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.end = time.process_time() + seconds
        self.latest = time.monotonic() + _SLOWEST * seconds

    def is_over(self, more=0.0):
        """Whether the time is over, and so much of it more."""
        more *= self.seconds
        return time.process_time() >= self.end + more or time.monotonic() >= self.latest + more


class Result:
    """How far a call came; larger is better."""

    def __init__(self):
        self.frames = 0
        # Recorded lines that ran.
        self.exact = set()
        self.distance = 10**6
        self.is_same_type = False
        self.message = 0
        self.matched = 0
        self.is_found = False
        self.passes = False
        self.is_new = False

    def come(self, number, distance):
        """A function of the chain ran at a line that is so far from the recorded one."""
        if not distance:
            self.exact.add(number)
        if number > self.frames or (number == self.frames and distance < self.distance):
            self.frames, self.distance = number, distance

    def key(self):
        return (self.is_found, self.message, self.matched, self.frames, len(self.exact), -self.distance, self.is_same_type)


class Watch:
    """What ran in a call: the functions of the chain line by line, others of the project by their name alone."""

    def __init__(self, steps_of, is_project, near, far):
        self.steps_of = steps_of
        self.is_project = is_project
        # Texts of the chain's functions, and of all others of the project.
        self.near, self.far = near, far
        self.tracers = {}
        self.result = None

    def _tracer(self, frame):
        """How the lines of a function are watched, which is met for the first time; None: not at all."""
        code = frame.f_code
        steps = self.steps_of(code)
        tracer = self.tracers[code] = self._lines_of(steps) if steps else None
        if self.is_project(code.co_filename):
            self.result.is_new = True
            words = self.near if steps else self.far
            known = set(words)
            room = min(_WORDS - len(words), 120)
            new = guwu_vary.words_of(code, frame.f_globals, room) if room > 0 else ()
            words.extend(word for word in new if word not in known)
        return tracer

    def _lines_of(self, steps):
        seen = set()

        def on_line(frame, event, _argument):
            if event == "line" or event == "call":
                result, line = self.result, frame.f_lineno
                if line not in seen:
                    seen.add(line)
                    result.is_new = True
                for number, wanted in steps:
                    result.come(number, abs(line - wanted))
            return on_line

        return on_line

    def start(self, result):
        self.result = result
        tracers, find = self.tracers, self._tracer

        def on_call(frame, event, argument):
            try:
                tracer = tracers[frame.f_code]
            except KeyError:
                tracer = find(frame)
            return tracer and tracer(frame, event, argument)

        sys.settrace(on_call)

    @staticmethod
    def stop():
        sys.settrace(None)


class Place:
    """One test with places for values, and what is looked for."""

    def __init__(self, plan, function, watch, chain_of, limit, logged):
        self.function = function
        self.wanted_type, self.wanted_message = plan["type"], plan["message"]
        steps = [(step["path"], step["function"], step["line"]) for step in plan["steps"]]
        self.steps, self.innermost = set(steps), steps[-1] if steps else None
        self.watch, self.chain_of, self.limit, self.logged = watch, chain_of, limit, logged
        self.seeds = [[ast.literal_eval(code) for code in codes] for codes in plan["values"]]
        self.hangs = 0

    def run(self, values):
        """One call."""
        result = Result()
        del self.logged[:]
        error = None
        bound = [copy.deepcopy(value) for value in values]
        self.watch.start(result)
        try:
            with self.limit(_LONGEST):
                self.function(bound)
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
        return result.is_found and result.message == 2 and result.matched == len(self.steps)


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


class Search:
    """Looks for values with which a call fails as recorded."""

    def __init__(self, place, near, far, seconds):
        self.place = place
        self.random = random.Random(0)
        self.variety = guwu_vary.Variety(self.random, near, far)
        self.clock = Clock(seconds)
        self.base = [values[0] for values in place.seeds]
        self.runs = 0
        self.done = set()
        # What came furthest, the best first, each as (rank, values).
        self.kept = []
        # What ran a line or a function for the first time: a way that may lead on.
        self.novel = []
        self.passing = []
        # Plain steps not taken yet, by the values that they begin at.
        self.steps = {}
        # The key and the values of what fails as recorded.
        self.best = None
        self.is_best = False

    def search(self):
        """What was found, as literals."""
        self._begin()
        while self.kept and not self._is_over():
            values = self._chosen()
            if self.random.random() >= 0.5 or not self._take_step(values):
                self._run(self._bent(values))
        found = self._smallest()
        return {
            "runs": self.runs,
            "found": _literals(found),
            "passing": _literals(self._nearest(found) or self._neighbour(found)),
            "furthest": _literals(self.kept[0][1] if self.kept else None),
        }

    def _begin(self):
        self._run(self.base)
        for at, seeds in enumerate(self.place.seeds):
            for other in seeds[1:]:
                if not self._is_over():
                    values = _with(self.base, at, other)
                    self._run(values)
                    self.novel.append(values)

    def _is_over(self):
        return self.is_best or self.runs >= _MOST_RUNS or self._is_late()

    def _is_late(self, more=0.0):
        return self.clock.is_over(more) or self.place.hangs >= _HANGS

    def _run(self, values):
        name = repr(values)
        if name in self.done:
            return
        self.done.add(name)
        self.runs += 1
        result = self.place.run(values)
        if result.passes and len(self.passing) < _PASSING:
            self.passing.append(values)
        if result.is_new:
            self.novel.append(values)
        key = result.key()
        # Of equals the shortest: there is less to change in it.
        rank = (key, -len(name))
        if len(self.kept) < _KEPT or rank > self.kept[-1][0]:
            self.kept.append((rank, values))
            self.kept.sort(key=lambda one: one[0], reverse=True)
            del self.kept[_KEPT:]
        if result.is_found and (self.best is None or key > self.best[0]):
            self.best = (key, values)
            self.is_best = self.place.is_best(result)

    def _chosen(self):
        """Mostly what came furthest, else what led to something new, the latest rather."""
        if self.novel and self.random.random() < 0.4:
            return self.novel[-1 - min(int(self.random.expovariate(0.1)), len(self.novel) - 1)]
        return self.kept[min(int(self.random.expovariate(0.35)), len(self.kept) - 1)][1]

    def _take_step(self, values):
        """Runs the next of the plain steps from there, if there is one."""
        name = repr(values)
        if name not in self.steps:
            if len(self.steps) > _STEPPED:
                return False
            seeds = enumerate(self.place.seeds)
            steps = [(at, other) for at, value in enumerate(values) for other in self.variety.steps(value)]
            self.random.shuffle(steps)
            # What the place began with comes first.
            steps.extend((at, other) for at, others in seeds for other in others)
            self.steps[name] = steps
        if not self.steps[name]:
            return False
        self._run(_with(values, *self.steps[name].pop()))
        return True

    def _bent(self, values):
        for _ in range(1 if self.random.random() < 0.8 else 2):
            at = self.random.randrange(len(values))
            values = _with(values, at, self.variety.of(values[at], self.place.seeds[at]))
        return values

    def _smallest(self):
        """What was found with values as the call had them, and shorter ones where it needs others."""
        if self.best is None:
            return None
        key, values = self.best
        left = _SHRINKING
        is_done = False
        while not is_done:
            is_done = True
            for at, base in enumerate(self.base):
                for less in itertools.chain([base], guwu_vary.smaller(values[at])):
                    if left <= 0 or self._is_late(0.2):
                        return values
                    if repr(less) == repr(values[at]) or repr(values[at]) == repr(base):
                        continue
                    left -= 1
                    tried = _with(values, at, less)
                    result = self.place.run(tried)
                    if result.is_found and result.key()[:3] >= key[:3]:
                        values, is_done = tried, False
                        break
        return values

    def _nearest(self, found):
        """Values that passed and differ from the found ones in one place, the likest there."""
        best, likeness = None, -1.0
        for values in self.passing[:_LIKEST] + self.passing[-_LIKEST:] if found else ():
            different = [at for at in range(len(found)) if repr(values[at]) != repr(found[at])]
            if len(different) == 1:
                at = different[0]
                matcher = difflib.SequenceMatcher(None, repr(values[at])[:200], repr(found[at])[:200], False)
                if matcher.ratio() > likeness:
                    best, likeness = values, matcher.ratio()
        return best

    def _neighbour(self, found):
        """Values that pass and are one plain step away from the found ones."""
        steps = [self.variety.steps(value)[:_NEIGHBOURS] for value in found or ()]
        for others in itertools.zip_longest(*steps):
            for at, other in enumerate(others):
                if self._is_late(0.4):
                    return None
                values = _with(found, at, other)
                if repr(values) != repr(found) and self.place.run(values).passes:
                    return values
        return None


def _with(values, at, other):
    return values[:at] + [other] + values[at + 1 :]


def _literals(values):
    return None if values is None else [repr(value) for value in values]
