"""The receiving side of sd_notify(3): binds a Unix datagram socket and prints each message as a line of JSON.

A busy service manager: it looks at the sender's process only 100 ms after the message came, as systemd does to find the service.
"""
import json
import os
import socket
import struct
import sys
import time

server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
server.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
print(json.dumps("bound"), flush=True)
while True:
    data, ancillary, _, _ = server.recvmsg(65536, socket.CMSG_SPACE(12) + socket.CMSG_SPACE(4))
    received, sender = [], 0
    for level, kind, content in ancillary:
        if kind == socket.SCM_CREDENTIALS:
            sender = struct.unpack("3i", content[:12])[0]
        elif kind == socket.SCM_RIGHTS:
            received = [descriptor for (descriptor,) in struct.iter_unpack("i", content)]
    # Only what the manager has handled is over: it closes the other end of a barrier then.
    time.sleep(0.1)
    isThere = os.path.exists(f"/proc/{sender}")
    for descriptor in received:
        os.close(descriptor)
    fields = data.decode().splitlines()
    if fields != ["BARRIER=1"]:
        print(json.dumps({"fields": fields, "senderIsThere": isThere}), flush=True)
