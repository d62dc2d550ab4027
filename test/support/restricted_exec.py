"""Runs a command under what a unit of systemd restricts by seccomp: restricted_exec.py <unit> <command> …

For machines on which systemd does not run. Read from the unit: SystemCallFilter=, RestrictAddressFamilies=, RestrictNamespaces=,
RestrictRealtime=, RestrictSUIDSGID=, LockPersonality=; the rules follow systemd's own (src/shared/seccomp-util.c).
"""
import errno
import os
import re
import socket
import subprocess
import sys

import seccomp

CLONE_NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00000080)
SET_ID_BITS = (0o4000, 0o2000)
ORDINARY_SCHEDULING = 0  # SCHED_OTHER; batch and idle are ordinary, too, and nothing here asks for them


def members(name):
    """The names of a set of system calls, those of the sets in it included."""
    if not name.startswith("@"):
        return {name}
    listed = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True)
    lines = [line.strip() for line in listed.stdout.splitlines()[1:]]
    return set().union(*(members(line) for line in lines if line and not line.startswith("#")))


settings = re.findall(r"^(\w+)=(.*)$", open(sys.argv[1]).read(), re.MULTILINE)
values = dict(settings)
allowed = set()
for words in (value for name, value in settings if name == "SystemCallFilter"):
    found = set().union(*(members(word) for word in words.lstrip("~").split()))
    allowed = allowed - found if words.startswith("~") else allowed | found
denied = seccomp.ERRNO(errno.EPERM)
rules = seccomp.SyscallFilter(denied)
# With rules on single arguments a call is allowed but for these values.
guarded = {}
if values.get("RestrictNamespaces") == "yes":
    for flag in CLONE_NAMESPACES:
        guarded.setdefault("clone", []).append(seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag))
    allowed -= {"unshare", "setns"}
if values.get("RestrictSUIDSGID") == "yes":
    for name, place in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1), ("mkdirat", 2)):
        for bit in SET_ID_BITS:
            guarded.setdefault(name, []).append(seccomp.Arg(place, seccomp.MASKED_EQ, bit, bit))
if values.get("RestrictRealtime") == "yes":
    guarded["sched_setscheduler"] = [seccomp.Arg(1, seccomp.GT, ORDINARY_SCHEDULING)]
if values.get("LockPersonality") == "yes":
    guarded["personality"] = [seccomp.Arg(0, seccomp.NE, 0)]
families = {getattr(socket, name) for name in values.get("RestrictAddressFamilies", "").split() if hasattr(socket, name)}
if families:
    highest = max(families)
    refused = [family for family in range(highest) if family not in families]
    guarded["socket"] = [seccomp.Arg(0, seccomp.EQ, family) for family in refused]
    guarded["socket"].append(seccomp.Arg(0, seccomp.GT, highest))
rest = seccomp.SyscallFilter(seccomp.ALLOW)
for name, arguments in guarded.items():
    for argument in arguments:
        rest.add_rule(denied, name, argument)
if values.get("RestrictNamespaces") == "yes":
    # Its flags lie in memory, where a filter cannot look: the C library takes clone instead.
    rest.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
for name in sorted(allowed):
    try:
        rules.add_rule(seccomp.ALLOW, name)
    except RuntimeError:
        pass  # not of this architecture
rest.load()
rules.load()
os.execvp(sys.argv[2], sys.argv[2:])
