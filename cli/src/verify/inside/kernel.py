"""What the kernel refuses in a proving run: writing outside the scratch folders, too much of it. Part of Gu Wu."""

import os
import sys


def write_only_below(roots):
    """Asks the kernel to let this process write below the scratch folders and to devices, and nowhere else."""
    if not sys.platform.startswith("linux") or sys.maxsize < 1 << 32:
        return False
    import ctypes

    class Attribute(ctypes.Structure):
        _fields_ = [("handled", ctypes.c_uint64)]

    class Below(ctypes.Structure):
        _pack_ = 1
        _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]

    libc = ctypes.CDLL(None, use_errno=True)
    create, add, restrict, no_new_privileges = 444, 445, 446, 38
    version = libc.syscall(create, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if version < 2:
        # The first version could not move a file from one folder to another.
        return False
    # Write to files; remove, make of every kind; move; from version 3 on truncate. Reading and running stay.
    writing = 0x2 | sum(1 << bit for bit in range(4, 14)) | (1 << 14 if version >= 3 else 0)
    attribute = Attribute(writing)
    rules = libc.syscall(create, ctypes.byref(attribute), ctypes.c_size_t(ctypes.sizeof(attribute)), ctypes.c_uint32(0))
    if rules < 0:
        return False
    try:
        for folder in list(roots) + ["/dev", "/proc/self"]:
            try:
                opened = os.open(folder, getattr(os, "O_PATH", os.O_RDONLY))
            except OSError:
                continue
            below = Below(writing, opened)
            libc.syscall(add, rules, ctypes.c_int(1), ctypes.byref(below), ctypes.c_uint32(0))
            os.close(opened)
        if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
            return False
        return libc.syscall(restrict, rules, ctypes.c_uint32(0)) == 0
    finally:
        os.close(rules)


def limit(memory, file_size):
    """Mebibytes of memory and of one file; 0 for none. The process limit is the guard's: the system counts per user."""
    try:
        import resource
    except ImportError:
        return

    def lower(what, most):
        _soft, hard = resource.getrlimit(what)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            pass

    if memory:
        # On Linux what a process writes to; elsewhere, where that is not counted, its addresses.
        lower(resource.RLIMIT_DATA if sys.platform.startswith("linux") else resource.RLIMIT_AS, memory << 20)
    if file_size:
        lower(resource.RLIMIT_FSIZE, file_size << 20)
    lower(resource.RLIMIT_CORE, 0)
