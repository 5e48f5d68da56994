//! GW3xx: failures before the program does anything: imports, syntax, configuration.

use super::pattern;
use crate::model::Platform::Python;
use crate::pattern::Pattern;

pub(super) const PATTERNS: &[Pattern] = &[
    pattern!(
        "GW301", Some(Python), "integration", true, None,
        "module not found",
        "import the entry point in a test that runs in a fresh environment with only the declared dependencies",
        "\
What it means: an import names a module that is not installed, not on the path or was renamed.
Why tests miss it: the developer's environment has it, or the import stands inside a function that no
test calls, or a test folder of the same name shadows the package.
How to test it: import every module once; install from the lock file in CI.
Example:
    @pytest.mark.parametrize(\"name\", all_modules(\"shop\"))
    def test_importable(name):
        importlib.import_module(name)",
    ),
    pattern!(
        "GW302", Some(Python), "integration", true, None,
        "name can not be imported from the module",
        "import the module in a test; pin the library whose version lacks the name",
        "\
What it means: the module exists but lacks the name: it was renamed, or the installed version of a library
is older or newer than the code.
Why tests miss it: nothing imports this module in the suite.
How to test it: import every module once.
Example:
    def test_the_app_can_be_imported():
        importlib.import_module(\"shop.wsgi\")",
    ),
    pattern!(
        "GW303", Some(Python), "integration", true, None,
        "circular import",
        "import each module of the cycle alone, in its own process, in a test",
        "\
What it means: two modules import each other; which one fails depends on which is imported first.
Why tests miss it: the suite imports them in the order that works.
How to test it: a fresh interpreter per module.
Example:
    @pytest.mark.parametrize(\"name\", [\"shop.cart\", \"shop.orders\"])
    def test_imports_alone(name):
        subprocess.run([sys.executable, \"-c\", f\"import {name}\"], check=True)",
    ),
    pattern!(
        "GW304", Some(Python), "unit", true, None,
        "source does not parse",
        "compile every file in the suite (`python -m compileall`) with the oldest Python that production runs",
        "\
What it means: a syntax error, wrong indentation, or syntax that production's older Python does not know.
Why tests miss it: no test imports the file, or CI runs a newer Python.
How to test it: compile everything, on the production version.
Example:
    def test_everything_compiles():
        assert compileall.compile_dir(\"shop\", quiet=1)",
    ),
    pattern!(
        "GW305", Some(Python), "integration", true, None,
        "configuration is missing or wrong",
        "start the application in a test with the documented minimum of settings, and with one removed",
        "\
What it means: a setting or an environment variable is absent or malformed, seen when the program starts
or, worse, when the code first needs it.
Why tests miss it: the test settings define everything.
How to test it: remove the setting and assert a clear message at start-up.
Example:
    def test_missing_key_is_named(monkeypatch):
        monkeypatch.delenv(\"API_KEY\")
        with pytest.raises(SystemExit, match=\"API_KEY\"):
            create_app()",
    ),
    pattern!(
        "GW306", Some(Python), "integration", false,
        Some("the machine lacks a native library: a matter of the image, not of the code"),
        "native library can not be loaded",
        "add the library to the image and start the image once in CI",
        "\
What it means: a compiled extension did not load: a shared object is missing, or was built for another
Python, libc or processor.
Why tests miss it: they run on another image.
How to test it: no unit test helps. Build the production image in CI and import the package in it.
Example:
    docker run --rm image python -c 'import cv2'",
    ),
];
