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
import threading
import time
import traceback

import guwu_vary

# Values that are kept to be changed further, runs in all, and those that make what was found smaller.
_KEPT = 60
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
        except (KeyboardInterrupt, SystemExit) as raised:
            error = raised
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


def explore(place, near, far, seconds):
    """Looks for values with which the call fails as recorded; what it found, as literals."""
    chance = random.Random(0)
    variety = guwu_vary.Variety(chance, near, far)
    clock = Clock(seconds)
    width = len(place.seeds)
    kept = []
    # What ran a line or a function for the first time: a way that may lead on.
    novel = []
    passing = []
    done = set()
    steps = {}
    runs = [0]
    best = [None]
    is_best = [False]

    def run(values):
        name = repr(values)
        if name in done:
            return
        done.add(name)
        runs[0] += 1
        result = place.run(values)
        if result.passes and len(passing) < 4000:
            passing.append(values)
        # Of equals the shortest: there is less to change in it.
        rank = (result.key(), -len(name))
        if result.is_new:
            novel.append(values)
        if len(kept) < _KEPT or rank > kept[-1][0]:
            kept.append((rank, values))
            kept.sort(key=lambda one: one[0], reverse=True)
            del kept[_KEPT:]
        if result.is_found and (best[0] is None or result.key() > best[0][0]):
            best[0] = (result.key(), values)
            is_best[0] = place.is_best(result)

    def is_over():
        return is_best[0] or clock.is_over() or runs[0] >= _MOST_RUNS or place.hangs >= _HANGS

    def take_step(values):
        """The next of the plain steps from there."""
        name = repr(values)
        if name not in steps:
            if len(steps) > 40:
                return False
            found = steps[name] = [(at, other) for at in range(width) for other in variety.steps(values[at])]
            chance.shuffle(found)
            # What the place began with comes first.
            found.extend((at, other) for at in range(width) for other in place.seeds[at])
        if not steps[name]:
            return False
        at, other = steps[name].pop()
        run(values[:at] + [other] + values[at + 1 :])
        return True

    base = [codes[0] for codes in place.seeds]
    run(base)
    for at in range(width):
        for other in place.seeds[at][1:]:
            if not is_over():
                values = base[:at] + [other] + base[at + 1 :]
                run(values)
                novel.append(values)
    while not is_over() and kept:
        # Mostly from what came furthest.
        if novel and chance.random() < 0.4:
            at = len(novel) - 1 - min(int(chance.expovariate(0.1)), len(novel) - 1)
            values = list(novel[at])
        else:
            at = min(int(chance.expovariate(0.35)), len(kept) - 1)
            values = list(kept[at][1])
        if chance.random() < 0.5 and take_step(values):
            continue
        for _ in range(1 if chance.random() < 0.8 else 2):
            hole = chance.randrange(width)
            values[hole] = variety.of(values[hole], place.seeds[hole])
        run(values)
    found = best[0] and _smallest(place, best[0], base, clock)
    return {
        "runs": runs[0],
        "found": found and [repr(value) for value in found],
        "passing": _nearest(found, passing) or _neighbour(place, found, variety, clock),
        "furthest": [repr(value) for value in kept[0][1]] if kept else None,
    }


def _smallest(place, best, base, clock):
    """The same failure with values as the call had them, and shorter ones where it needs others."""
    key, values = best
    left = [_SHRINKING]

    def still_fails(tried):
        left[0] -= 1
        result = place.run(tried)
        return result.is_found and result.key()[:3] >= key[:3]

    def is_over():
        return left[0] <= 0 or clock.is_over(0.2) or place.hangs >= _HANGS

    for at in range(len(values)):
        tried = values[:at] + [base[at]] + values[at + 1 :]
        if repr(tried) != repr(values) and not is_over() and still_fails(tried):
            values = tried
    is_done = False
    while not is_done:
        is_done = True
        for at in range(len(values)):
            for less in guwu_vary.smaller(values[at]):
                if is_over():
                    return values
                tried = values[:at] + [less] + values[at + 1 :]
                if repr(less) != repr(base[at]) and still_fails(tried):
                    values, is_done = tried, False
                    break
    return values


def _nearest(found, passing):
    """Values that pass and differ from the found ones in one place, the likest there."""
    if found is None:
        return None
    best, likeness = None, -1.0
    for values in passing[:_LIKEST] + passing[-_LIKEST:]:
        different = [at for at in range(len(found)) if repr(values[at]) != repr(found[at])]
        if len(different) == 1:
            at = different[0]
            matcher = difflib.SequenceMatcher(None, repr(values[at])[:200], repr(found[at])[:200], False)
            if matcher.ratio() > likeness:
                best, likeness = values, matcher.ratio()
    return best and [repr(value) for value in best]


def _neighbour(place, found, variety, clock):
    """Values that pass and are one plain step away from the found ones."""
    if found is None:
        return None
    steps = [variety.steps(value)[:_NEIGHBOURS] for value in found]
    for others in itertools.zip_longest(*steps):
        for at, other in enumerate(others):
            if clock.is_over(0.4) or place.hangs >= _HANGS:
                return None
            values = found[:at] + [other] + found[at + 1 :]
            if repr(values) != repr(found) and place.run(values).passes:
                return [repr(value) for value in values]
    return None


def settrace_is_free():
    """Nobody else (a coverage tool, a debugger) watches."""
    return sys.gettrace() is None and threading.current_thread() is threading.main_thread()
