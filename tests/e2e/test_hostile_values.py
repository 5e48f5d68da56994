"""Values that attack: captured by real runs of `hostile/`, written into tests, imported, run. Nothing of them may execute.

Where a value can be written down exactly, the program fails with exactly that value and with no other: a test that is red
as production was has got it right to the last bit. Forged lines stand in for an attacker who can write into a log.
"""

from __future__ import annotations

import ast
import base64
import copy
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, Project, check_out, clean_environment

HOSTILE = Path(__file__).resolve().parent / "hostile"
SECRET = "Zq7" + "Marker0815Xy"
CODE = "open('CANARY','w')"

#: Functions of the program that fail with one value alone, and how many nasty ones it is made of.
EXACT = {"texts": 49, "numbers": 22, "raw": 7, "containers": 18, "keywords": 10}
REQUESTS = ("first", "second", "third")


def run_hostile(project: Project) -> None:
    """Run the program for real."""
    environment = {**clean_environment(), "PYTHONPATH": str(REPOSITORY / "python" / "src"), "HOSTILE_SECRET": SECRET}
    done = subprocess.run(
        [sys.executable, "run_production.py"],
        cwd=project.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def capture_file(project: Project) -> Path:
    """What the program's failures were written to."""
    return project.root / "app" / "logs" / "guwu-failures.jsonl"


def innermost(failure: dict[str, Any]) -> str:
    """The name of the function that failed."""
    return str(failure["exceptions"][-1]["frames"][-1]["function"])


def no_canary(project: Project) -> None:
    """Nothing of that name is anywhere near."""
    found = [p for p in project.root.parent.rglob("*CANARY*") if "open_canary" not in p.name]
    assert not found, found
    for place in ("/tmp/CANARY", "CANARY", "tests/CANARY"):
        assert not Path(place).exists(), place


def written(project: Project) -> list[Path]:
    """The tests that were written, wherever they went."""
    folders = (project.root / "tests", project.root / "tools" / "guwu" / "generated_tests")
    found = [path for folder in folders for path in sorted(folder.rglob("test_*.py"))]
    return [path for path in found if path.name != "test_exact.py"]


def tried(project: Project, group: str) -> Iterator[tuple[str, str]]:
    """Strategy and text of everything that was tried for a group, kept or not."""
    shown = project.guwu("generate", group, "--dry-run").stdout
    strategy, text = "", list[str]()
    for line in [*shown.splitlines(), "end of it"]:
        if line.startswith("    ") or not line.strip():
            text.append(line)
            continue
        if text:
            yield strategy, textwrap.dedent("\n".join(text))
        strategy, text = line.split()[1], []


def candidates(project: Project, group: str) -> Iterator[str]:
    """Every text that was tried for a group, kept or not."""
    return (text for _, text in tried(project, group))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The program after its run."""
    project = check_out(HOSTILE, tmp_path_factory.mktemp("hostile"))
    run_hostile(project)
    return project


@pytest.fixture(scope="module")
def attacked(played: Project) -> tuple[Project, list[dict[str, Any]]]:
    """The program after its run, and what `guwu scan` made of it."""
    return played, played.json("scan")["groups"]


def of_function(groups: list[dict[str, Any]], function: str) -> dict[str, Any]:
    """The group of the function that failed."""
    (found,) = [g for g in groups if innermost(g["failure"]) == function]
    return found


def test_the_set_is_large_enough() -> None:
    sys.path.insert(0, str(HOSTILE))
    try:
        from shelf import things, values, web
    finally:
        sys.path.remove(str(HOSTILE))
    exact = (values.TEXTS, values.NUMBERS, values.BYTES, values.CONTAINERS, values.KEYWORDS)
    assert [len(each) for each in exact] == list(EXACT.values())
    loose = len(things.class_names()) + len(things.attributes()) * 10 + len(things.objects())
    requests = sum(3 + len(headers) for _, _, _, headers, _ in web.REQUESTS.values())
    assert sum(EXACT.values()) + loose + requests >= 180
    assert set(web.REQUESTS) == set(REQUESTS)


@pytest.mark.parametrize("function", [*EXACT])
def test_values_are_written_to_the_last_bit(attacked: tuple[Project, list[dict[str, Any]]], function: str) -> None:
    project, groups = attacked
    (candidate,) = of_function(groups, function)["candidates"]
    assert candidate["proofs"][0]["outcome"] == "red-same", candidate
    no_canary(project)


@pytest.mark.parametrize("function", REQUESTS)
def test_requests_are_sent_again_to_the_last_bit(
    attacked: tuple[Project, list[dict[str, Any]]], function: str
) -> None:
    project, groups = attacked
    found = [g for g in groups if g["failure"]["exceptions"][-1]["type"] == "ZeroDivisionError"]
    (candidate,) = of_function(found, function)["candidates"]
    assert (candidate["strategy"], candidate["proofs"][0]["outcome"]) == ("request", "red-same"), candidate
    no_canary(project)


def test_messages_classes_files_and_objects_stay_text(attacked: tuple[Project, list[dict[str, Any]]]) -> None:
    project, groups = attacked
    assert len(groups) == 17, [g["title"] for g in groups]
    texts = {path: path.read_text(encoding="utf-8") for path in written(project)}
    assert len(texts) >= 14
    for path, text in texts.items():
        ast.parse(text, str(path))
        # Every name is plain, every comment and docstring printable: nothing hides from a reviewer.
        hidden = [c for c in text if not c.isprintable() and c != "\n"]
        assert not hidden, (path, hidden)
        assert path.name.isascii()
        assert path.stem.replace("_", "").isalnum(), path
    no_canary(project)


def test_no_candidate_is_code_that_a_value_brought(attacked: tuple[Project, list[dict[str, Any]]]) -> None:
    project, groups = attacked
    seen = 0
    for name in ("loose", "login", "keywords"):
        for text in candidates(project, of_function(groups, name)["id"]):
            seen += 1
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    assert node.func.id not in ("open", "eval", "exec", "__import__", "system", "Popen")
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    assert node.func.attr not in ("system", "Popen", "leave_canary", "touch")
    assert seen > 5
    no_canary(project)


def test_importing_and_running_them_changes_nothing(attacked: tuple[Project, list[dict[str, Any]]]) -> None:
    project, _ = attacked
    script = (
        "import importlib.util, os, sys\n"
        "before = dict(os.environ)\n"
        "for number, path in enumerate(sys.argv[1:]):\n"
        "    spec = importlib.util.spec_from_file_location(f'generated_{number}', path)\n"
        "    module = importlib.util.module_from_spec(spec)\n"
        "    spec.loader.exec_module(module)\n"
        "    for name, test in vars(module).items():\n"
        "        if name.startswith('test_') and not test.__code__.co_argcount:\n"
        "            try:\n"
        "                test()\n"
        "            except Exception as error:\n"
        "                assert 'ran' not in error.args, error\n"
        "assert dict(os.environ) == before\n"
        "print(number + 1)\n"
    )
    paths = [str(path) for path in written(project)]
    done = subprocess.run(
        [sys.executable, "-c", script, *paths],
        cwd=project.root,
        env={**clean_environment(), "PYTHONPATH": str(project.root)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) == len(paths)
    run = project.pytest("tests")
    assert run.returncode == 1, run.stdout
    no_canary(project)


def test_a_secret_is_in_no_file(attacked: tuple[Project, list[dict[str, Any]]]) -> None:
    project, groups = attacked
    assert of_function(groups, "login")
    needles = [SECRET.encode(), base64.b64encode(SECRET.encode()).rstrip(b"=")[:-1], SECRET.encode("utf-16-le")]
    files = [path for path in project.root.rglob("*") if path.is_file()]
    assert {"guwu-failures.jsonl", "failures.db"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert not any(needle in content for needle in needles), path


def test_what_the_terminal_is_shown_has_no_controls(attacked: tuple[Project, list[dict[str, Any]]]) -> None:
    project, groups = attacked
    shown = [project.guwu("list", "--all"), project.guwu("check")]
    shown += [project.guwu("show", group["id"]) for group in groups]
    for done in shown:
        text = done.stdout + done.stderr
        assert not {"\x1b", "\u202e", "\x00", "\x07", "\r", "\x85", "\u2028"} & set(text), repr(text)[:2000]


# --- forged


def real_line(project: Project, function: str) -> dict[str, Any]:
    """The line of a failure as the capture wrote it."""
    lines = [json.loads(line) for line in capture_file(project).read_text(encoding="utf-8").split("\n") if line]
    (found,) = [line for line in lines if innermost(line) == function]
    return dict(found)


def set_value(line: dict[str, Any], value: Any, qualname: str | None = None) -> dict[str, Any]:
    """Let an argument have another value."""
    line = copy.deepcopy(line)
    for frame in line["captured"]["frames"]:
        if qualname is None or frame["qualname"] == qualname:
            for argument in frame["arguments"]:
                argument["value"] = value
    return line


@pytest.fixture
def target(played: Project, tmp_path: Path) -> tuple[Project, dict[str, Any]]:
    """The program once more, without a log, and a real line of it."""
    project = check_out(HOSTILE, tmp_path)
    capture_file(project).parent.mkdir(parents=True)
    line = real_line(played, "innermost")
    old, new = str(played.root), str(project.root)
    moved: dict[str, Any] = json.loads(json.dumps(line).replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1]))
    # The program's own `fails` calls what it is given; only the chain below it is of interest.
    moved["captured"]["frames"] = [f for f in moved["captured"]["frames"] if f["qualname"] != "fails"]
    moved["captured"]["outer"] = []
    return project, moved


def write(path: Path, *lines: dict[str, Any]) -> None:
    """Write lines as the capture does."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_values_in_an_ordinary_log_are_not_believed(target: tuple[Project, dict[str, Any]]) -> None:
    project, line = target
    for name in ("app.log", "guwu-failures.log", "x-guwu-failures.jsonl"):
        write(capture_file(project).with_name(name), set_value(line, "FORGED-4711"))
    (group,) = project.json("scan")["groups"]
    assert group["count"] == 3
    assert not any("FORGED-4711" in text for text in candidates(project, group["id"]))
    assert not any("FORGED-4711" in path.read_text() for path in written(project))
    # The same line in the capture's own file is.
    write(capture_file(project), set_value(line, "BELIEVED-4711"))
    project.json("scan", "--no-generate")
    assert any("BELIEVED-4711" in text for text in candidates(project, group["id"]))


PATH = {"t": "call", "f": "pathlib:Path", "args": ["CANARY"], "kwargs": []}


def call(f: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """A forged call."""
    return {"t": "call", "f": f, "args": list(args), "kwargs": [list(pair) for pair in kwargs.items()]}


#: Well-formed nodes that would do something.
DOING = [
    call("os:system", "touch CANARY"),
    call("posix:system", "touch CANARY"),
    call("subprocess:Popen", ["touch", "CANARY"]),
    call("subprocess:run", {"t": "list", "id": 90, "v": ["touch", "CANARY"]}),
    call("builtins:eval", CODE),
    call("builtins:exec", CODE),
    call("builtins:open", "CANARY", "w"),
    call("builtins:__import__", "shelf.things"),
    call("builtins:getattr", PATH, "touch"),
    call("builtins:max", {"t": "list", "id": 91, "v": [PATH]}, key=call("operator:methodcaller", "touch")),
    call("builtins:sorted", {"t": "list", "id": 92, "v": [PATH]}, key={"t": "method", "self": PATH, "name": "touch"}),
    call("builtins:list", call("builtins:map", {"t": "global", "v": "os:system"}, {"t": "list", "id": 93, "v": ["touch CANARY"]})),
    call("functools:reduce", {"t": "global", "v": "shelf.desk:os.system"}, {"t": "list", "id": 94, "v": ["touch CANARY"]}),
    call("pathlib:Path.touch", PATH),
    call("pathlib:Path.mkdir", PATH),
    call("pathlib:os.mkdir", "CANARY"),
    call("random:_os.mkdir", "CANARY"),
    call("uuid:os.mkdir", "CANARY"),
    call("shelf.desk:os.mkdir", "CANARY"),
    call("shelf.desk:Popen", {"t": "list", "id": 95, "v": ["touch", "CANARY"]}),
    call("shelf.things:leave_canary"),
    call("shelf.things:os.system", "touch CANARY"),
    call("shelf.things:subprocess.Popen", {"t": "list", "id": 96, "v": ["touch", "CANARY"]}),
    call("shelf.things:Loops.__getattr__", {"t": "global", "v": "shelf.things:leave_canary"}, "x"),
    call("importlib:import_module", "shelf.things"),
    call("pickle:loads", {"t": "bytes", "of": "bytes", "v": base64.b64encode(b"cos\nsystem\n(S'touch CANARY'\ntR.").decode()}),
    call("types:FunctionType"),
    call("codecs:open", "CANARY", "w"),
    call("numpy:fromfile", "CANARY"),
    call("logging:FileHandler", "CANARY"),
    call("tempfile:mkdtemp", "CANARY"),
    {"t": "global", "v": "os:system"},
    {"t": "global", "v": "builtins:eval"},
    {"t": "global", "v": "shelf.desk:os.system"},
    {"t": "global", "v": "shelf.desk:Popen"},
    {"t": "global", "v": "pathlib:os"},
    {"t": "object", "id": 97, "class": "subprocess:Popen", "kind": "plain", "attrs": [["args", "touch CANARY"]],
     "init": [["args", "positional", True]]},
    {"t": "object", "id": 98, "class": "shelf.desk:Popen", "kind": "plain", "attrs": [["args", "touch CANARY"]],
     "init": [["args", "positional", True]]},
    {"t": "object", "id": 99, "class": "logging:FileHandler", "kind": "plain", "attrs": [["filename", "CANARY"]],
     "init": [["filename", "positional", True]]},
]  # fmt: skip


def test_calls_that_do_something_are_refused(target: tuple[Project, dict[str, Any]]) -> None:
    project, line = target
    write(capture_file(project), set_value(line, {"t": "list", "id": 80, "v": DOING}))
    (group,) = project.json("scan", "--no-generate")["groups"]
    texts = list(tried(project, group["id"]))
    assert any("MagicMock" in text for _, text in texts), "the refused ones have stand-ins"
    allowed = {"MagicMock", "Path", "list", "record.getMessage", "fails"}
    allowed |= {"outermost", "second", "third", "fourth", "fifth", "innermost"}
    # A search believes no captured value; it tries values of its own.
    searched = allowed | {"types.SimpleNamespace"}
    assert {strategy for strategy, _ in texts} > {"search"}
    for strategy, text in texts:
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                known = searched if strategy == "search" else allowed
                assert ast.unparse(node.func) in known, ast.unparse(node)
        imported = {alias.name for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom)) for alias in n.names}
        assert not imported & {"os", "Popen", "system", "subprocess", "leave_canary"}, imported
    no_canary(project)


