"""Keeps a proving run from harming anything: what it may not do raises ``Refused`` and is told. Part of Gu Wu.

Three rings: an audit hook that knows what Python is about to do (here), wrappers around database drivers that connect
without Python seeing it (``guwu_drivers``), and what the kernel refuses to compiled code as well (``guwu_kernel``).
It is a guard against accidents of tested code, not a prison for malice.
Written for CPython 3.6 and later, so without annotations; audit hooks exist from 3.8 on.
"""

import errno
import ipaddress
import os
import socket
import sys
import threading
import weakref

import guwu_drivers
import guwu_kernel

_realpath, _fspath, _lexists = os.path.realpath, os.fspath, os.path.lexists
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx", "/dev/stdout", "/dev/stderr")
_DEVICE_FOLDERS = ("/dev/fd/", "/dev/pts/", "/dev/shm/", "/proc/self/fd/")
# Handlers connect to it when settings are loaded; the probe keeps them from writing.
_SYSLOG = ("/dev/log", "/var/run/syslog", "/var/run/log", "/run/systemd/journal/dev-log")
# What the standard library asks about the machine; none of them changes anything.
_HARMLESS_PROGRAMS = ("uname", "ldconfig", "ldconfig.real")


class Refused(PermissionError):
    """What a proving run may not do. Set `allow-processes` or `allow-hosts` where a test needs it."""


class _Rules:
    roots = ()
    hosts = frozenset()
    addresses = None
    sockets = ()
    closed = False
    processes = False
    bound = weakref.WeakSet()
    tell = staticmethod(lambda what: None)
    note = staticmethod(lambda path: None)


_rules = _Rules()
_here = threading.local()


def _refuse(what, is_told=True):
    what = what[:200]
    if is_told:
        _rules.tell(what)
    raise Refused(errno.EPERM, "refused in a test run of Gu Wu: %s" % what)


# --- files ----------------------------------------------------------------------------------------------------------


def _text(path):
    path = _fspath(path)
    return os.fsdecode(path) if isinstance(path, bytes) else path


def _at(path, folder=-1):
    """The path, absolute; relative to an open folder where there is one."""
    path = _text(path)
    if isinstance(folder, int) and folder >= 0 and not os.path.isabs(path):
        path = os.path.join(os.readlink("/proc/self/fd/%d" % folder), path)
    return os.path.abspath(path)


def _is_inside(path):
    path = os.path.normcase(path)
    return any(path == root or path.startswith(root + os.sep) for root in _rules.roots)


def _may_write(path):
    return _is_inside(path) or path in _DEVICES or path.startswith(_DEVICE_FOLDERS)


def _check_content(verb, path, folder=-1):
    """What is written through a link is what the link leads to."""
    if isinstance(path, int):
        return
    at = _at(path, folder)
    real = at if at.startswith("/dev/") else _realpath(at)
    if not _may_write(real):
        # The interpreter tries to keep compiled code beside every module and lives without.
        _refuse("%s %s" % (verb, real), is_told=os.sep + "__pycache__" + os.sep not in real)


def _check_entry(verb, path, folder=-1, is_new=False):
    """Removing or renaming a link touches the link alone."""
    if isinstance(path, int):
        return
    at = _at(path, folder)
    real = os.path.join(_realpath(os.path.dirname(at)), os.path.basename(at))
    # What is not there can not be lost, and what is there can not be made: the system says so itself.
    if not _may_write(real) and _lexists(real) != is_new:
        _refuse("%s %s" % (verb, real), is_told=os.sep + "__pycache__" + os.sep not in real)


def _open(path, mode, flags):
    if isinstance(path, int) or path is None:
        return
    if isinstance(mode, str):
        writes = any(letter in mode for letter in "wax+")
    else:
        writes = isinstance(flags, int) and flags & _WRITING
    if writes:
        _check_content("write", path)


def _changes(verb):
    def check(path, *more):
        folder = more[-1] if more and isinstance(more[-1], int) else -1
        if isinstance(path, int) or _lexists(_at(path, folder)):
            _check_content(verb, path, folder)

    return check


def _changes_path(verb):
    # Of these only the path is known, whatever numbers follow.
    return lambda path, *_more: _check_content(verb, path)


def _removes(path, folder=-1, *_more):
    _check_entry("remove", path, folder if isinstance(folder, int) else -1)


