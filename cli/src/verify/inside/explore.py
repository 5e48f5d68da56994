"""Calls a test's function many times with other values, led by how far each call comes along the recorded chain. Part
of Gu Wu.

What it finds is only a proposal: the test that is written with the values is run and judged as any other.
Written for CPython 3.6 and later, so without annotations.
"""

import ast
import difflib
import itertools
import random
import time

import guwu_formats
import guwu_place
import guwu_sequences
import guwu_vary

# Values that are kept to be changed further, passing ones, and those from which plain steps are taken.
_KEPT = 60
_PASSING = 4000
_STEPPED = 40
# Runs in all, and those that make what was found smaller.
_MOST_RUNS = 50000
_SHRINKING = 250
# Nothing new in so many runs, and in all but this part of the time: nothing will come.
_IDLE_RUNS = 2500
_IDLE = 0.5
# So much more time to find in form what was found out of it.
_FORMING = 0.6
# The same for making what was found smaller, and for what is like it and passes.
_AFTER = 0.2
# How much longer than its own time a search may take.
_SLOWEST = 3
# Passing values that are compared with what was found.
_LIKEST = 300
_NEIGHBOURS = 60
# So many runs without anything new, none of which came to the recorded chain: none will.
_LOST_RUNS = 400
# What takes longer, and so many times as long as the first call, is not changed further.
_SLOW = 0.03
_SLOW_TIMES = 5
# More calls that do not end than these, and the place is left.
_HANGS = 4


