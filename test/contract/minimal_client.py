"""A client of the control plane in another language, on the standard library alone, written from docs/protocol.md.

Usage: minimal_client.py <host> <port> <number to allow>, with the token on standard input.
Prints one JSON object a line: the status, the QR to scan, the status after linking, the allowlist after the edit.
"""

import base64
import hashlib
import json
import os
import socket
import struct
import sys

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class WebSocket:
    """RFC 6455, as much as a client needs: text frames both ways, pings answered."""

    def __init__(self, host, port, path):
        self.socket = socket.create_connection((host, port), timeout=30)
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (
                f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )
        head = self.read_until(b"\r\n\r\n").decode()
        accept = base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()
        if " 101 " not in head.splitlines()[0] or accept not in head:
            raise RuntimeError("the upgrade was refused: " + head.splitlines()[0])

    def fill(self):
        chunk = self.socket.recv(65536)
        if not chunk:
            raise EOFError("the daemon closed the connection")
        self.buffer += chunk

    def read(self, count):
        while len(self.buffer) < count:
            self.fill()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def read_until(self, end):
        while end not in self.buffer:
            self.fill()
        taken, self.buffer = self.buffer.split(end, 1)
        return taken

    def send(self, opcode, payload):
        length = len(payload)
        if length < 126:
            head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
        else:
            head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self.socket.sendall(head + mask + masked)

    def receive(self):
        text = b""
        while True:
            first, second = self.read(2)
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", self.read(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", self.read(8))
            payload = self.read(length)
            opcode = first & 0x0F
            if opcode == PING:
                self.send(PONG, payload)
            elif opcode == CLOSE:
                raise EOFError("closed: " + payload[2:].decode())
            elif opcode in (0x0, TEXT):
                text += payload
                if first & 0x80:
                    return json.loads(text)


class Client:
    def __init__(self, host, port, token):
        self.socket = WebSocket(host, port, "/v1/ws")
        self.events = []
        self.next_id = 1
        hello = self.socket.receive()
        if hello["method"] != "server.hello" or not (
            hello["params"]["minProtocolVersion"] <= 1 <= hello["params"]["maxProtocolVersion"]
        ):
            raise RuntimeError("this is not a whatsappd that speaks version 1")
        self.call("session.authenticate", {"token": token})
        self.snapshot = self.call("session.subscribe")["snapshot"]

    def call(self, method, params=None):
        request_id, self.next_id = self.next_id, self.next_id + 1
        frame = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params or {}}
        self.socket.send(TEXT, json.dumps(frame).encode())
        while True:
            answer = self.socket.receive()
            if answer.get("id") != request_id:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(answer["error"]["data"]["code"])
            else:
                return answer["result"]

    def wait_for(self, method, fits):
        while True:
            event = self.events.pop(0) if self.events else self.socket.receive()
            if event.get("method") == method and fits(event["params"]):
                return event["params"]


def say(**fields):
    print(json.dumps(fields), flush=True)


def main():
    host, port, number = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    client = Client(host, port, sys.stdin.readline().strip())
    (account,) = client.snapshot["accounts"]
    say(state=account["state"], reason=account["reason"]["code"])
    say(qr=client.call("accounts.link", {"method": "qr"})["qr"])
    status = client.wait_for("account.status", lambda params: params["state"] == "connected")
    say(state=status["state"], phoneNumber=status["phoneNumber"])
    revision = client.call("config.get")["revision"]
    edit = client.call("config.addAllowFrom", {"allowFrom": [number], "revision": revision})
    applied = client.wait_for("config.applied", lambda params: params["revision"] == edit["revision"])
    say(allowFrom=edit["allowFrom"], changed=applied["changed"])
    try:
        client.call("config.addAllowFrom", {"allowFrom": [number], "revision": revision})
    except RuntimeError as refused:
        say(refused=str(refused))


main()
