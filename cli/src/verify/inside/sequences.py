"""Sequences of calls on an object, bent at random: which methods, in which order, with which arguments. Part of Gu Wu.

A sequence is a list of [target, method, arguments, named arguments]. The target is -1 for the object itself, or the number
of an earlier call, for what that one gave. Arguments are literals, or one of the plan's objects by its number. Methods and
objects are the plan's own: nothing else can come into a sequence.
Written for CPython 3.6 and later, so without annotations.
"""

import itertools

import guwu_vary

_LONGEST = 8
_MOST_STEPS = 1500
_HUGE = 1000
# Values of one argument, and steps from it, that plain steps try.
_SEEDS = 6
_OF_ARGUMENT = 12
# Calls of one method whose arguments are remembered since they could be made.
_REMEMBERED = 6
_PLAIN = [0, "a", None, 1]
# What a method that takes any number of values is given.
_ANY = ["a", 1, "", None, 1.5, True, 0, [], {}]


# How an object of the plan is written down: `{"guwu_object": 3}`.
_OBJECT = "guwu_object"


class Made:
    """One of the plan's objects; what is written down of it is its number."""

    def __init__(self, number):
        self.number = number

    def __repr__(self):
        return repr({_OBJECT: self.number})

    def __eq__(self, other):
        return isinstance(other, Made) and other.number == self.number

    def __hash__(self):
        return hash(self.number)


