//! GW0xx and GW1xx: calls and types in Python, and what has no class of its own.

use super::pattern;
use crate::model::Platform::Python;
use crate::pattern::Pattern;

pub(super) const PATTERNS: &[Pattern] = &[
    pattern!(
        "GW001", None, "integration", false, None,
        "error logged without a traceback",
        "log the exception itself (`exc_info=True` or `logger.exception`), then the next occurrence can become a test",
        "\
What it means: the program reported an error in words, and the log holds neither type nor frames. Such
messages are grouped by their wording; nothing proves where they came from.
Why tests miss it: the handler that wrote the line swallowed the exception, so a test that only asks
whether something raised stays green.
How to test it: first make the failure visible. Then test the contract of the swallowing function: its
result, or that nothing was logged at error level.
Example:
    def test_refresh_reports_no_error(caplog):
        service.refresh()
        assert not [r for r in caplog.records if r.levelname == \"ERROR\"]",
    ),
    pattern!(
        "GW100", Some(Python), "integration", true, None,
        "unclassified Python exception",
        "replay the innermost function of your own code with the values that were in play and assert what it should do instead",
        "\
What it means: an exception that no rule knows, often one of the project's own classes or a bare
`Exception` or `RuntimeError`.
Why tests miss it: the branch that raises it was never entered with such a state.
How to test it: build the state that the frames show, call the outermost function that reproduces the
exception, and assert the right answer (a result, or a domain error that callers handle).
Example:
    def test_checkout_of_an_empty_cart():
        assert checkout(Cart(items=[])).status == \"rejected\"",
    ),
    pattern!(
        "GW101", Some(Python), "integration", true, None,
        "call does not fit the signature",
        "write a test that reaches this call through its real caller, with nothing mocked between caller and callee",
        "\
What it means: a function was called with an argument missing, too many or under an unknown name. Caller
and callee were changed at different times.
Why tests miss it: the callee's own tests call it correctly, and the caller's tests replace it by a mock,
which takes any arguments.
How to test it: call the public entry that contains the call, with the real callee. If a mock is needed,
make it with `autospec=True`, which checks signatures.
Example:
    def test_refresh_clears_the_cache(real_cache):
        assert Facade(cache=real_cache).refresh()[\"success\"] is True",
    ),
    pattern!(
        "GW102", Some(Python), "unit", true, None,
        "value of the wrong type in an operation",
        "call the function with the type that production had (often `str` for a number) and assert the result",
        "\
What it means: an operator or a builtin met a type that it can not work with: `'5' + 3`, comparing `str`
with `int`, joining numbers.
Why tests miss it: tests pass literals of the right type; forms, environment variables, CSV and JSON
deliver strings.
How to test it: pass the value as the boundary delivers it. Convert at the boundary and test there.
Example:
    @pytest.mark.parametrize(\"amount\", [\"5\", 5, Decimal(5)])
    def test_total_accepts_what_the_form_sends(amount):
        assert total([amount, 3]) == 8",
    ),
    pattern!(
        "GW103", Some(Python), "unit", true, None,
        "called something that is not callable",
        "run the line in a test: an attribute, property or module has the place of the function that was meant",
        "\
What it means: `x()` where `x` is a value: a property called like a method, a name that an assignment
shadows (`list = []`), a module imported under the name of its function.
Why tests miss it: no test runs this line, or a mock stands in for the object and mocks are callable.
How to test it: run the line with the real object.
Example:
    def test_report_title():
        assert Report(name=\"a\").render().startswith(\"a\")",
    ),
    pattern!(
        "GW104", Some(Python), "unit", true, None,
        "value is not iterable",
        "call the function with a single value where it expects many, and assert what should happen",
        "\
What it means: a loop, an unpacking, `len()` or `in` met a value that has no elements: one object where a
list was expected.
Why tests miss it: tests always pass lists; the source of the data returns a bare object for one result.
How to test it: pass one element, none and many.
Example:
    @pytest.mark.parametrize(\"rows\", [{\"id\": 1}, [], [{\"id\": 1}]])
    def test_export_takes_one_or_many(rows):
        export(rows)",
    ),
    pattern!(
        "GW105", Some(Python), "unit", true, None,
        "value can not be indexed like this",
        "pass the shape that production had (a list where a mapping was expected, or the reverse) and assert the result",
        "\
What it means: `x[key]` where `x` is a number, a function or a list indexed by a string. The shape of a
response or a config value differs from what the code expects.
Why tests miss it: fixtures were written from the code's expectation, not from a recorded response.
How to test it: store one real response as a fixture, and use it.
Example:
    def test_reads_the_recorded_response(recorded_json):
        assert parse_orders(recorded_json)[0].total == 12",
    ),
    pattern!(
        "GW106", Some(Python), "unit", true, None,
        "unhashable value as a key",
        "use a list or a dict where the code builds a key, a set member or a cached argument, and assert the result",
        "\
What it means: a list, dict or set was used as a dictionary key, in a set, or as an argument of a cached
function (`lru_cache`).
Why tests miss it: tests pass tuples and strings; JSON delivers lists.
How to test it: pass the JSON form of the argument.
Example:
    def test_filter_by_several_tags():
        assert search(tags=[\"a\", \"b\"]) == search(tags=(\"a\", \"b\"))",
    ),
    pattern!(
        "GW107", Some(Python), "unit", true, None,
        "class can not be instantiated",
        "construct every concrete class once in a test; that alone finds a missing method or a wrong base class",
        "\
What it means: an abstract method has no implementation, or the class hierarchy does not fit together.
Why tests miss it: the class is built by name (a registry, a setting), and no test builds this one.
How to test it: walk the registry and construct each entry.
Example:
    @pytest.mark.parametrize(\"cls\", REGISTRY.values())
    def test_every_backend_can_be_built(cls):
        cls()",
    ),
    pattern!(
        "GW108", Some(Python), "unit", true, None,
        "other TypeError",
        "call the innermost function of your own code with the types that production had",
        "\
What it means: a value had a type that this place can not use, in a wording that no other pattern covers.
Why tests miss it: tests use one type for this argument, production another.
How to test it: replay the call with the production types and assert the result.
Example:
    def test_accepts_a_path_object(tmp_path):
        assert load(tmp_path / \"x.csv\") == []",
    ),
    pattern!(
        "GW109", Some(Python), "integration", true, None,
        "value can not be serialised",
        "send the real result through the real encoder in a test, not only compare the Python objects",
        "\
What it means: JSON (or another encoder) met a datetime, Decimal, set, model object or a cycle.
Why tests miss it: tests look at the function's result before it is encoded.
How to test it: call the route with the framework's test client, or encode the result in the test.
Example:
    def test_order_can_be_sent(client):
        assert client.get(\"/orders/1\").status_code == 200",
    ),
    pattern!(
        "GW110", Some(Python), "unit", true, None,
        "name is not defined",
        "run the line in a test and switch on a linter (undefined names are found without running anything)",
        "\
What it means: a misspelt or never imported name, or one that is defined on another branch only.
Why tests miss it: the line is in an error branch or an option that no test uses.
How to test it: one test through that branch. A linter's undefined-name rule finds all of its kind.
Example:
    def test_unknown_format_is_reported():
        with pytest.raises(UnknownFormat):
            export(format=\"nope\")",
    ),
    pattern!(
        "GW111", Some(Python), "unit", true, None,
        "local variable used before assignment",
        "call the function so that the assigning branch is skipped (empty loop, failed try), and assert the result",
        "\
What it means: a variable gets its value in a loop, an `if` or a `try` that this call did not enter.
Why tests miss it: tests use data for which the branch is taken.
How to test it: call it with the empty input.
Example:
    def test_summary_of_nothing():
        assert summary([]) == {\"count\": 0}",
    ),
    pattern!(
        "GW112", Some(Python), "unit", true, None,
        "attribute does not exist",
        "run the line with the real object; use `spec=` for mocks, so that a misspelt attribute fails in the test",
        "\
What it means: the object has another type than the code expects, or the attribute was renamed, or a
library's new version dropped it.
Why tests miss it: mocks invent every attribute that they are asked for.
How to test it: use the real object, or a mock with `spec=RealClass`.
Example:
    def test_invoice_uses_the_customer(customer):
        assert Invoice(customer).address == customer.address",
    ),
    pattern!(
        "GW113", Some(Python), "unit", true, None,
        "assertion failed in production",
        "turn the state that broke the assertion into a test: either it must not arise, or the code must handle it",
        "\
What it means: an `assert` in the program stated something that production broke.
Why tests miss it: the assertion documents what its author thought impossible.
How to test it: build the state and assert how the program should answer instead.
Example:
    def test_refund_of_an_unpaid_order():
        with pytest.raises(NotPaid):
            refund(Order(paid=False))",
    ),
    pattern!(
        "GW114", Some(Python), "unit", true, None,
        "not implemented",
        "call the operation on every concrete class in a parametrised test",
        "\
What it means: a base class's method or an unfinished branch was reached.
Why tests miss it: tests cover the classes that implement it.
How to test it: parametrise over all concrete classes or all values of the option.
Example:
    @pytest.mark.parametrize(\"kind\", list(Kind))
    def test_every_kind_can_be_exported(kind):
        export(kind)",
    ),
    pattern!(
        "GW115", Some(Python), "unit", true, None,
        "endless or too deep recursion",
        "call the function with a value that contains itself, and with one nested deeper than the limit",
        "\
What it means: a function calls itself without end (a cycle in the data, a property that reads itself,
`__getattr__` on a missing attribute), or the data is nested deeper than the interpreter allows.
Why tests miss it: test data is a small tree without cycles.
How to test it: build the cycle.
Example:
    def test_a_cycle_in_the_graph_ends():
        a = Node(); a.children = [a]
        assert depth(a) == 1",
    ),
    pattern!(
        "GW116", Some(Python), "unit", true, None,
        "arithmetic has no result",
        "call the calculation with zero, empty, negative and very large input and assert the result",
        "\
What it means: a division by zero, an overflow, a NaN or a value outside a function's domain.
Why tests miss it: tests use ordinary numbers; an average of no rows divides by zero.
How to test it: the boundary values, as parameters of one test.
Example:
    @pytest.mark.parametrize(\"rows\", [[], [0], [0, 0]])
    def test_average_of_nothing(rows):
        assert average(rows) == 0",
    ),
    pattern!(
        "GW117", Some(Python), "unit", true, None,
        "value is not acceptable",
        "call the function with the value from the message and assert how it should answer",
        "\
What it means: a ValueError in a wording that no other pattern covers: the type is right, the value is not.
Why tests miss it: tests use valid values.
How to test it: the rejected value, and the values next to it.
Example:
    def test_negative_quantity_is_rejected():
        assert add_to_cart(quantity=-1).error == \"quantity\"",
    ),
    pattern!(
        "GW118", Some(Python), "unit", true, None,
        "iterator ended early",
        "call the function with an empty iterator; give `next()` a default",
        "\
What it means: `next()` found nothing; inside a generator that becomes
`RuntimeError: generator raised StopIteration`.
Why tests miss it: tests always have a first element.
How to test it: no element at all.
Example:
    def test_first_match_of_none():
        assert first_match([]) is None",
    ),
];
