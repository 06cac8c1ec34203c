"""Runs a program as a systemd unit's MemoryDenyWriteExecute, NoNewPrivileges, SystemCallFilter and RestrictAddressFamilies let it run, without systemd.

Usage: sandbox.py UNIT PROGRAM [ARGUMENT...]
The system call sets are those that systemd-analyze prints; the filter is the kernel's, through libseccomp.
"""
import ctypes
import errno
import os
import socket
import subprocess
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_MDWE = 38, 65
ALLOW, DENY = 0x7FFF0000, 0x00050000 | errno.EPERM
COMPARE_EQUAL = 4


class Argument(ctypes.Structure):
    _fields_ = [("index", ctypes.c_uint), ("operator", ctypes.c_int), ("value", ctypes.c_uint64), ("unused", ctypes.c_uint64)]


def settings(unit, name):
    with open(unit, encoding="utf-8") as lines:
        return [line.strip().split("=", 1)[1].split() for line in lines if line.startswith(name + "=")]


def system_call_sets():
    sets, name = {}, None
    listed = subprocess.run(["systemd-analyze", "syscall-filter"], check=True, capture_output=True, text=True).stdout
    for line in listed.splitlines():
        word = line.strip()
        if line.startswith("@"):
            name = sets.setdefault(word, [])
        elif word == "" or word.startswith("#"):
            name = name if word else None
        elif name is not None:
            name.append(word)
    return sets


def expand(name, sets):
    return set().union(*(expand(each, sets) for each in sets[name])) if name.startswith("@") else {name}


def system_calls(unit):
    sets, allowed = system_call_sets(), set()
    for words in settings(unit, "SystemCallFilter"):
        if words[0].startswith("~"):
            allowed -= set().union(*(expand(word, sets) for word in [words[0][1:], *words[1:]]))
        else:
            allowed |= set().union(*(expand(word, sets) for word in words))
    return allowed | expand("@default", sets) | {"execve"}  # what starts the program


def confine(unit):
    libc, seccomp = ctypes.CDLL(None, use_errno=True), ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(DENY))
    families = [getattr(socket, family) for words in settings(unit, "RestrictAddressFamilies") for family in words]
    for name in system_calls(unit):
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number < 0 or name == "socket":
            continue
        assert seccomp.seccomp_rule_add_array(context, ALLOW, number, 0, None) == 0, name
    for family in families:
        only = (Argument * 1)(Argument(0, COMPARE_EQUAL, family, 0))
        assert seccomp.seccomp_rule_add_array(context, ALLOW, seccomp.seccomp_syscall_resolve_name(b"socket"), 1, only) == 0
    assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    if settings(unit, "MemoryDenyWriteExecute") == [["yes"]] and libc.prctl(PR_SET_MDWE, 1, 0, 0, 0) != 0:
        sys.exit("sandbox: this kernel has no PR_SET_MDWE (Linux 6.3)")
    assert seccomp.seccomp_load(context) == 0


confine(sys.argv[1])
os.execv(sys.argv[2], sys.argv[2:])