#: Nodes with code where names, digits or other plain things belong.
MALFORMED: list[Any] = [
    call(f"decimal:Decimal({CODE})", "1"),
    call(f"x\n{CODE}\n:y"),
    call(f"decimal:Decimal, {CODE}", "1"),
    {"t": "global", "v": f"shelf.values:TEXTS; {CODE}"},
    {"t": "global", "v": f"shelf.values:TEXTS\n{CODE}"},
    {"t": "global", "v": f"shelf.values; {CODE}:TEXTS"},
    {"t": "global", "v": f":{CODE}"},
    {"t": "object", "id": 70, "class": f"shelf.things:Raises(); {CODE}", "kind": "plain", "attrs": [], "init": []},
    {"t": "object", "id": 71, "class": "shelf.things:Raises", "kind": "plain", "attrs": [[f"x=1); {CODE}; (", 1]], "init": None},
    {"t": "object", "id": 72, "class": "shelf.things:Raises", "kind": "plain", "attrs": [["x", 1]],
     "init": [[f"x={CODE}, y", "positional", True]]},
    {"t": "object", "id": 73, "class": "shelf.things:Raises", "kind": "plain", "base": f"dict, {CODE}", "items": {}, "attrs": []},
    {"t": "object", "id": 74, "class": "shelf.things:Raises", "kind": "plain", "attrs": [], "init": [], "global": f"os:system; {CODE}"},
    {"t": "object", "id": 75, "class": "shelf.things:Raises", "kind": "pydantic", "attrs": [[f"x={CODE}, y", 1]],
     "init": [["data", "var_keyword", False]]},
    {"t": "call", "f": "decimal:Decimal", "args": ["1"], "kwargs": [[f"x={CODE}, y", 1]]},
    {"t": "int", "v": f"1, {CODE}"},
    {"t": "int", "v": "0" * 5000},
    {"t": "int", "v": "9" * 100_000},
    {"t": "float", "v": f"nan'), {CODE}, float('nan"},
    {"t": "float", "v": "1_0.0e9__import__"},
    {"t": "bytes", "of": f"bytes({CODE})", "v": "!!!!"},
    {"t": "redacted", "of": CODE, "n": 10**18, "like": CODE},
    {"t": "redacted", "of": "str", "n": -5, "like": "email"},
    {"t": "opaque", "class": f"x:{CODE}", "why": CODE},
    {"t": "method", "self": {"t": "global", "v": "shelf.values:TEXTS"}, "name": f"get({CODE})"},
    {"t": "list", "id": 76, "v": {"t": "ref", "id": 76}},
    {"t": "tuple", "id": 77, "v": [{"t": "ref", "id": 77}]},
    {"t": "set", "id": 78, "v": [{"t": "list", "id": 79, "v": []}]},
    {"t": "ref", "id": 4711},
    {"t": CODE, "v": CODE},
    {"t": ["list"], "v": None},
]  # fmt: skip


