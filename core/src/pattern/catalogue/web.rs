//! GW6xx: databases, templates and HTTP.

use super::pattern;
use crate::model::Platform::Python;
use crate::pattern::Pattern;

pub(super) const PATTERNS: &[Pattern] = &[
    pattern!(
        "GW601", Some(Python), "integration", true, None,
        "database constraint broken",
        "insert the same thing twice, and one with a missing parent, against a real database in a test",
        "\
What it means: a unique, foreign key, not-null or check constraint refused the write: a double click, a
race, a parent that was deleted.
Why tests miss it: each test starts from an empty database and writes once.
How to test it: do it twice.
Example:
    def test_register_twice(client):
        client.post(\"/users\", json={\"mail\": \"a@b.c\"})
        assert client.post(\"/users\", json={\"mail\": \"a@b.c\"}).status_code == 409",
    ),
    pattern!(
        "GW602", Some(Python), "integration", true, None,
        "database schema does not fit the code",
        "run all migrations on an empty database in CI and compare the result with the models",
        "\
What it means: a table, column or function is missing, or the SQL is wrong for this database.
Why tests miss it: tests create the tables from the models and never run the migrations, or use SQLite.
How to test it: the migrations, on the production database's kind.
Example:
    def test_migrations_match_the_models(postgres):
        upgrade(postgres, \"head\")
        assert diff(postgres, Base.metadata) == []",
    ),
    pattern!(
        "GW603", Some(Python), "integration", false,
        Some("the database was down, locked or out of connections"),
        "database not available",
        "test what the caller does without a database; look for transactions left open",
        "\
What it means: no connection, a lock that was not released, or a pool without free connections.
Why tests miss it: one client, one short transaction.
How to test it: two sessions at once, if your own code holds the lock.
Example:
    def test_reading_while_writing(db):
        with db.begin(), db.connect() as other:
            assert other.execute(SELECT)",
    ),
    pattern!(
        "GW604", Some(Python), "integration", true, None,
        "row does not exist (or is not the only one)",
        "call the function for an id that does not exist and for one that exists twice",
        "\
What it means: `.get()` or `.one()` found no row, or several.
Why tests miss it: fixtures create exactly one.
How to test it: none and two; the right answer is usually a 404 or an explicit choice.
Example:
    def test_unknown_order(client):
        assert client.get(\"/orders/0\").status_code == 404",
    ),
    pattern!(
        "GW605", Some(Python), "integration", true, None,
        "object outside of its session or transaction",
        "use the object after the session is closed, as the caller does, in a test with the production session scope",
        "\
What it means: a lazy attribute was read after the session ended, or work went on in a transaction that
had failed, or blocking database access ran inside async code.
Why tests miss it: the test keeps one session open from begin to end.
How to test it: the scope of production.
Example:
    def test_order_can_be_rendered(app):
        with session_scope() as s: order = s.get(Order, 1)
        assert render(order)",
    ),
    pattern!(
        "GW606", Some(Python), "integration", true, None,
        "template failed",
        "render every template in a test, with the smallest context that a view passes",
        "\
What it means: a template is missing, does not parse, or uses a variable that this view does not pass.
Why tests miss it: views are tested with rendering mocked, mails and error pages are never rendered.
How to test it: render them all.
Example:
    @pytest.mark.parametrize(\"name\", env.list_templates())
    def test_template_compiles(name):
        env.get_template(name)",
    ),
    pattern!(
        "GW607", Some(Python), "integration", true, None,
        "no URL for this route name",
        "render the page or call the redirect in a test; check all route names that templates use",
        "\
What it means: a URL was built for a route that does not exist, or with an argument missing.
Why tests miss it: the page with this link is not rendered in any test.
How to test it: render it.
Example:
    def test_order_page_links(client, order):
        assert client.get(f\"/orders/{order.id}\").status_code == 200",
    ),
    pattern!(
        "GW608", None, "integration", true, None,
        "another service answered with an error",
        "let the fake service answer this status and assert what the caller shows or retries",
        "\
What it means: an HTTP client raised for a 4xx or 5xx answer of another service.
Why tests miss it: the fake answers 200.
How to test it: the status as a parameter.
Example:
    @pytest.mark.parametrize(\"status\", [404, 429, 500, 503])
    def test_payment_service_fails(mock_api, status):
        mock_api.post(\"/pay\", status=status)
        assert checkout().error == \"payment\"",
    ),
    pattern!(
        "GW609", Some(Python), "unit", true, None,
        "used outside of the application or request context",
        "call the function from a job or a thread in a test, without the request that a client provides",
        "\
What it means: code that needs the current request or application ran in a background job, a thread or at
import time.
Why tests miss it: the test client pushes a context.
How to test it: without a client.
Example:
    def test_nightly_job_runs_alone():
        assert nightly_report() is not None",
    ),
    pattern!(
        "GW610", Some(Python), "integration", true, None,
        "view returned no valid response",
        "call the route with the input that leads to this branch and assert the status",
        "\
What it means: a view returned None or an object that the framework (or the declared response model) can
not send.
Why tests miss it: the branch without `return` is not covered.
How to test it: that branch, through the test client.
Example:
    def test_unsupported_method_of_the_form(client):
        assert client.post(\"/search\", data={}).status_code == 400",
    ),
    pattern!(
        "GW611", Some(Python), "e2e", false,
        Some("the server stopped a request that took too long"),
        "worker timed out",
        "find the slow call in the innermost frames of your own code; give it a limit of its own and test that",
        "\
What it means: the process manager killed a worker that did not answer in time; the frames show where it
was at that moment, which need not be the culprit.
Why tests miss it: test data is small.
How to test it: the call's own time limit.
Example:
    def test_report_gives_up(slow_db):
        with pytest.raises(ReportTooLarge):
            report(rows=10**7, limit=1)",
    ),
    pattern!(
        "GW612", Some(Python), "integration", true, None,
        "value does not fit the database column",
        "write the longest and the largest value that the form allows, and assert the answer",
        "\
What it means: a text is too long, a number too large or a value of the wrong type for its column.
Why tests miss it: SQLite accepts nearly anything, and tests use short values.
How to test it: the limits, on the production database's kind.
Example:
    def test_long_name(client):
        assert client.post(\"/users\", json={\"name\": \"x\" * 300}).status_code == 422",
    ),
];
