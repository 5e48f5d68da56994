//! GW9xx: what is reported as an error and is none of the program's own.

use super::pattern;
use crate::model::Platform::{JavaScript, Python};
use crate::pattern::Pattern;

pub(super) const PATTERNS: &[Pattern] = &[
    pattern!(
        "GW901", Some(JavaScript), "e2e", false,
        Some("the code belongs to a browser extension"),
        "browser extension",
        "ignore it; leave frames of extensions out of reports",
        "\
What it means: the innermost frames lie in an extension of the user's browser.
Why tests miss it: it is not your code.
How to test it: not at all.
Example:
    chrome-extension://…/content.js",
    ),
    pattern!(
        "GW902", Some(JavaScript), "e2e", false,
        Some("a notice of the browser without consequence"),
        "ResizeObserver notice",
        "ignore it",
        "\
What it means: a ResizeObserver's callback changed sizes again; the browser delivers the rest in the next
frame. Nothing is lost.
Why tests miss it: it is no failure.
How to test it: not at all.
Example:
    ResizeObserver loop completed with undelivered notifications.",
    ),
    pattern!(
        "GW903", Some(JavaScript), "e2e", false,
        Some("the browser hides errors of other origins"),
        "cross-origin script error",
        "serve the script with CORS headers and `crossorigin`, then the next occurrence has a stack",
        "\
What it means: a script of another origin threw; the browser hides message, place and stack.
Why tests miss it: nothing is known about it.
How to test it: first make it visible.
Example:
    <script src=\"https://cdn.example/x.js\" crossorigin=\"anonymous\"></script>",
    ),
    pattern!(
        "GW904", None, "integration", false,
        Some("somebody cancelled the work on purpose"),
        "cancelled",
        "ignore it, or catch the cancellation where it is expected",
        "\
What it means: a request, task or generator was cancelled: the user left the page, the client went away,
the program is shutting down.
Why tests miss it: it is no failure.
How to test it: only that the program catches it where it cancels.
Example:
    test('abort is silent', async () => {
      controller.abort();
      await expect(load(controller.signal)).resolves.toBeUndefined();
    });",
    ),
    pattern!(
        "GW905", Some(Python), "e2e", false,
        Some("somebody stopped the program"),
        "interrupted from the keyboard",
        "ignore it",
        "\
What it means: Ctrl-C, or a supervisor's SIGINT.
Why tests miss it: it is no failure.
How to test it: not at all.
Example:
    KeyboardInterrupt",
    ),
    pattern!(
        "GW906", Some(Python), "e2e", false,
        Some("the program ended on purpose"),
        "program ended itself",
        "ignore it; look at the lines above for the reason",
        "\
What it means: `sys.exit()` was called. The reason, if any, was printed before.
Why tests miss it: it is no failure.
How to test it: the exit status of a command, if it is wrong.
Example:
    def test_bad_option_ends_with_2():
        assert run([\"--nope\"]).returncode == 2",
    ),
    pattern!(
        "GW907", None, "integration", false,
        Some("the client went away"),
        "client closed the connection",
        "ignore it; many at once point at a slow answer",
        "\
What it means: a browser was closed or a proxy gave up while the answer was being written.
Why tests miss it: test clients wait.
How to test it: not at all.
Example:
    BrokenPipeError: [Errno 32] Broken pipe",
    ),
    pattern!(
        "GW908", None, "integration", false,
        Some("the answer to a wrong or refused request"),
        "request refused on purpose",
        "ignore it, unless the address is one of your own links: then test that page's links",
        "\
What it means: not found, not allowed, not signed in, malformed: the program answered a bad request
as it should, and logged it.
Why tests miss it: it is the right answer.
How to test it: a link of your own that leads nowhere is worth a test of that page.
Example:
    werkzeug.exceptions.NotFound: 404 Not Found",
    ),
    pattern!(
        "GW909", Some(Python), "e2e", false,
        Some("scanners and forged requests"),
        "suspicious request rejected",
        "ignore it; filter it at the proxy",
        "\
What it means: an unknown host header, a forged token or an oversized form was rejected.
Why tests miss it: it is the right answer.
How to test it: not at all.
Example:
    Invalid HTTP_HOST header: 'x'. You may need to add 'x' to ALLOWED_HOSTS.",
    ),
    pattern!(
        "GW910", Some(JavaScript), "e2e", false,
        Some("code that an app or a tool put into the page"),
        "script injected into the page",
        "ignore it",
        "\
What it means: the web view of another app, a translation or a password tool ran its own code in the page.
Why tests miss it: it is not your code.
How to test it: not at all.
Example:
    ReferenceError: Can't find variable: gmo",
    ),
    pattern!(
        "GW911", Some(JavaScript), "e2e", false,
        Some("the browser's rule for media playback"),
        "media playback refused",
        "catch the promise of `play()`; nothing else is needed",
        "\
What it means: the browser allows sound only after a click, or a pause came before playback had begun.
Why tests miss it: the test browser allows it.
How to test it: that the rejection is caught.
Example:
    video.play().catch(() => showPlayButton());",
    ),
    pattern!(
        "GW912", Some(JavaScript), "e2e", false,
        Some("the report holds no information"),
        "error object without content",
        "log `error.stack`, not the error inside an object: errors become `{}` as JSON",
        "\
What it means: an error was turned into JSON, which keeps none of its properties: `{}`. The stack, if there
is one, is that of the logger.
Why tests miss it: nothing is known about it.
How to test it: first make it visible.
Example:
    console.error(error.stack);",
    ),
];
