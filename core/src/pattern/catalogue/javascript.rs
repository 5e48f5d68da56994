//! GW7xx: JavaScript in browsers and in Node, one pattern for all engines' wordings.

use super::pattern;
use crate::model::Platform::JavaScript;
use crate::pattern::Pattern;

pub(super) const PATTERNS: &[Pattern] = &[
    pattern!(
        "GW700", Some(JavaScript), "unit", true, None,
        "unclassified JavaScript error",
        "call the innermost function of your own code with the values that were in play and assert the result",
        "\
What it means: an error that no rule knows, often one that the program throws itself.
Why tests miss it: the branch that throws was never entered.
How to test it: build the state, call the function, assert the result or what the user sees.
Example:
    test('checkout of an empty cart', () => {
      expect(checkout({ items: [] }).status).toBe('rejected');
    });",
    ),
    pattern!(
        "GW701", Some(JavaScript), "unit", true, None,
        "property of undefined or null",
        "call the function with the part missing that production lacked (empty response, absent element), and assert the result",
        "\
What it means: `a.b.c` where `a.b` is undefined or null. Chromium says `Cannot read properties of undefined`,
Firefox `a.b is undefined`, Safari `undefined is not an object`: one failure.
Why tests miss it: fixtures are complete; the first render, an empty list or a failed request are not tested.
How to test it: the incomplete value.
Example:
    test('user without address', () => {
      expect(format({ name: 'bob' })).toBe('bob');
    });",
    ),
    pattern!(
        "GW702", Some(JavaScript), "unit", true, None,
        "called something that is not a function",
        "run the line with the real object: a method is missing, misspelt or not exported",
        "\
What it means: `x.y()` where `y` is not a function: a typing error, a changed export, an array method on an
object, a library of another version.
Why tests miss it: the module is mocked, or no test runs the handler.
How to test it: the real module.
Example:
    test('refresh calls the api', async () => {
      await expect(refresh(realApi)).resolves.toBeDefined();
    });",
    ),
    pattern!(
        "GW703", Some(JavaScript), "unit", true, None,
        "variable is not defined",
        "run the line in a test and switch on a linter for undefined names",
        "\
What it means: a misspelt or missing import, a global that another script should have set, or Node's
globals in a browser.
Why tests miss it: the test environment defines the global.
How to test it: a build and a smoke test in a real browser; `no-undef` finds the rest.
Example:
    test('page loads without errors', async ({ page }) => {
      page.on('pageerror', e => { throw e; });
      await page.goto('/');
    });",
    ),
    pattern!(
        "GW704", Some(JavaScript), "unit", true, None,
        "variable used before its declaration ran",
        "import the modules in the order that production uses; look for an import cycle",
        "\
What it means: a `const`, `let` or class was read before its line ran, often through a cycle of imports.
Why tests miss it: tests import the modules in another order than the bundle.
How to test it: import each module alone.
Example:
    test('cart imports alone', async () => {
      await expect(import('./cart.js')).resolves.toBeDefined();
    });",
    ),
    pattern!(
        "GW705", Some(JavaScript), "unit", true, None,
        "assignment to something read-only",
        "pass a frozen object to the function in a test and assert that it returns a changed copy",
        "\
What it means: an assignment to a constant, a frozen object (a store's state) or a property without setter.
Why tests miss it: test objects are not frozen, and loose mode ignores it.
How to test it: `Object.freeze` the input.
Example:
    test('add does not change its input', () => {
      expect(add(Object.freeze([1]), 2)).toEqual([1, 2]);
    });",
    ),
    pattern!(
        "GW706", Some(JavaScript), "unit", true, None,
        "value is not iterable",
        "call the function with undefined, null and a plain object where it expects a list",
        "\
What it means: `for … of`, spreading or array destructuring met something without elements.
Why tests miss it: fixtures hold lists; the server leaves empty ones out.
How to test it: the absent list.
Example:
    test('order without items', () => {
      expect(total({})).toBe(0);
    });",
    ),
    pattern!(
        "GW707", Some(JavaScript), "integration", true, None,
        "text is not JSON",
        "let the fake server answer with HTML and with an empty body and assert what the page shows",
        "\
What it means: `JSON.parse` or `response.json()` met an HTML error page, an empty body or a cut text.
Why tests miss it: the fake server always answers JSON.
How to test it: a 502 with HTML.
Example:
    test('gateway error', async () => {
      fetch.mockResolvedValue(new Response('<html>', { status: 502 }));
      expect(await load()).toEqual({ error: 'unavailable' });
    });",
    ),
    pattern!(
        "GW708", Some(JavaScript), "e2e", true, None,
        "script does not parse",
        "load the built page in the oldest supported browser once in CI",
        "\
What it means: a script has a syntax error, uses syntax that this browser does not know, or the server
answered with HTML in place of the script (`Unexpected token '<'`).
Why tests miss it: tests run the sources in a new engine, not the build in an old one.
How to test it: the built files.
Example:
    npx es-check es2019 'dist/**/*.js'",
    ),
    pattern!(
        "GW709", Some(JavaScript), "unit", true, None,
        "endless recursion",
        "call the function with a value that contains itself",
        "\
What it means: a function calls itself without end: a cycle in the data, a setter that sets itself, two
effects that trigger each other.
Why tests miss it: test data is a small tree.
How to test it: the cycle.
Example:
    test('a cycle ends', () => {
      const a = {}; a.self = a;
      expect(() => clone(a)).not.toThrow();
    });",
    ),
    pattern!(
        "GW710", Some(JavaScript), "unit", true, None,
        "number or date out of range",
        "call the function with NaN, a negative number and an invalid date and assert the result",
        "\
What it means: a length, a number of digits, a repetition or a date that can not be.
Why tests miss it: tests use ordinary numbers and dates.
How to test it: the boundary values.
Example:
    test.each([NaN, -1, '2026-13-01'])('format(%s)', v => {
      expect(format(v)).toBe('-');
    });",
    ),
    pattern!(
        "GW711", Some(JavaScript), "integration", false,
        Some("the user's network or a blocked request"),
        "request did not reach the server",
        "test what the page shows when a request fails; count these failures to see an outage",
        "\
What it means: the browser got no answer: offline, blocked by an extension or a cross-origin rule, or the
page was left. The engines say `Failed to fetch`, `NetworkError when attempting to fetch resource` and
`Load failed`.
Why tests miss it: the fake server always answers.
How to test it: reject the request and look at the page.
Example:
    test('offline', async () => {
      fetch.mockRejectedValue(new TypeError('Failed to fetch'));
      expect(await load()).toEqual({ error: 'offline' });
    });",
    ),
    pattern!(
        "GW712", Some(JavaScript), "e2e", true, None,
        "part of the application could not be loaded",
        "deploy twice in an end-to-end test and navigate with the old page open; keep old chunks or reload the page",
        "\
What it means: a lazily loaded chunk is gone, usually since a new version was deployed while the page was
open, or a server answers HTML for a missing script.
Why tests miss it: the page and its chunks come from one build.
How to test it: delete a chunk and navigate.
Example:
    test('old page after a deployment', async ({ page }) => {
      await page.route('**/settings-*.js', r => r.fulfill({ status: 404 }));
      await page.click('text=Settings');
      await expect(page.locator('main')).toContainText('reload');
    });",
    ),
    pattern!(
        "GW713", Some(JavaScript), "unit", true, None,
        "thrown or rejected value is no error",
        "assert that the function rejects with an Error, so that the next occurrence has a stack",
        "\
What it means: `throw 'text'`, `reject()` or a rejected event object: no type, no stack.
Why tests miss it: `rejects.toBeTruthy()` accepts anything.
How to test it: the type of what is thrown.
Example:
    test('rejects with an Error', async () => {
      await expect(load('bad')).rejects.toBeInstanceOf(Error);
    });",
    ),
    pattern!(
        "GW714", Some(JavaScript), "unit", true, None,
        "class or method called the wrong way",
        "construct the real class in a test; call the method the way the framework does (detached)",
        "\
What it means: a class called without `new`, a function used as constructor, `super()` left out, or a method
torn from its object (`Illegal invocation`).
Why tests miss it: tests call `object.method()`, production passes `object.method`.
How to test it: the detached call.
Example:
    test('handler works detached', () => {
      const { onClick } = new Button();
      expect(() => onClick({})).not.toThrow();
    });",
    ),
    pattern!(
        "GW715", Some(JavaScript), "integration", true, None,
        "browser refused a DOM operation",
        "run the operation in a real browser with the element already moved or removed",
        "\
What it means: a node that is not a child any more, an invalid selector, an object in the wrong state.
Translation extensions that replace text nodes cause it too.
Why tests miss it: the simulated DOM is not changed from outside.
How to test it: remove the element first.
Example:
    test('close twice', () => {
      dialog.close();
      expect(() => dialog.close()).not.toThrow();
    });",
    ),
    pattern!(
        "GW716", Some(JavaScript), "integration", true, None,
        "storage or feature not allowed",
        "make storage throw in a test and assert that the page works without it",
        "\
What it means: private mode, a full quota, a blocked cookie or a missing permission.
Why tests miss it: the test browser allows everything.
How to test it: let it throw.
Example:
    test('no storage', () => {
      vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => { throw new DOMException('', 'QuotaExceededError'); });
      expect(() => remember('x')).not.toThrow();
    });",
    ),
    pattern!(
        "GW717", Some(JavaScript), "integration", true, None,
        "rule of the user interface framework broken",
        "render the component in a test with the props and the state that production had",
        "\
What it means: the framework stopped: hooks in another order, an update loop, markup that differs between
server and browser, a context without provider, an object rendered as text.
Why tests miss it: the component is rendered with one fixed set of props.
How to test it: render, then render again with other props.
Example:
    test('loading, then loaded', () => {
      const { rerender } = render(<User user={null} />);
      rerender(<User user={bob} />);
    });",
    ),
    pattern!(
        "GW718", Some(JavaScript), "integration", true, None,
        "module or export not found",
        "install from the lock file and start the built program once in CI",
        "\
What it means: a dependency is not declared, a file name differs in case, or CommonJS and ES modules mix.
Why tests miss it: the test runner resolves modules in its own way.
How to test it: start the real entry point.
Example:
    node dist/server.js --check",
    ),
    pattern!(
        "GW719", Some(JavaScript), "unit", true, None,
        "argument of the wrong type for a Node function",
        "call your function with the value missing (an unset variable becomes undefined) and assert the message",
        "\
What it means: a Node API checked its argument and refused it, most often undefined from a missing setting.
Why tests miss it: the test environment sets everything.
How to test it: without the setting.
Example:
    test('missing data folder is named', () => {
      delete process.env.DATA_DIR;
      expect(() => start()).toThrow(/DATA_DIR/);
    });",
    ),
    pattern!(
        "GW720", Some(JavaScript), "unit", true, None,
        "assertion failed in production",
        "turn the state that broke the assertion into a test",
        "\
What it means: an assertion in the program stated something that production broke.
Why tests miss it: its author thought the state impossible.
How to test it: build the state and assert the right answer.
Example:
    test('refund of an unpaid order', () => {
      expect(refund({ paid: false }).error).toBe('unpaid');
    });",
    ),
    pattern!(
        "GW721", Some(JavaScript), "unit", true, None,
        "values of types that do not mix",
        "call the function with the type that production had (BigInt, symbol, object) and assert the result",
        "\
What it means: a BigInt met a number, a symbol became text, an object had no primitive value, `in` or
`instanceof` had a wrong right-hand side.
Why tests miss it: tests use small numbers and strings.
How to test it: the production type.
Example:
    test('ids beyond 2^53', () => {
      expect(next(9007199254740993n)).toBe(9007199254740994n);
    });",
    ),
    pattern!(
        "GW722", Some(JavaScript), "unit", true, None,
        "object can not be written as JSON",
        "pass the real object to the function that sends it, and assert the text",
        "\
What it means: the object holds itself (a DOM node, a request, a parent link) or a BigInt.
Why tests miss it: test objects are plain.
How to test it: the real object.
Example:
    test('event can be logged', () => {
      expect(() => send(new MouseEvent('click'))).not.toThrow();
    });",
    ),
    pattern!(
        "GW723", Some(JavaScript), "unit", true, None,
        "malformed URL, encoding or pattern",
        "pass a percent sign, a blank and an empty text through the function and assert the result",
        "\
What it means: `decodeURIComponent('%')`, `new URL('')`, or a pattern built from user input.
Why tests miss it: tests use clean text.
How to test it: user input that is not clean.
Example:
    test.each(['100%', '', '(', 'a b'])('search for %s', q => {
      expect(() => search(q)).not.toThrow();
    });",
    ),
    pattern!(
        "GW724", Some(JavaScript), "integration", true, None,
        "several operations failed together",
        "let every source fail in a test and assert what the caller does",
        "\
What it means: an AggregateError: all promises of `Promise.any` were rejected, or Node tried several
addresses. The members say what went wrong.
Why tests miss it: one source always answers.
How to test it: none answers.
Example:
    test('all mirrors down', async () => {
      expect(await fetchAny([])).toEqual({ error: 'unavailable' });
    });",
    ),
    pattern!(
        "GW725",
        Some(JavaScript),
        "integration",
        true,
        None,
        "WebAssembly module trapped",
        "call the exported function with the same input in a test; build the module with debug names first",
        "\
What it means: compiled code ran into an unreachable instruction (a panic), out of its memory, or could not be
linked or compiled.
Why tests miss it: its tests run natively, where the same input behaves otherwise.
How to test it: the same input, through the built module.
Example:
    test('empty image', async () => {
      const { resize } = await load('resize.wasm');
      expect(() => resize(new Uint8Array())).not.toThrow();
    });",
    ),
];
