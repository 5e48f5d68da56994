//! A run works on a mirror: the project stays as it is, and each run begins with what the project has.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use guwu::verify::TestFile;

use super::{Project, file};

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

#[test]
fn a_candidate_can_destroy_its_mirror_only_and_the_next_run_has_it_whole() {
    let Some(project) = Project::new(20) else {
        return;
    };
    project.write("data/values.json", "[1, 2]");
    project.write("tests/conftest.py", "import pytest\n");
    let before = contents(project.root());
    let destroy = "import os, pathlib, shutil\n\ndef test_it():\n    shutil.rmtree('data')\n    os.remove('shop.py')\n    pathlib.Path('tests/conftest.py').write_text('raise OSError')\n    pathlib.Path('new.py').write_text('')\n";
    let run = project
        .runner
        .run_batch(&[file("test_destroys", destroy)])
        .unwrap();
    assert_eq!((run[0].passed, run[0].refused.len()), (1, 0), "{run:#?}");
    assert_eq!(contents(project.root()), before);
    let check = "import json, os\nimport shop\n\ndef test_it():\n    assert json.load(open('data/values.json')) == [1, 2]\n    assert not os.path.exists('new.py')\n    assert not [n for n in os.listdir('tests') if n == 'test_destroys.py']\n";
    let run = project
        .runner
        .run_batch(&[file("test_whole", check)])
        .unwrap();
    assert_eq!(run[0].passed, 1, "{run:#?}");
}

#[test]
fn a_changed_project_is_run_as_it_is_now() {
    let Some(project) = Project::new(20) else {
        return;
    };
    let test = file(
        "test_it",
        "import shop\n\ndef test_it():\n    assert shop.price({'apple': 1}) == 1\n",
    );
    let run = project
        .runner
        .run_batch(std::slice::from_ref(&test))
        .unwrap();
    assert_eq!(run[0].failed, 1);
    project.write(
        "shop.py",
        "def price(basket):\n    return basket.get('apple', 0)\n",
    );
    let run = project.runner.run_batch(&[test]).unwrap();
    assert_eq!(run[0].passed, 1);
}

#[test]
fn paths_in_results_are_the_projects() {
    let Some(project) = Project::new(20) else {
        return;
    };
    project.write(
        "reader.py",
        "import os\n\ndef read():\n    return open(os.path.abspath('none.txt'))\n",
    );
    let test = file(
        "test_it",
        "import reader\n\ndef test_it():\n    reader.read()\n",
    );
    let run = project.runner.run_batch(&[test]).unwrap();
    let seen = &run[0].seen[0];
    let root = project.runner.root.to_str().unwrap();
    assert_eq!(
        seen.frames.last().unwrap().file,
        format!("{root}/reader.py")
    );
    assert!(
        seen.message.contains(&format!("{root}/none.txt")),
        "{}",
        seen.message
    );
}

#[cfg(unix)]
#[test]
fn editable_installations_lead_into_the_mirror() {
    use std::os::unix::fs::PermissionsExt;
    let Some(mut project) = Project::new(20) else {
        return;
    };
    project.write("src/store/__init__.py", "");
    project.write("lib/basket/__init__.py", "");
    let root = project.root().to_str().unwrap().to_owned();
    // What a .pth file does, and what setuptools writes for an editable installation.
    let site = tempfile::tempdir().unwrap();
    let finder = format!(
        "import importlib.machinery, importlib.util\nMAPPING = {{'basket': {root:?} + '/lib/basket'}}\n\nclass _EditableFinder:\n    @classmethod\n    def find_spec(cls, name, path=None, target=None):\n        if name in MAPPING:\n            return importlib.util.spec_from_file_location(name, MAPPING[name] + '/__init__.py')\n"
    );
    fs::write(site.path().join("__editable___basket_finder.py"), finder).unwrap();
    let custom = format!(
        "import sys\nimport __editable___basket_finder as f\nsys.path.append({root:?} + '/src')\nsys.meta_path.append(f._EditableFinder)\n"
    );
    fs::write(site.path().join("sitecustomize.py"), custom).unwrap();
    let python = site.path().join("python");
    let script = format!(
        "#!/bin/sh\nPYTHONPATH=\"$PYTHONPATH:{}\" exec {} \"$@\"\n",
        site.path().display(),
        project.runner.python.display()
    );
    fs::write(&python, script).unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    project.runner.python = python;
    let code = "import os, basket, store\n\ndef test_it():\n    here = os.getcwd()\n    assert store.__file__ == here + '/src/store/__init__.py', store.__file__\n    assert basket.__file__ == here + '/lib/basket/__init__.py', basket.__file__\n";
    let run = project.runner.run_batch(&[file("test_it", code)]).unwrap();
    assert_eq!(run[0].passed, 1, "{run:#?}");
}

