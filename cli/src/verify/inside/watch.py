"""What runs in a call of a test that is explored: how far it comes along the recorded chain, and what ran for the first
time. Part of Gu Wu.

Written for CPython 3.6 and later, so without annotations.
"""

import sys

# A function beside the chain in which so many lines ran since one was new is watched no more; and no function is once so
# many ran in all.
_BORING = 50000
_ALL_BORING = 1000000


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
        # Its texts are well-formed: of two that fail alike production had rather that one.
        self.is_in_form = True
        self.passes = False
        self.is_new = False
        # Calls of sequences that could not be made, by their place.
        self.failed = {}

    def come(self, number, distance):
        """A function of the chain ran at a line that is so far from the recorded one."""
        if not distance:
            self.exact.add(number)
        if number > self.frames or (number == self.frames and distance < self.distance):
            self.frames, self.distance = number, distance

    def key(self):
        found = (self.is_found, self.message, self.matched, self.is_found and self.is_in_form)
        return found + (self.frames, len(self.exact), -self.distance, self.is_same_type)


class Watch:
    """What ran in a call: the functions of the chain and their neighbours line by line, others of the project by their
    name alone."""

    def __init__(self, steps_of, is_project, words):
        self.steps_of = steps_of
        self.is_project = is_project
        # Ends of the paths of the chain's files.
        self.files = ()
        self.words = words
        self.tracers = {}
        self.left = _ALL_BORING
        self.result = None

    def _tracer(self, frame):
        """How the lines of a function are watched, which is met for the first time; None: not at all."""
        code = frame.f_code
        steps = self.steps_of(code)
        is_beside = not steps and code.co_filename.replace("\\", "/").endswith(self.files)
        tracer = self._lines_of(steps) if steps else self._lines_beside(code) if is_beside else None
        self.tracers[code] = tracer
        if self.is_project(code.co_filename):
            self.result.is_new = True
            try:
                self.words.read(code, frame.f_globals, bool(steps), is_beside)
            except Exception:
                # It would be raised in the code that is watched.
                pass
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

    def _lines_beside(self, code):
        """Of a function that stands beside one of the chain: whether a line is new, until nothing is."""
        seen = set()
        left = [_BORING]

        def on_line(frame, event, _argument):
            if event == "line":
                left[0] -= 1
                self.left -= 1
                if frame.f_lineno not in seen:
                    seen.add(frame.f_lineno)
                    self.result.is_new = True
                    left[0] = _BORING
                if left[0] <= 0 or self.left <= 0:
                    self.tracers[code] = None
                    return None
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