class Clock:
    """The time of this process, so that others on the machine take nothing from the search; but never far beyond it."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.end = time.process_time() + seconds
        self.latest = time.monotonic() + _SLOWEST * seconds

    def is_over(self, more=0.0):
        """Whether the time is over, and so much of it more (or less)."""
        more *= self.seconds
        return time.process_time() >= self.end + more or time.monotonic() >= self.latest + more


class Search:
    """Looks for values with which a call fails as recorded."""

    def __init__(self, place, words, seconds):
        self.place = place
        self.random = random.Random(0)
        self.variety = guwu_vary.Variety(self.random, words)
        for at in range(len(place.seeds)):
            place.kinds[at] = self._kind(place.calls.get(at))
        self.seconds = seconds
        self.clock = Clock(seconds)
        self.base = [values[0] for values in place.seeds]
        self.runs = 0
        # The last run that came further or somewhere new.
        self.last_new = 0
        # Seconds that a call may take for others to be made of it.
        self.usual = None
        self.done = set()
        # What came furthest, the best first, each as (rank, values).
        self.kept = []
        # What ran a line or a function for the first time: a way that may lead on.
        self.novel = []
        self.passing = []
        # Plain steps not taken yet, by the values that they begin at.
        self.steps = {}
        self.words = 0
        # The key and the values of what fails as recorded.
        self.best = None
        self.is_best = False

    def _kind(self, calls):
        if calls is None:
            return self.variety
        return guwu_sequences.Sequences(self.random, self.variety, calls, ast.literal_eval)

    def search(self):
        """What was found, as literals."""
        self._begin()
        while self.kept and not self._is_over():
            values = self._chosen()
            if self.random.random() >= 0.5 or not self._take_step(values):
                self._run(self._bent(values))
        self.clock = Clock(_AFTER * self.seconds)
        found = self._smallest()
        self.clock = Clock(_AFTER * self.seconds)
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
            # A text may be one of some format; what it shows tells.
            for other in guwu_formats.SEEDS if isinstance(seeds[0], str) else ():
                if not self._is_over():
                    self._run(_with(self.base, at, other))

    def _is_over(self):
        is_idle = self.runs - self.last_new >= _IDLE_RUNS and self.clock.is_over(-_IDLE)
        more = _FORMING if self._wants_form() else 0.0
        if self.runs - self.last_new >= _LOST_RUNS and not self.kept[0][0][0][4]:
            return True
        return self.is_best or self.runs >= _MOST_RUNS or is_idle or self._is_late(more)

    def _is_late(self, more=0.0):
        return self.clock.is_over(more) or self.place.hangs >= _HANGS

    def _run(self, values):
        name = repr(values)
        if name in self.done or (self._wants_form() and not guwu_place.are_in_form(values)):
            return
        self.done.add(name)
        self.runs += 1
        began = time.process_time()
        result, made = self.place.run(values)
        took = time.process_time() - began
        if self.usual is None:
            self.usual = max(_SLOW, _SLOW_TIMES * took)
        is_slow = took > self.usual
        if made is not values:
            # Calls that could not be made were left out.
            values, name = made, repr(made)
            if name in self.done:
                return
            self.done.add(name)
        if result.passes and len(self.passing) < _PASSING:
            self.passing.append(values)
        if is_slow and not result.is_found:
            # Near to it nearly everything is.
            return
        key = result.key()
        if result.is_new:
            self.novel.append(values)
        if result.is_new or not self.kept or key > self.kept[0][0][0]:
            self.last_new = self.runs
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
        if self._wants_form():
            others = [values for values in self.novel[-_KEPT:] if guwu_place.are_in_form(values)]
            if others and self.random.random() < 0.8:
                return self.random.choice(others)
        if self.novel and self.random.random() < 0.4:
            if self.random.random() < 0.4:
                return self.random.choice(self.novel)
            return self.novel[-1 - min(int(self.random.expovariate(0.1)), len(self.novel) - 1)]
        return self.kept[min(int(self.random.expovariate(0.35)), len(self.kept) - 1)][1]

    def _wants_form(self):
        """Something was found, but not in the form that production had."""
        return self.best is not None and not self.best[0][3]

    def _take_step(self, values):
        """Runs the next of the plain steps from there, if there is one."""
        name = repr(values)
        words = self.variety.words.count()
        if words != self.words:
            # With words that were met since there are others.
            self.words = words
            self.steps.clear()
        if name not in self.steps:
            if len(self.steps) > _STEPPED:
                return False
            steps = [[(at, other) for other in self.place.kinds[at].steps(value)] for at, value in enumerate(values)]
            # Of each place in turn, from the end.
            in_turn = itertools.zip_longest(*(reversed(of_place) for of_place in steps))
            steps = [step for turn in in_turn for step in turn if step is not None][::-1]
            # What the place began with comes first.
            seeds = enumerate(self.place.seeds)
            steps.extend((at, other) for at, others in seeds for other in others)
            self.steps[name] = steps
        if not self.steps[name]:
            return False
        at, other = self.steps[name].pop()
        if at in self._places(values):
            self._run(_with(values, at, other))
        return True

    def _places(self, values):
        """Where something may be changed: in texts alone, when what was found only lacks form."""
        places = range(len(values))
        if not self._wants_form():
            return places
        return [at for at in places if isinstance(values[at], str)] or places

    def _bent(self, values):
        for _ in range(1 if self.random.random() < 0.8 else 2):
            at = self.random.choice(self._places(values))
            values = _with(values, at, self.place.kinds[at].of(values[at], self.place.seeds[at]))
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
                kind = self.place.kinds[at]
                for less in itertools.chain([base], kind.smaller(values[at])):
                    if left <= 0 or self._is_late():
                        return values
                    if repr(less) == repr(values[at]) or repr(values[at]) == repr(base):
                        continue
                    left -= 1
                    result, tried = self.place.run(_with(values, at, less))
                    if result.is_found and result.key()[:4] >= key[:4]:
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
        steps = [self.place.kinds[at].steps(value)[:_NEIGHBOURS] for at, value in enumerate(found or ())]
        for others in itertools.zip_longest(*steps):
            for at, other in enumerate(others):
                if self._is_late():
                    return None
                result, values = self.place.run(_with(found, at, other))
                if repr(values) != repr(found) and result.passes:
                    return values
        return None


def _with(values, at, other):
    return values[:at] + [other] + values[at + 1 :]


def _literals(values):
    return None if values is None else [repr(value) for value in values]