class Sequences:
    """Makes other sequences of a sequence. ``plan``: the object's class and the methods of each class, by name."""

    def __init__(self, random, variety, plan, literal):
        self.random, self.variety = random, variety
        self.own = plan["class"]
        self.methods = plan["methods"]
        for methods in self.methods.values():
            for method in methods:
                for parameter in method["params"]:
                    seeds = [literal(code) for code in parameter["values"]]
                    seeds[1:1] = [one for one in _PLAIN if one not in seeds]
                    seeds[2:2] = [Made(number) for number in parameter["objects"]]
                    parameter["seeds"] = seeds
        self.by_name = {
            (owner, method["name"]): method for owner, methods in self.methods.items() for method in methods
        }
        # The class of what a method gave, once that was seen.
        self.gave = {}
        # Arguments with which a method could be called.
        self.good = {}

    # --- making the calls -------------------------------------------------------------------------------------------

    def play(self, subject, calls, makers):
        """Makes the calls; the numbers of those that could not be made."""
        results, failed = [], set()
        for number, (target, name, args, named) in enumerate(calls):
            result = None
            if target in failed:
                failed.add(number)
            else:
                on = subject if target < 0 else results[target]
                try:
                    made = [_resolved(one, makers) for one in args]
                    result = getattr(on, name)(*made, **{key: _resolved(one, makers) for key, one in named.items()})
                except Exception:
                    failed.add(number)
                else:
                    self._remember(calls, target, name, args, named)
            results.append(result)
            given = self._known_class(result)
            if given is not None:
                self.gave[(self._class_of(calls, target), name)] = given
        return failed

    def _remember(self, calls, target, name, args, named):
        good = self.good.setdefault((self._class_of(calls, target), name), [])
        if len(good) < _REMEMBERED and [args, named] not in good:
            good.append([list(args), dict(named)])

    def _known_class(self, result):
        if result is None:
            return None
        return next((one.__name__ for one in type(result).__mro__ if one.__name__ in self.methods), None)

    def _class_of(self, calls, target):
        if target < 0:
            return self.own
        return self.gave.get((self._class_of(calls, calls[target][0]), calls[target][1]))

    def _targets(self, calls, before):
        """What calls can be made on there, with their classes."""
        found = [(-1, self.own)]
        for number in range(before):
            given = self._class_of(calls, number)
            if self.methods.get(given):
                found.append((number, given))
        return found

    # --- other sequences --------------------------------------------------------------------------------------------

    def of(self, calls, _others=()):
        """Another sequence."""
        made = [list(call) for call in calls]
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            made = self._once(made)
        return made

    def _once(self, calls):
        choose = self.random.choice
        kind = self.random.randrange(12)
        if not calls or (kind < 4 and len(calls) < _LONGEST):
            at = choose([len(calls), len(calls), self.random.randrange(len(calls) + 1)])
            target, owner = choose(self._targets(calls, at))
            return _inserted(calls, at, self._fresh(calls, target, owner))
        at = self.random.randrange(len(calls))
        if kind < 9:
            return _replaced(calls, at, self._bent(calls, calls[at]))
        if kind == 9:
            return without(calls, {at})
        if kind == 10 and len(calls) < _LONGEST:
            return _inserted(calls, at + 1, list(calls[at]))
        target, owner = calls[at][0], self._class_of(calls, calls[at][0])
        return _replaced(calls, at, self._fresh(calls, target, owner)) if self.methods.get(owner) else calls

    def _fresh(self, calls, target, owner):
        """A call of one of the methods, those at the front rather."""
        methods = self.methods[owner]
        at = int(self.random.expovariate(2.5 / len(methods)))
        method = methods[at] if at < len(methods) else self.random.choice(methods)
        good = self.good.get((owner, method["name"]))
        if good and self.random.random() < 0.5:
            args, named = self.random.choice(good)
            return [target, method["name"], list(args), dict(named)]
        args, named = [], {}
        for parameter in method["params"]:
            if parameter["is_needed"] or self.random.random() < 0.3:
                value = self._value(calls, parameter)
                if parameter["is_needed"] and not parameter["is_named"] and not named:
                    args.append(value)
                else:
                    named[parameter["name"]] = value
        if method["takes_more"] and not named:
            args.extend(self.random.choice(_ANY) for _ in range(self.random.choice([1, 1, 1, 0, 2])))
        return [target, method["name"], args, named]

    def _value(self, calls, parameter):
        """Often what another call was given: names and numbers are there to be met again."""
        seeds = parameter["seeds"]
        if calls and self.random.random() < 0.3:
            others = [one for call in calls for one in call[2] if not isinstance(one, (Made, dict, list))]
            if others:
                return self.random.choice(others)
        if not seeds:
            return self.random.choice(_ANY)
        return seeds[min(int(self.random.expovariate(0.5)), len(seeds) - 1)]

    def _bent(self, calls, call):
        target, name, args, named = call
        places = list(range(len(args))) + list(named)
        if not places or self.random.random() < 0.15:
            owner = self._class_of(calls, target)
            method = self.by_name.get((owner, name))
            left = [p for p in method["params"] if not p["is_needed"] and p["name"] not in named] if method else []
            if not left:
                return call
            parameter = self.random.choice(left)
            return [target, name, args, dict(named, **{parameter["name"]: self._value(calls, parameter)})]
        place = self.random.choice(places)
        if isinstance(place, str) and self.random.random() < 0.2:
            return [target, name, args, {key: one for key, one in named.items() if key != place}]
        return _with(call, place, self._other(calls, call, place))

    def _other(self, calls, call, place):
        value = call[2][place] if isinstance(place, int) else call[3][place]
        parameter = self._parameter(calls, call, place)
        if parameter is not None and (isinstance(value, Made) or self.random.random() < 0.4):
            return self._value(calls, parameter)
        other = self.variety.of(value)
        return value if _is_huge(other) else other

    def _parameter(self, calls, call, place):
        method = self.by_name.get((self._class_of(calls, call[0]), call[1]))
        if method is None:
            return None
        if isinstance(place, int):
            return method["params"][place] if place < len(method["params"]) else None
        return next((one for one in method["params"] if one["name"] == place), None)

    # --- plain steps ------------------------------------------------------------------------------------------------

    def steps(self, calls):
        """Sequences one plain step away; those to try first at the end."""
        calls = [list(call) for call in calls]
        bent, fresh = [], []
        for at, call in enumerate(calls):
            bent.append(without(calls, {at}))
            for place in list(range(len(call[2]))) + list(call[3]):
                value = call[2][place] if isinstance(place, int) else call[3][place]
                parameter = self._parameter(calls, call, place)
                others = list(parameter["seeds"][:_SEEDS]) if parameter else []
                if not isinstance(value, Made):
                    steps = (other for other in self.variety.steps(value) if not _is_huge(other))
                    others.extend(itertools.islice(steps, _OF_ARGUMENT))
                bent.extend(_replaced(calls, at, _with(call, place, other)) for other in others)
        if len(calls) < _LONGEST:
            for target, owner in self._targets(calls, len(calls)):
                for method in self.methods[owner]:
                    fresh.extend(_inserted(calls, len(calls), call) for call in self._plain(target, owner, method))
        self.random.shuffle(bent)
        # Each method plainly before any of them with other values; what comes first is at the end.
        fresh.sort(key=lambda made: made[-1][4])
        fresh.reverse()
        for made in fresh:
            made[-1] = made[-1][:4]
        return (bent + fresh)[-_MOST_STEPS:]

    def _plain(self, target, owner, method):
        """Calls with plain values, then with another value for one parameter; each with how far it is from plain."""
        name = method["name"]
        needed = [p for p in method["params"] if p["is_needed"]]
        for level, values in enumerate(_bases(needed)):
            args = [one for p, one in zip(needed, values) if not p["is_named"]]
            named = {p["name"]: one for p, one in zip(needed, values) if p["is_named"]}
            yield [target, name, args, named, level]
            if method["takes_more"]:
                for more, one in enumerate(_ANY):
                    yield [target, name, args + [one], named, level + more // 2]
        good = self.good.get((owner, name)) or [[args, named]]
        args, named = good[0]
        for level in range(_SEEDS):
            for at, parameter in enumerate(method["params"]):
                if level < len(parameter["seeds"]):
                    is_place = at < len(args) and parameter["is_needed"] and not parameter["is_named"]
                    place = at if is_place else parameter["name"]
                    yield _with([target, name, args, named], place, parameter["seeds"][level]) + [level + 3]

    # --- what matters -----------------------------------------------------------------------------------------------

    def smaller(self, calls):
        """Sequences with less in them."""
        calls = [list(call) for call in calls]
        for at in reversed(range(len(calls))):
            yield without(calls, {at})
        for at, call in enumerate(calls):
            for name in call[3]:
                yield _replaced(calls, at, [call[0], call[1], call[2], {k: v for k, v in call[3].items() if k != name}])
            for place in list(range(len(call[2]))) + list(call[3]):
                value = call[2][place] if isinstance(place, int) else call[3][place]
                parameter = self._parameter(calls, call, place)
                if parameter is not None and parameter["seeds"] and not _is_less(value, parameter["seeds"][0]):
                    yield _replaced(calls, at, _with(call, place, parameter["seeds"][0]))
                for less in guwu_vary.smaller(value):
                    yield _replaced(calls, at, _with(call, place, less))


def _is_huge(value):
    """A number that is a matter of patience, where it says how many or how far."""
    return isinstance(value, (int, float)) and not -_HUGE < value < _HUGE


def _bases(needed):
    """Plain values for all parameters that a method needs, the plainest first."""
    first = [p["seeds"][0] if p["seeds"] else 0 for p in needed]
    count = len(needed)
    bases = [first, [0] * count, ["a"] * count]
    if count > 1:
        bases.extend([[0] * (count - 1) + ["a"], ["a"] + [1] * (count - 1)])
    return bases if needed else [[]]


def _is_less(value, other):
    return len(repr(value)) <= len(repr(other))


def _resolved(value, makers):
    if isinstance(value, Made):
        return makers[value.number]()
    return value


def _with(call, place, other):
    target, name, args, named = call[:4]
    if isinstance(place, int):
        return [target, name, args[:place] + [other] + args[place + 1 :], named]
    return [target, name, args, dict(named, **{place: other})]


def _replaced(calls, at, call):
    return calls[:at] + [call] + calls[at + 1 :]


def _inserted(calls, at, call):
    """With one call more; what was given behind it is known by the next number."""
    behind = [[target + 1 if target >= at else target, *rest] for target, *rest in calls[at:]]
    return calls[:at] + [call] + behind


def read(calls):
    """A sequence as it was written down."""
    return [
        [target, name, [_read(one) for one in args], {key: _read(one) for key, one in named.items()}]
        for target, name, args, named in calls
    ]


def _read(value):
    return Made(value[_OBJECT]) if isinstance(value, dict) and list(value) == [_OBJECT] else value


def without(calls, gone):
    """Without some calls, and without those on what they gave."""
    kept, numbers = [], {-1: -1}
    for number, (target, name, args, named) in enumerate(calls):
        if number not in gone and target in numbers:
            numbers[number] = len(kept)
            kept.append([numbers[target], name, args, named])
    return kept