@pytest.mark.parametrize("part", range(5))
def test_code_in_the_place_of_a_name_is_refused(target: tuple[Project, dict[str, Any]], part: int) -> None:
    project, line = target
    frames = line["captured"]["frames"]
    assert len(frames) == 6
    for frame, node in zip(frames, MALFORMED[part * 6 :]):
        frame["arguments"][0]["value"] = node
    write(capture_file(project), line)
    (group,) = project.json("scan", "--no-generate")["groups"]
    for text in candidates(project, group["id"]):
        names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        assert "open" not in names, text
    no_canary(project)


def test_code_in_what_surrounds_the_values_is_refused(target: tuple[Project, dict[str, Any]]) -> None:
    project, line = target
    frames = line["captured"]["frames"]
    frames[0]["qualname"] = f"outermost({CODE})"
    frames[1]["module"] = f"shelf.desk; {CODE}"
    frames[2]["arguments"][0]["name"] = f"value={CODE}, x"
    frames[2]["arguments"][0]["kind"] = "keyword"
    frames[3]["kind"] = CODE
    frames[4]["arguments"].append({"name": "rest", "kind": "var_keyword", "value": {"t": "dict", "v": [[f"x={CODE}", 1]]}})
    line["captured"]["request"] = {
        "framework": "wsgi",
        "app": {"t": "global", "v": "os:system"},
        "method": f"GET(); {CODE}; x",
        "path": f'/"); {CODE}',
        "query": f'"); {CODE}',
        "headers": [[f'X": {CODE}, "y', f'"); {CODE}']],
        "body": f'"""\n{CODE}',
    }
    second = copy.deepcopy(line)
    second["exceptions"][-1]["type"] = f"KeyError): {CODE}\nclass X("
    second["captured"]["request"]["method"] = "POST"
    second["captured"]["request"]["app"] = {"t": "global", "v": f"shelf.web:application; {CODE}"}
    write(capture_file(project), line, second)
    groups = project.json("scan", "--no-generate")["groups"]
    assert len(groups) == 2
    for group in groups:
        for text in candidates(project, group["id"]):
            names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
            assert not names & {"open", "system"}, text
    no_canary(project)
    assert "CANARY" not in os.environ
