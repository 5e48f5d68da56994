//! What a run may not do is refused and told; what it may do still works.

use std::fs;

use guwu_core::prove::Run;

use super::{Project, file};

/// A test with that body.
fn body(name: &str, lines: &str) -> guwu::verify::TestFile {
    let lines: String = lines.lines().map(|l| format!("    {l}\n")).collect();
    file(name, &format!("def test_it(tmp_path):\n{lines}"))
}

fn refused(run: &Run) -> &str {
    run.refused.first().map_or("nothing", String::as_str)
}

#[test]
fn each_kind_of_harm_is_refused_and_told() {
    let Some(project) = Project::new(20) else {
        return;
    };
    let outside = tempfile::tempdir().unwrap();
    let precious = outside.path().canonicalize().unwrap().join("precious.txt");
    fs::write(&precious, "x").unwrap();
    let precious = precious.to_str().unwrap();
    let folder = outside.path().canonicalize().unwrap();
    let folder = folder.to_str().unwrap();
    let p = |code: &str| code.replace("PRECIOUS", precious).replace("FOLDER", folder);
    let cases = [
        (
            "import socket\nsocket.create_connection(('10.0.0.5', 5432), 1)",
            "connect 10.0.0.5:5432".to_owned(),
        ),
        (
            "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
            "connect 192.0.2.1:53".to_owned(),
        ),
        (
            "import urllib.request\nurllib.request.urlopen('http://db.example.com/')",
            "look up db.example.com:80".to_owned(),
        ),
        (
            "import asyncio\nasyncio.run(asyncio.open_connection('192.0.2.7', 80))",
            "connect 192.0.2.7:80".to_owned(),
        ),
        (
            "import socket\nsocket.socket(socket.AF_UNIX).connect('/var/run/postgresql/.s.PGSQL.5432')",
            "connect /var/run/postgresql/.s.PGSQL.5432".to_owned(),
        ),
        (
            "import subprocess\nsubprocess.run(['git', 'push'])",
            "start git push".to_owned(),
        ),
        (
            "import subprocess\nsubprocess.run('touch x', shell=True)",
            "start /bin/sh -c touch x".to_owned(),
        ),
        (
            "import os\nos.system('touch x')",
            "start touch x".to_owned(),
        ),
        ("import os\nos.fork()", "start a process (fork)".to_owned()),
        (
            "import os\nos.execv('/bin/true', ['true'])",
            "start true".to_owned(),
        ),
        (
            "import os\nos.posix_spawn('/bin/true', ['true'], {})",
            "start true".to_owned(),
        ),
        (
            "import multiprocessing\nmultiprocessing.get_context('spawn').Process(target=print).start()",
            "start ".to_owned(),
        ),
        ("import os\nos.kill(1, 9)", "kill process 1".to_owned()),
        (
            "open('PRECIOUS', 'a').write('y')",
            "write PRECIOUS".to_owned(),
        ),
        ("open('PRECIOUS', 'r+')", "write PRECIOUS".to_owned()),
        (
            "import os\nos.open('PRECIOUS', os.O_WRONLY | os.O_TRUNC)",
            "write PRECIOUS".to_owned(),
        ),
        (
            "import os\nos.symlink('PRECIOUS', 'link')\nopen('link', 'w')",
            "write PRECIOUS".to_owned(),
        ),
        (
            "import os\nos.link('PRECIOUS', 'link')",
            "link PRECIOUS".to_owned(),
        ),
        (
            "import os\nos.remove('PRECIOUS')",
            "remove PRECIOUS".to_owned(),
        ),
        (
            "import os\nos.remove('precious.txt', dir_fd=os.open('FOLDER', os.O_RDONLY))",
            "remove PRECIOUS".to_owned(),
        ),
        (
            "import os\nos.rename('PRECIOUS', 'mine')",
            "rename PRECIOUS".to_owned(),
        ),
        (
            "import os\nopen('mine', 'w').close()\nos.replace('mine', 'PRECIOUS')",
            "rename to PRECIOUS".to_owned(),
        ),
        (
            "import os\nos.truncate('PRECIOUS', 0)",
            "truncate PRECIOUS".to_owned(),
        ),
        (
            "import os\nos.chmod('PRECIOUS', 0)",
            "chmod PRECIOUS".to_owned(),
        ),
        (
            "import os\nos.utime('PRECIOUS')",
            "change the time of PRECIOUS".to_owned(),
        ),
        (
            "import os\nos.mkdir('FOLDER/new')",
            "create FOLDER/new".to_owned(),
        ),
        (
            "import shutil\nshutil.rmtree('FOLDER')",
            "remove FOLDER".to_owned(),
        ),
        (
            "import shutil\nshutil.rmtree('FOLDER', ignore_errors=True)\nassert False",
            "remove FOLDER".to_owned(),
        ),
        (
            "import pathlib\npathlib.Path('PRECIOUS').unlink()",
            "remove PRECIOUS".to_owned(),
        ),
        (
            "import sqlite3\nsqlite3.connect('FOLDER/prod.db')",
            "open database FOLDER/prod.db".to_owned(),
        ),
        (
            "import sqlite3\nsqlite3.connect('file:FOLDER/prod.db?mode=rwc', uri=True)",
            "open database FOLDER/prod.db".to_owned(),
        ),
        (
            "try:\n    open('PRECIOUS', 'w')\nexcept Exception:\n    pass\nassert False",
            "write PRECIOUS".to_owned(),
        ),
    ];
    let files: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(n, (code, _))| body(&format!("test_{n}"), &p(code)))
        .collect();
    let runs = project.runner.run_batch(&files).unwrap();
    for ((code, words), run) in cases.iter().zip(&runs) {
        assert!(refused(run).starts_with(&p(words)), "{code}: {run:#?}");
        assert_eq!(run.failed, 1, "{code}: {run:#?}");
    }
    assert_eq!(fs::read_to_string(precious).unwrap(), "x");
    assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
}

