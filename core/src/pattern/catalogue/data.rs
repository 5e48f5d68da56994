//! GW2xx: missing values, missing keys, and data of another form than expected.

use super::pattern;
use crate::model::Platform::Python;
use crate::pattern::Pattern;

pub(super) const PATTERNS: &[Pattern] = &[
    pattern!(
        "GW201", Some(Python), "unit", true, None,
        "None where a value was expected",
        "make the source of the value return None (no row, no match, no setting) and assert what the caller should do",
        "\
What it means: a lookup found nothing and returned None, and the next line used the result. The line that
fails is seldom the line that is wrong.
Why tests miss it: fixtures always contain the row, the match, the header.
How to test it: arrange the absence, call the function that uses the result.
Example:
    def test_profile_of_an_unknown_user(client):
        assert client.get(\"/users/0\").status_code == 404",
    ),
    pattern!(
        "GW202", Some(Python), "unit", true, None,
        "missing key",
        "pass a mapping without this key and assert the default or the error that callers should see",
        "\
What it means: `d[key]` for a key that this payload, configuration or cache does not hold.
Why tests miss it: test payloads are complete; clients of other versions send other keys.
How to test it: remove each optional key in turn.
Example:
    @pytest.mark.parametrize(\"key\", [\"graph_type\", \"limit\"])
    def test_optional_keys(payload, key):
        del payload[key]
        assert build(payload) is not None",
    ),
    pattern!(
        "GW203", Some(Python), "unit", true, None,
        "index out of range",
        "call the function with an empty sequence and with one element",
        "\
What it means: `x[0]` of nothing, `x[1]` of one, `split()` of a text without the separator.
Why tests miss it: test data has the expected number of elements.
How to test it: none, one, and one more than expected.
Example:
    @pytest.mark.parametrize(\"line\", [\"\", \"a\", \"a;b;c\"])
    def test_parse_of_odd_lines(line):
        parse(line)",
    ),
    pattern!(
        "GW204", Some(Python), "unit", true, None,
        "text can not be converted",
        "pass the rejected text, the empty text and surrounding blanks through the boundary and assert the answer",
        "\
What it means: `int()`, `float()`, a date parser or a UUID got text that is none.
Why tests miss it: tests send well-formed values.
How to test it: the rejected value as a parameter; the right answer is usually a validation error.
Example:
    @pytest.mark.parametrize(\"page\", [\"\", \"x\", \"-1\", \"1e9\"])
    def test_page_number(client, page):
        assert client.get(f\"/items?page={page}\").status_code == 400",
    ),
    pattern!(
        "GW205", Some(Python), "unit", true, None,
        "wrong number of values to unpack",
        "return one value more and one less from the source and assert what the caller does",
        "\
What it means: `a, b = x` for an `x` of another length: a function that began to return a triple, a row
with a new column, a text with another number of separators.
Why tests miss it: the source is mocked with the old shape.
How to test it: call caller and source together.
Example:
    def test_login_uses_what_the_store_returns(store):
        assert login(store, \"bob\").ok",
    ),
    pattern!(
        "GW206", Some(Python), "unit", true, None,
        "text in another encoding",
        "feed bytes that are not UTF-8 (and an emoji) through the function and assert the result",
        "\
What it means: bytes were decoded, or text encoded, with an encoding that does not fit: a Latin-1 upload,
an ASCII locale in a container, a lone surrogate.
Why tests miss it: tests use ASCII, and the developer's locale is UTF-8.
How to test it: bytes as parameters.
Example:
    @pytest.mark.parametrize(\"raw\", [b\"caf\\xe9\", \"\\N{SNOWMAN}\".encode()])
    def test_import_of_any_encoding(raw):
        assert read_names(raw)",
    ),
    pattern!(
        "GW207", Some(Python), "integration", true, None,
        "response or file is not JSON",
        "make the source answer with an empty body and with HTML and assert how the caller reports it",
        "\
What it means: a JSON decoder met an empty body, an HTML error page or a half-written file.
Why tests miss it: the service is mocked and always answers JSON.
How to test it: let the mock answer 502 with HTML.
Example:
    def test_gateway_error_page(mock_api):
        mock_api.get(\"/rates\", status=502, text=\"<html>\")
        assert load_rates() == CACHED_RATES",
    ),
    pattern!(
        "GW208", Some(Python), "integration", true, None,
        "data breaks its schema",
        "send the recorded payload through the model and assert either that it fits or which error the client gets",
        "\
What it means: a validation library (pydantic, marshmallow, jsonschema …) rejected data outside of a
request's own validation: a row, a configuration, another service's answer.
Why tests miss it: models are tested with data made by the same models.
How to test it: a recorded payload as fixture.
Example:
    def test_recorded_event_fits_the_model(recorded_event):
        Event.model_validate(recorded_event)",
    ),
    pattern!(
        "GW209", Some(Python), "unit", true, None,
        "nothing to choose from",
        "call the function with an empty collection and assert the result",
        "\
What it means: `min()`, `max()`, `random.choice()` or a reduction of no elements.
Why tests miss it: the test database has rows.
How to test it: the empty collection.
Example:
    def test_latest_of_no_orders():
        assert latest([]) is None",
    ),
    pattern!(
        "GW210", Some(Python), "unit", true, None,
        "value outside of an enumeration",
        "pass the unknown value and assert the answer; other systems add values before you do",
        "\
What it means: `Status(\"archived\")` for a value that the enumeration does not list.
Why tests miss it: tests iterate over the known values.
How to test it: a value that does not exist.
Example:
    def test_unknown_status_is_kept():
        assert parse_status(\"archived\") is Status.OTHER",
    ),
    pattern!(
        "GW211", Some(Python), "unit", true, None,
        "times with and without zone mixed",
        "compare a stored time with a new one in a test, under a zone other than UTC",
        "\
What it means: a naive and an aware datetime met in a comparison or a subtraction.
Why tests miss it: tests create both values the same way; the database driver returns the other kind.
How to test it: read the value back from the real database.
Example:
    def test_age_of_a_stored_order(session):
        order = session.get(Order, add_order(session))
        assert order.age() < timedelta(minutes=1)",
    ),
    pattern!(
        "GW212", Some(Python), "unit", true, None,
        "element is not in the sequence",
        "call the function with an element that is absent and assert the result",
        "\
What it means: `list.remove`, `index` or `str.index` did not find what it was told to find.
Why tests miss it: tests remove what they added; production removes twice.
How to test it: do it twice.
Example:
    def test_unsubscribe_twice(topic, listener):
        topic.unsubscribe(listener)
        topic.unsubscribe(listener)",
    ),
    pattern!(
        "GW213", Some(Python), "unit", true, None,
        "input file is malformed",
        "keep the broken input as a fixture and assert which error the user gets",
        "\
What it means: a parser (XML, YAML, TOML, CSV, archive, binary struct) rejected its input.
Why tests miss it: fixtures are well-formed.
How to test it: a truncated file and an empty one.
Example:
    @pytest.mark.parametrize(\"text\", [\"\", \"<a>\", \"a: [\"])
    def test_broken_upload(client, text):
        assert client.post(\"/import\", data=text).status_code == 422",
    ),
];