def _makes_folder(path, _mode=0, folder=-1):
    _check_entry("create", path, folder, is_new=True)


def _renames(source, target, source_folder=-1, target_folder=-1):
    _check_entry("rename", source, source_folder)
    at = _at(target, target_folder)
    if not _may_write(os.path.join(_realpath(os.path.dirname(at)), os.path.basename(at))):
        _refuse("rename to %s" % at)


def _links(_source, target, *folders):
    _check_entry("create", target, folders[-1] if folders else -1, is_new=True)


def _hard_links(source, target, source_folder=-1, target_folder=-1):
    # Through it the original could be changed.
    _check_content("link", source, source_folder)
    _links(source, target, target_folder)


def _database(name, *_more):
    if not isinstance(name, (str, bytes)) and not hasattr(name, "__fspath__"):
        return
    name = _text(name)
    if name.startswith("file:"):
        from urllib.parse import parse_qs, unquote, urlsplit

        parts = urlsplit(name)
        query = parse_qs(parts.query)
        if query.get("mode", [""])[-1] in ("ro", "memory") or "immutable" in query:
            return
        name = unquote(parts.path)
    if name not in ("", ":memory:"):
        _check_content("open database", name)
        _rules.note(_realpath(_at(name)))


# --- network --------------------------------------------------------------------------------------------------------


def _is_loopback(host):
    if _rules.closed:
        return False
    if host is None or host == "" or host == b"":
        return True
    host = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else str(host)
    host = host.split("%")[0].strip("[]").rstrip(".").lower()
    if host in _rules.hosts or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host in (socket.gethostname().lower(), "localhost.localdomain", "ip6-localhost")
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified or str(address) in _allowed_addresses()


def _allowed_addresses():
    """The numbers of the hosts that may be reached, asked once."""
    if _rules.addresses is None:
        _rules.addresses = set()
        for host in _rules.hosts:
            try:
                _rules.addresses.update(found[4][0] for found in socket.getaddrinfo(host, None))
            except OSError:
                pass
    return _rules.addresses


def _is_address(host):
    try:
        ipaddress.ip_address(_text(host).split("%")[0])
    except Exception:
        return False
    return True


def _check_socket_file(path):
    path = path.decode("utf-8", "replace") if isinstance(path, bytes) else path
    real = _realpath(path) if path and path[0] != "\0" else path
    if path in _SYSLOG or _is_inside(real) or any(real == s or real.startswith(s + os.sep) for s in _rules.sockets):
        return
    _refuse("connect %s" % path.replace("\0", "@"))


def _reaches(sock, address=None, *_more):
    if address is None:
        return
    if sock.family == getattr(socket, "AF_UNIX", None):
        _check_socket_file(address)
    elif sock.family in (socket.AF_INET, socket.AF_INET6):
        if not _is_loopback(address[0]) and not _is_served_here(address):
            _refuse("connect %s:%s" % (address[0], address[1]))
    elif sock.family not in (getattr(socket, "AF_NETLINK", -1), getattr(socket, "AF_ALG", -1)):
        _refuse("connect %r" % (address,))


def _binds(sock, _address=None):
    _rules.bound.add(sock)


def _is_served_here(address):
    """A port of this process' own, as a test has that serves its application."""
    try:
        is_loopback = ipaddress.ip_address(_text(address[0])).is_loopback
        return is_loopback and any(s.getsockname()[1] == address[1] for s in list(_rules.bound) if s.fileno() != -1)
    except (OSError, TypeError, ValueError, IndexError):
        return False


def _resolves(host, port=None, *_more):
    # A number needs no one to be asked; connecting to it is another matter.
    if not _is_loopback(host) and not _is_address(host):
        name = _text(host) if isinstance(host, (str, bytes)) else str(host)
        _refuse("look up %s" % (name if port in (None, 0) else "%s:%s" % (name, port)))


def _check_host(host, driver):
    """What a database driver is about to connect to: a host, or the path of a socket or of its folder."""
    if host.startswith(("/", "@")):
        _check_socket_file(host)
    elif not _is_loopback(host.split("\\")[0]):
        _refuse("connect to the database at %s (%s)" % (host, driver))


# --- processes ------------------------------------------------------------------------------------------------------