#[test]
fn what_harms_nothing_still_works() {
    let Some(project) = Project::new(20) else {
        return;
    };
    let cases = [
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\nsocket.create_connection(('localhost', server.getsockname()[1]), 5)",
        "import asyncio, threading\nasyncio.run(asyncio.sleep(0))\nthreading.Thread(target=print).start()",
        "import socket, os\nserver = socket.socket(socket.AF_UNIX)\nserver.bind('s')\nserver.listen()\nsocket.socket(socket.AF_UNIX).connect('s')",
        "open('new.txt', 'w').write('x')\nimport os\nos.mkdir('d')\nos.rename('new.txt', 'd/new.txt')\nos.remove('d/new.txt')\nos.rmdir('d')",
        "import tempfile\nwith tempfile.NamedTemporaryFile() as f:\n    f.write(b'x')\nwith tempfile.TemporaryDirectory() as d:\n    open(d + '/a', 'w').close()\n(tmp_path / 'a').write_text('x')",
        "open('/dev/null', 'w').write('x')",
        "import os, tempfile\nos.makedirs(os.path.dirname(os.path.realpath(tempfile.gettempdir())), exist_ok=True)\nos.makedirs('/etc', exist_ok=True)",
        "import sqlite3\nsqlite3.connect(':memory:').execute('select 1')\nsqlite3.connect('app.db').execute('create table t (x)')\nsqlite3.connect(tmp_path / 'x.db')",
        "import sqlite3\nsqlite3.connect('file:/etc/no.db?mode=memory', uri=True)",
        "import platform, uuid\nplatform.platform()\nuuid.uuid4()",
        "import logging.config\nlogging.config.dictConfig({'version': 1, 'handlers': {'f': {'class': 'logging.FileHandler', 'filename': '/etc/app.log'}}, 'root': {'handlers': ['f']}})\nlogging.error('x')",
        "import logging\nh = logging.FileHandler('app.log')\nh.emit(logging.makeLogRecord({'msg': 'here'}))\nassert 'here' in open('app.log').read()",
    ];
    let files: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(n, code)| body(&format!("test_{n}"), code))
        .collect();
    let runs = project.runner.run_batch(&files).unwrap();
    for (code, run) in cases.iter().zip(&runs) {
        assert_eq!(run.refused, [""; 0], "{code}: {run:#?}");
        assert_eq!(run.passed, 1, "{code}: {run:#?}");
    }
    assert_eq!(fs::read_dir(project.root()).unwrap().count(), 1);
}