#[cfg(unix)]
#[test]
fn links_never_lead_a_write_out_of_the_mirror() {
    use std::os::unix::fs::symlink;
    let Some(project) = Project::new(20) else {
        return;
    };
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("precious"), "x").unwrap();
    project.write("data/inner.txt", "in");
    symlink("data/inner.txt", project.root().join("relative")).unwrap();
    symlink(project.root().join("data"), project.root().join("absolute")).unwrap();
    symlink(outside.path(), project.root().join("outer")).unwrap();
    symlink(".", project.root().join("loop")).unwrap();
    let tests = tempfile::tempdir().unwrap();
    fs::write(tests.path().join("conftest.py"), "import pytest\n").unwrap();
    symlink(tests.path(), project.root().join("tests")).unwrap();
    // Too large to be copied, where the file system can not share blocks.
    fs::File::create(project.root().join("big.bin"))
        .unwrap()
        .set_len(20 << 20)
        .unwrap();
    let code = "
import os
import pytest

def test_inside():
    open('relative', 'w').write('new')
    open('absolute/inner.txt', 'a').write('er')
    assert open('data/inner.txt').read() == 'newer'

def test_outside():
    assert open('outer/precious').read() == 'x'
    with pytest.raises(PermissionError):
        open('outer/precious', 'w')
    with pytest.raises(PermissionError):
        os.remove('outer/precious')
    os.remove('outer')

def test_big():
    assert os.path.getsize('big.bin') == 20 << 20
    if os.path.islink('big.bin'):
        with pytest.raises(PermissionError):
            open('big.bin', 'r+')
    os.remove('big.bin')
";
    let run = project.runner.run_batch(&[file("test_it", code)]).unwrap();
    assert_eq!((run[0].passed, run[0].failed), (3, 0), "{run:#?}");
    assert_eq!(fs::read_dir(tests.path()).unwrap().count(), 1);
    let runs = project.runner.run_batch(&[TestFile {
        path: "../test_it.py".to_owned(),
        content: code.to_owned(),
    }]);
    assert!(runs.is_err());
    assert_eq!(
        fs::read_to_string(project.root().join("data/inner.txt")).unwrap(),
        "in"
    );
    assert_eq!(
        fs::read_to_string(outside.path().join("precious")).unwrap(),
        "x"
    );
    assert_eq!(
        project.root().join("big.bin").metadata().unwrap().len(),
        20 << 20
    );
}

/// Version control, caches, environments and Gu Wu's own folder are not the project.
#[test]
fn what_no_test_needs_is_left_out_and_what_a_killed_run_left_is_swept() {
    let Some(mut project) = Project::new(20) else {
        return;
    };
    for path in [
        ".git/config",
        "node_modules/a/index.js",
        ".venv/pyvenv.cfg",
        ".venv/lib/site.py",
        "target/CACHEDIR.TAG",
        "target/x.bin",
        "tools/guwu/failures.db",
        "pkg/__pycache__/a.pyc",
    ] {
        project.write(path, "x");
    }
    project.write("pkg/__init__.py", "");
    project.runner.skip = vec![project.root().join("tools/guwu")];
    // No process has this id: it is above what any system gives.
    let left = std::env::temp_dir().join("guwu-scratch-2000000000-left");
    fs::create_dir_all(left.join("project")).unwrap();
    let code = "import os\n\ndef test_it():\n    there = {n for n in os.listdir('.') if n != '__pycache__'}\n    assert there == {'pkg', 'shop.py', 'tests', 'tools'}, there\n    assert os.listdir('tools') == []\n    assert not os.path.exists('pkg/__pycache__/a.pyc')\n";
    let run = project.runner.run_batch(&[file("test_it", code)]).unwrap();
    assert_eq!(run[0].passed, 1, "{run:#?}");
    assert_eq!(left.exists(), cfg!(not(unix)));
}