def _starts(program, arguments=(), *_more):
    if _rules.processes:
        return
    if isinstance(arguments, (list, tuple)) and arguments:
        words = [_text(word) if isinstance(word, (str, bytes)) or hasattr(word, "__fspath__") else str(word)
                 for word in arguments]
    else:
        words = [str(arguments or program)]
    name = os.path.basename(_text(program) if program else words[0])
    if name not in _HARMLESS_PROGRAMS:
        _refuse("start %s" % " ".join(words))


def _spawns(_mode, program, arguments=(), *_more):
    _starts(program, arguments)


def _runs(command, *_more):
    if not _rules.processes:
        _refuse("start %s" % os.fsdecode(command))


def _forks(*_more):
    if not _rules.processes:
        _refuse("start a process (fork)")


def _kills(process, *_more):
    if process not in (os.getpid(), 0) and not _rules.processes:
        _refuse("kill process %s" % process)


def _kills_group(group, *_more):
    if group != os.getpgrp() and not _rules.processes:
        _refuse("kill process group %s" % group)


_CHECKS = {
    "open": _open,
    "os.remove": _removes,
    "os.rmdir": _removes,
    "shutil.rmtree": _removes,
    "os.rename": _renames,
    "shutil.move": lambda source, _target: _check_entry("move", source),
    "os.mkdir": _makes_folder,
    "os.symlink": _links,
    "os.link": _hard_links,
    "os.truncate": _changes_path("truncate"),
    "os.chmod": _changes("chmod"),
    "os.chown": _changes("chown"),
    "os.utime": _changes("change the time of"),
    "os.chflags": _changes_path("chflags"),
    "os.setxattr": _changes_path("setxattr"),
    "os.removexattr": _changes_path("removexattr"),
    "sqlite3.connect": _database,
    "socket.bind": _binds,
    "socket.connect": _reaches,
    "socket.sendto": _reaches,
    "socket.sendmsg": _reaches,
    "socket.getaddrinfo": _resolves,
    "socket.gethostbyname": _resolves,
    "socket.gethostbyaddr": _resolves,
    "socket.sethostname": lambda *_more: _refuse("change the host's name"),
    "subprocess.Popen": _starts,
    "os.exec": _starts,
    "os.posix_spawn": _starts,
    "os.spawn": _spawns,
    "os.system": _runs,
    "os.startfile": _runs,
    "os.fork": _forks,
    "os.forkpty": _forks,
    "pty.spawn": _forks,
    "os.kill": _kills,
    "os.killpg": _kills_group,
}


def _hook(event, arguments):
    check = _CHECKS.get(event)
    if check is None or getattr(_here, "is_busy", False):
        return
    # What a check itself looks at needs no check.
    _here.is_busy = True
    try:
        check(*arguments)
    except Refused:
        raise
    except Exception:
        # An argument of a kind that the call itself will complain about.
        pass
    finally:
        _here.is_busy = False


# --- where the checks are put in --------------------------------------------------------------------------------------


def _watch_fork_exec():
    """How multiprocessing starts its processes; no event tells of it."""
    try:
        import _posixsubprocess
    except ImportError:
        return
    original = _posixsubprocess.fork_exec

    def fork_exec(arguments, *more):
        _starts(None, arguments)
        return original(arguments, *more)

    _posixsubprocess.fork_exec = fork_exec


def is_outside(path):
    """Whether a file may not be written in this run."""
    return not _may_write(_realpath(_at(path)))


def install(rules, tell, note):
    """From here on. ``tell`` is called with the words for what was refused, ``note`` with databases that are opened."""
    _rules.roots = tuple(os.path.normcase(_realpath(root)) for root in rules["roots"])
    allowed = rules["allow_hosts"]
    _rules.hosts = frozenset(host.lower() for host in allowed if not host.startswith("/"))
    _rules.sockets = tuple(_realpath(host) for host in allowed if host.startswith("/"))
    _rules.closed = rules["is_closed"]
    _rules.processes = rules["allow_processes"]
    _rules.tell = tell
    _rules.note = note
    guwu_kernel.limit(rules["memory"], rules["file_size"])
    try:
        guwu_kernel.write_only_below(_rules.roots)
    except Exception:
        pass
    if hasattr(sys, "addaudithook"):
        _watch_fork_exec()
        guwu_drivers.watch(_check_host)
        sys.addaudithook(_hook)