#[test]
fn processes_and_hosts_can_be_allowed() {
    let Some(mut project) = Project::new(20) else {
        return;
    };
    project.runner.bounds.allow_processes = true;
    project.runner.bounds.allow_hosts = vec!["192.0.2.1".into(), "/var/run/postgresql".into()];
    let files = [
        body(
            "test_a",
            "import subprocess\nsubprocess.run(['true'], check=True)",
        ),
        body(
            "test_b",
            "import multiprocessing\np = multiprocessing.get_context('fork').Process(target=print)\np.start()\np.join()\nassert p.exitcode == 0",
        ),
        body(
            "test_c",
            "import socket\ns = socket.socket()\ns.settimeout(0.05)\ntry:\n    s.connect(('192.0.2.1', 9))\nexcept PermissionError:\n    raise\nexcept OSError:\n    pass",
        ),
        body(
            "test_d",
            "import socket\ntry:\n    socket.socket(socket.AF_UNIX).connect('/var/run/postgresql/none')\nexcept FileNotFoundError:\n    pass",
        ),
        body(
            "test_e",
            "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'open(\"/etc/guwu-was-here\", \"w\")'], check=True)",
        ),
    ];
    let runs = project.runner.run_batch(&files).unwrap();
    for run in &runs[..4] {
        assert_eq!((run.passed, run.refused.len()), (1, 0), "{run:#?}");
    }
    // A child is no longer watched, but where the kernel helps it still can not write outside.
    let was_here = std::path::Path::new("/etc/guwu-was-here");
    if was_here.exists() {
        fs::remove_file(was_here).unwrap();
        eprintln!("the kernel has no Landlock");
    } else {
        assert_eq!(runs[4].failed, 1);
    }
}

#[test]
fn what_the_kernel_refuses_compiled_code_is_told() {
    let Some(project) = Project::new(20) else {
        return;
    };
    let opens = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\npath = '/etc/guwu-was-there'\nif libc.open(path.encode(), os.O_CREAT | os.O_WRONLY, 0o600) < 0:\n    raise OSError(ctypes.get_errno(), 'cannot be opened', path)";
    let inside = opens.replace("'/etc/guwu-was-there'", "os.path.abspath('none/x')");
    let files = [body("test_outside", opens), body("test_inside", &inside)];
    let runs = project.runner.run_batch(&files).unwrap();
    let was_there = std::path::Path::new("/etc/guwu-was-there");
    if was_there.exists() {
        fs::remove_file(was_there).unwrap();
        eprintln!("the kernel has no Landlock");
    } else {
        assert_eq!(
            runs[0].refused,
            ["access /etc/guwu-was-there (by the system)"],
            "{:#?}",
            runs[0]
        );
    }
    assert_eq!(
        (runs[1].failed, runs[1].refused.len()),
        (1, 0),
        "{:#?}",
        runs[1]
    );
}

