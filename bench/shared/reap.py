"""
Runs a command as the reaper of its orphans: `python3 reap.py COMMAND…` (Linux).

A solver that is killed leaves its own children to process 1, and their CPU time is lost to whoever measures. Here they come to this
process instead, which waits for them: the kernel adds their time to its own record of its children in /proc.
"""
import ctypes
import os
import signal
import sys

PR_SET_CHILD_SUBREAPER = 36

if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
    sys.exit("prctl: " + os.strerror(ctypes.get_errno()))
# Ctrl-C is the command's affair.
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = os.fork()
if child == 0:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvpe(sys.argv[1], sys.argv[1:], {**os.environ, "BENCH_REAPER": str(os.getppid())})
while True:
    pid, status = os.wait()
    if pid == child:
        sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