#[test]
fn memory_and_output_have_limits() {
    let Some(mut project) = Project::new(30) else {
        return;
    };
    project.runner.bounds.memory = 400;
    project.runner.bounds.file_size = 4;
    let files = [
        body("test_memory", "x = bytearray(1 << 30)"),
        body(
            "test_grows",
            "x = []\nwhile True:\n    x.append(bytearray(1 << 20))",
        ),
        body("test_file", "open('big', 'wb').write(bytes(8 << 20))"),
        body(
            "test_floods",
            "while True:\n    print('x' * 1000, flush=True)",
        ),
        body("test_after", "pass"),
    ];
    let runs = project.runner.run_batch(&files).unwrap();
    let types: Vec<Vec<&str>> = runs
        .iter()
        .map(|run| run.seen.iter().map(|s| s.type_name.as_str()).collect())
        .collect();
    assert_eq!(
        types,
        [
            vec!["MemoryError"],
            vec!["MemoryError"],
            vec!["OSError"],
            vec!["OSError"],
            vec![]
        ]
    );
    assert_eq!(runs[4].passed, 1);
}

#[test]
fn secrets_and_production_stay_outside_and_pytest_settings_count() {
    let Some(project) = Project::new(20) else {
        return;
    };
    project.write(".env", "DEBUG=1\nDATABASE_URL=postgres://db/shop\n");
    project.write(
        "tests/conftest.py",
        "import os\nassert 'DATABASE_URL' not in os.environ\nos.environ['DATABASE_URL'] = 'sqlite://'\n",
    );
    let code = "import os\nassert os.environ['DATABASE_URL'] == 'sqlite://'\nassert open('.env').read() == 'DEBUG=1\\n'\nassert 'GUWU_PROBE_PLAN' not in os.environ";
    let run = project.runner.run_batch(&[body("test_it", code)]).unwrap();
    assert_eq!(run[0].passed, 1, "{:#?}", run[0]);
}

#[test]
fn what_is_made_at_home_is_made_in_another_and_told() {
    let Some(project) = Project::new(20) else {
        return;
    };
    let lines = "import os, pathlib\nfolder = pathlib.Path.home() / '.config' / 'guwu-test-shop'\nos.makedirs(str(folder))\nraise KeyError(str(folder))";
    let runs = project
        .runner
        .run_batch(&[body("test_home", lines)])
        .unwrap();
    assert_eq!(refused(&runs[0]), "nothing");
    assert_eq!(runs[0].at_home, [".config/guwu-test-shop"]);
    // Told as it would be in the real one, where nothing is.
    let real = std::env::var("HOME").unwrap();
    let folder = format!("{real}/.config/guwu-test-shop");
    assert_eq!(runs[0].seen[0].message, format!("'{folder}'"));
    assert!(!std::path::Path::new(&folder).exists());
}

#[test]
fn nothing_outside_is_connected_to_in_a_closed_run() {
    let Some(project) = Project::new(20) else {
        return;
    };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let connect =
        format!("import socket\nsocket.create_connection(('127.0.0.1', {port}), 1).close()");
    let by_name =
        format!("import socket\nsocket.create_connection(('localhost', {port}), 1).close()");
    let within = "import asyncio\nasyncio.run(asyncio.sleep(0))";
    let served = "import socket\nwith socket.create_server(('127.0.0.1', 0)) as own:\n        socket.create_connection(own.getsockname(), 1).close()";
    let files = [
        body("connect", &connect),
        body("by_name", &by_name),
        body("within", within),
        body("served", served),
    ];
    let mut runner = project.runner.clone();
    runner.bounds.allow_hosts = vec!["127.0.0.1".to_owned()];
    let open = runner.run_batch(&files).unwrap();
    assert_eq!(
        open.iter().map(|run| run.passed).collect::<Vec<_>>(),
        [1, 1, 1, 1]
    );
    runner.bounds.is_closed = true;
    let closed = runner.run_batch(&files).unwrap();
    assert_eq!(
        closed.iter().map(|run| run.passed).collect::<Vec<_>>(),
        [0, 0, 1, 1]
    );
    assert_eq!(refused(&closed[0]), format!("connect 127.0.0.1:{port}"));
    assert_eq!(refused(&closed[1]), format!("look up localhost:{port}"));
}
